#include "ui/test_host.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <type_traits>

#include "base/id.h"

namespace titik::ui {

using engine::Event;
using report::PhoneState;

// --- Host -----------------------------------------------------------------------------------------

std::string TestHost::new_report_id() {
  return make_uuid_v7(clock, {static_cast<std::uint8_t>(next_id_ >> 8), static_cast<std::uint8_t>(next_id_++)});
}

void TestHost::send(const engine::Command& command, int photo_job) {
  commands.push_back(command);
  photo_jobs.push_back(photo_job);
}

void TestHost::show_history(const std::string& routes) {
  history.clear();
  std::istringstream lines(routes);
  for (std::string route; std::getline(lines, route);) history.push_back(route);
}

Texture TestHost::find(const std::string& sha256, int long_edge) {
  if (!has_pictures || sha256.empty()) return {};
  return {.id = 7, .width = long_edge, .height = long_edge * 3 / 4};
}

// --- Engine ---------------------------------------------------------------------------------------

engine::ReportsChanged TestEngine::list() const {
  engine::ReportsChanged event;
  for (const auto& [id, report] : reports) {
    event.reports.push_back({.id = id, .state = report.state, .title = report.draft.title,
                             .category_id = report.draft.category_id,
                             .thumbnail_sha256 = report.draft.photos.empty() ? "" : report.draft.photos.front().thumbnail_sha256,
                             .updated_at = report.draft.updated_at});
  }
  return event;
}

engine::ReportChanged TestEngine::detail(const std::string& id) const {
  const Report& report = reports.at(id);
  return {{.draft = report.draft, .state = report.state}};
}

std::vector<Event> TestEngine::answer(const engine::Command& command) {
  engine::Reply reply{.id = command.id, .error = {}, .problems = {}};
  std::vector<Event> events;
  const auto refuse = [&](ErrorCode code) { reply.error = Error{code, "", "refused by the test"}; };
  const auto known = [&](const std::string& id) {
    if (!reports.contains(id)) refuse(ErrorCode::kNotFound);
    return reports.contains(id);
  };
  const auto changed = [&](const std::string& id) {
    events.push_back(engine::SaveStateChanged{.unsaved = true});
    if (reports.contains(id)) events.push_back(detail(id));
    events.push_back(list());
    events.push_back(engine::SaveStateChanged{.unsaved = false});
  };
  if (next_error) {
    reply.error = std::exchange(next_error, std::nullopt);
    return {reply};
  }
  std::visit(
      [&](const auto& body) {
        using Body = std::decay_t<decltype(body)>;
        if constexpr (std::is_same_v<Body, engine::Start>) {
          events.push_back(engine::ProfileChanged{profile});
          events.push_back(engine::SettingsChanged{});
          events.push_back(engine::SaveStateChanged{});
          events.push_back(list());
        } else if constexpr (std::is_same_v<Body, engine::SaveDraft>) {
          Report& report = reports[body.draft.id];
          if (report.state != PhoneState::kDraft && report.state != PhoneState::kNeedsAttention) return refuse(ErrorCode::kConflict);
          const std::vector<report::Photo> photos = report.draft.photos;
          report.draft = body.draft;
          report.draft.photos = photos;
          changed(body.draft.id);
        } else if constexpr (std::is_same_v<Body, engine::AddPhoto>) {
          if (!known(body.report_id)) return;
          Report& report = reports[body.report_id];
          if (report.draft.photos.size() >= report::kMaxPhotos) {
            reply.error = Error{ErrorCode::kTooLarge, "photos", "there are five"};
            return;
          }
          report.draft.photos.push_back(body.photo);
          changed(body.report_id);
        } else if constexpr (std::is_same_v<Body, engine::ReplacePhoto>) {
          if (!known(body.report_id)) return;
          for (report::Photo& photo : reports[body.report_id].draft.photos) {
            if (photo.sha256 == body.old_sha256) photo = body.photo;
          }
          changed(body.report_id);
        } else if constexpr (std::is_same_v<Body, engine::RemovePhoto>) {
          if (!known(body.report_id)) return;
          std::erase_if(reports[body.report_id].draft.photos, [&](const report::Photo& photo) { return photo.sha256 == body.sha256; });
          changed(body.report_id);
        } else if constexpr (std::is_same_v<Body, engine::DeleteDraft>) {
          if (!known(body.report_id)) return;
          reports.erase(body.report_id);
          events.push_back(engine::ReportRemoved{body.report_id});
          changed(body.report_id);
        } else if constexpr (std::is_same_v<Body, engine::Submit>) {
          if (!known(body.report_id)) return;
          reports[body.report_id].state = PhoneState::kQueued;
          changed(body.report_id);
        } else if constexpr (std::is_same_v<Body, engine::OpenReport>) {
          if (known(body.report_id)) events.push_back(detail(body.report_id));
        } else if constexpr (std::is_same_v<Body, engine::SaveSettings>) {
          events.push_back(engine::SettingsChanged{body.settings});
        }
      },
      command.body);
  events.push_back(reply);
  return events;
}

// --- Phone ----------------------------------------------------------------------------------------

TestPhone::TestPhone() {
  ui.load_fonts(TestContext::fonts());
  host.clock = kTestNow;
  engine.profile = read_profile();
}

void TestPhone::start() {
  app.place_permission(true);
  app.start();
  settle();
}

void TestPhone::frame() {
  context.make_current();
  input.now = static_cast<double>(host.clock - kTestNow) / 1000;
  app.frame(input);
  TestContext::take_textures();
}

void TestPhone::answer() {
  // Commands sent while an answer is handled are answered too.
  while (answered_ < host.commands.size()) {
    const engine::Command command = host.commands[answered_++];
    for (const Event& event : engine.answer(command)) app.event(event);
  }
}

void TestPhone::go_back(std::size_t screens) {
  host.history.resize(host.history.size() - std::min(screens, host.depth()));
  std::string routes;
  for (const std::string& route : host.history) routes += route + '\n';
  app.navigate(routes);
  settle();
}

void TestPhone::settle() {
  for (int i = 0; i < 3; ++i) {
    frame();
    if (!engine_is_slow) answer();
  }
  frame();
}

void TestPhone::wait(UnixMillis length) {
  const UnixMillis end = host.clock + length;
  frame();
  while (host.clock < end) {
    // As main.js: the next frame comes when the interface asked for it.
    const std::int64_t wake = app.milliseconds_to_wake();
    const UnixMillis next = wake < 0 ? end : std::min(end, host.clock + std::max<std::int64_t>(wake, 1));
    host.clock = next;
    frame();
    if (!engine_is_slow) answer();
  }
  frame();
}

void TestPhone::send_event(const Event& event) {
  app.event(event);
  frame();
}

const Node* TestPhone::find(std::string_view name) const {
  const Node* found = nullptr;
  for (const Node& node : nodes()) {
    if (node.label == name && (!found || (is_interactive(node.role) && !is_interactive(found->role)))) found = &node;
  }
  return found;
}

const Node* TestPhone::find(Role role, std::string_view name) const {
  for (const Node& node : nodes()) {
    if (node.role == role && node.label == name) return &node;
  }
  return nullptr;
}

const Node* TestPhone::role(Role role) const {
  for (const Node& node : nodes()) {
    if (node.role == role) return &node;
  }
  return nullptr;
}

bool TestPhone::shows(std::string_view words) const {
  return std::any_of(nodes().begin(), nodes().end(), [&](const Node& node) {
    return node.label.find(words) != std::string::npos || node.hint.find(words) != std::string::npos;
  });
}

std::string TestPhone::status() const {
  const Node* node = role(Role::kStatus);
  return node ? node->label : "(no status)";
}

void TestPhone::tap(std::string_view name) {
  const Node* node = find(name);
  ASSERT_NE(node, nullptr) << "nothing is called " << name;
  ASSERT_TRUE(is_interactive(node->role)) << name << " is no control";
  ui.activate(node->id);
  settle();
}

void TestPhone::type(std::string_view name, std::string value) {
  const Node* node = find(name);
  ASSERT_NE(node, nullptr) << "nothing is called " << name;
  ASSERT_TRUE(node->role == Role::kTextField || node->role == Role::kTextArea || node->role == Role::kDateField) << name;
  ui.text_changed(node->id, std::move(value));
  // As the page: one frame that acts on it, one that shows what it changed.
  frame();
  frame();
}

int TestPhone::add_photo(char digit, bool from_camera, std::optional<report::Place> place) {
  const int job = app.photo_chosen(3'400'000, from_camera);
  if (job == 0) return 0;
  app.photo_stage(job, PhotoJob::Stage::kShrinking);
  report::Photo photo = test_photo(digit);
  photo.place = place;
  app.photo_ready(job, photo);
  settle();
  return job;
}

Rect TestPhone::on_screen(const Node& node) const {
  Rect rect = node.rect;
  for (NodeId parent = node.parent; parent != 0;) {
    const auto found = std::find_if(nodes().begin(), nodes().end(), [&](const Node& one) { return one.id == parent; });
    if (found == nodes().end()) break;
    rect.x += found->rect.x;
    rect.y += found->rect.y - found->scroll;
    parent = found->parent;
  }
  return rect;
}

// --- Samples --------------------------------------------------------------------------------------

std::string test_hash(char digit) { return std::string(64, digit); }

std::string english_table() {
  std::ifstream file(TITIK_TEST_ENGLISH, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string read_profile(std::string_view city) {
  std::ifstream file("assets/cities/" + std::string(city) + ".json");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

report::Photo test_photo(char digit) {
  return {.sha256 = test_hash(digit), .bytes = 206'000, .width = 1200, .height = 1600,
          .thumbnail_sha256 = std::string(63, digit) + "0", .thumbnail_bytes = 9'000};
}

report::Draft whole_draft(std::string id) {
  return {.id = std::move(id), .category_id = "jalan", .title = "Lubang besar di jalan",
          .content = "Sudah tiga bulan berlubang, kemarin ada motor jatuh.", .incident_date = "2026-11-20",
          .place = report::Place{.point = {-1.61, 103.61}, .accuracy_m = 12, .source = report::PlaceSource::kGps, .at = kTestNow},
          .landmark = "Depan warung Bu Siti, RT 03", .created_at = kTestNow - kHour, .updated_at = kTestNow - kHour};
}

bool is_interactive(Role role) {
  switch (role) {
    case Role::kButton:
    case Role::kLink:
    case Role::kTextField:
    case Role::kTextArea:
    case Role::kDateField:
    case Role::kFileInput:
    case Role::kCheckbox:
    case Role::kRadio:
    case Role::kSlider:
    case Role::kMap: return true;
    default: return false;
  }
}

}  // namespace titik::ui
