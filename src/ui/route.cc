#include "ui/route.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/id.h"
#include "report/report.h"

namespace titik::ui {
namespace {

struct Name {
  Screen screen;
  std::string_view name;
};
constexpr std::array<Name, 4> kRoots = {{
    {Screen::kHome, ""}, {Screen::kReports, "laporan"}, {Screen::kNearby, "sekitar"}, {Screen::kMore, "lainnya"}}};
constexpr std::array<Name, 4> kSteps = {{
    {Screen::kPhoto, "foto"}, {Screen::kPlace, "lokasi"}, {Screen::kStory, "cerita"}, {Screen::kCheck, "periksa"}}};
constexpr std::string_view kCamera = "kamera";
constexpr std::string_view kCover = "tutupi";
constexpr std::string_view kHash = "#/";
constexpr std::string_view kReceipt = "tanda-terima";
constexpr std::string_view kNewReport = "baru";
constexpr std::string_view kStorage = "penyimpanan";
constexpr std::string_view kCategory = "?kategori=";

const Name* find(std::span<const Name> names, Screen screen) {
  const auto found = std::find_if(names.begin(), names.end(), [&](const Name& one) { return one.screen == screen; });
  return found == names.end() ? nullptr : &*found;
}
const Name* find(std::span<const Name> names, std::string_view name) {
  const auto found = std::find_if(names.begin(), names.end(), [&](const Name& one) { return one.name == name; });
  return found == names.end() ? nullptr : &*found;
}

// Takes what stands before the next '/' off the front.
std::string_view take_part(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('/'), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

bool is_photo_tool(Screen screen) { return screen == Screen::kCamera || screen == Screen::kCover; }

bool is_category_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

std::optional<Entry> read_new_report(std::string_view query) {
  Entry entry = {.screen = Screen::kPhoto};
  if (query.starts_with(kCategory)) {
    query.remove_prefix(kCategory.size());
    if (is_category_id(query)) entry.category_id = query;
  }
  return entry;
}

// A step stands on the steps before it, so that "back" and "correct this" lead there; what was edited
// before is not edited any more.
void push_steps(std::vector<Entry>& stack, const Entry& last) {
  std::erase_if(stack, [](const Entry& one) { return is_editing(one.screen); });
  for (const Name& step : kSteps) {
    Entry entry = last;
    entry.screen = step.screen;
    entry.index = 0;
    stack.push_back(std::move(entry));
    if (step.screen == last.screen) return;
    if (step.screen == Screen::kPhoto && is_photo_tool(last.screen)) break;
  }
  stack.push_back(last);
}

// "1" to "5": a photo's number, as an index.
std::optional<std::size_t> read_index(std::string_view number) {
  if (number.size() != 1 || number[0] < '1' || number[0] >= '1' + static_cast<int>(report::kMaxPhotos)) return std::nullopt;
  return static_cast<std::size_t>(number[0] - '1');
}

}  // namespace

bool is_root(Screen screen) { return find(kRoots, screen) != nullptr; }
bool is_editing(Screen screen) { return find(kSteps, screen) != nullptr || is_photo_tool(screen); }

std::string write_route(const Entry& entry) {
  std::string route(kHash);
  if (const Name* root = find(kRoots, entry.screen)) return route.append(root->name);
  if (const Name* step = find(kSteps, entry.screen)) return route.append("draf/" + entry.report_id + "/").append(step->name);
  if (entry.screen == Screen::kStorage) return route.append(kStorage);
  if (entry.screen == Screen::kCamera) return route.append("draf/" + entry.report_id + "/").append(kCamera);
  if (entry.screen == Screen::kCover) return route.append("draf/" + entry.report_id + "/").append(kCover).append("/" + std::to_string(entry.index + 1));
  if (entry.screen == Screen::kSent) return route + "terkirim/" + entry.report_id;
  route += "laporan/" + entry.report_id;
  if (entry.screen == Screen::kReceipt) route.append("/").append(kReceipt);
  if (entry.screen == Screen::kViewer) route += "/foto/" + std::to_string(entry.index + 1);
  return route;
}

std::optional<Entry> read_route(std::string_view route) {
  if (!route.starts_with(kHash)) return std::nullopt;
  route.remove_prefix(kHash.size());
  if (const Name* root = find(kRoots, route)) return Entry{.screen = root->screen};
  if (route == kStorage) return Entry{.screen = Screen::kStorage};
  if (route == kNewReport || route.starts_with("baru?")) return read_new_report(route.substr(kNewReport.size()));

  const std::string_view kind = take_part(route);
  const std::string_view id = take_part(route);
  if (!is_uuid(id)) return std::nullopt;
  Entry entry = {.report_id = std::string(id)};
  if (kind == "draf") {
    const std::string_view name = take_part(route);
    const Name* step = find(kSteps, name);
    const std::optional<std::size_t> index = read_index(route);
    if (step && route.empty()) {
      entry.screen = step->screen;
    } else if (name == kCamera && route.empty()) {
      entry.screen = Screen::kCamera;
    } else if (name == kCover && index) {
      entry.screen = Screen::kCover;
      entry.index = *index;
    } else {
      return std::nullopt;
    }
  } else if (kind == "terkirim" && route.empty()) {
    entry.screen = Screen::kSent;
  } else if (kind == "laporan" && route.empty()) {
    entry.screen = Screen::kDetail;
  } else if (kind == "laporan" && route == kReceipt) {
    entry.screen = Screen::kReceipt;
  } else if (kind == "laporan" && take_part(route) == "foto" && read_index(route)) {
    entry.screen = Screen::kViewer;
    entry.index = *read_index(route);
  } else {
    return std::nullopt;
  }
  return entry;
}

std::string write_stack(const std::vector<Entry>& stack) {
  std::string routes;
  for (const Entry& entry : stack) {
    if (!routes.empty()) routes += '\n';
    routes += write_route(entry);
  }
  return routes;
}

std::vector<Entry> read_stack(std::string_view routes) {
  std::vector<Entry> stack = {{}};
  while (!routes.empty()) {
    const std::size_t end = std::min(routes.find('\n'), routes.size());
    std::optional<Entry> entry = read_route(routes.substr(0, end));
    routes.remove_prefix(std::min(end + 1, routes.size()));
    if (!entry) continue;
    if (is_root(entry->screen)) {
      stack = {std::move(*entry)};  // an address typed by hand: another tab
      continue;
    }
    if (is_editing(entry->screen)) push_steps(stack, *entry);
    else stack.push_back(std::move(*entry));
  }
  return stack;
}

}  // namespace titik::ui
