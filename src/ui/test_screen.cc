#include "ui/test_screen.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

namespace titik::ui {
namespace {

const Node* by_id(const TestPhone& phone, NodeId id) {
  for (const Node& node : phone.nodes()) {
    if (node.id == id) return &node;
  }
  return nullptr;
}

bool is_container(Role role) {
  switch (role) {
    case Role::kRadioGroup:
    case Role::kList:
    case Role::kListItem:
    case Role::kNavigation:
    case Role::kScroller:
    case Role::kDialog: return true;
    default: return false;
  }
}

// The scroller that a node moves with; 0: it stands still.
NodeId scroller_of(const TestPhone& phone, const Node& node) {
  for (const Node* parent = by_id(phone, node.parent); parent; parent = by_id(phone, parent->parent)) {
    if (parent->role == Role::kScroller) return parent->id;
  }
  return 0;
}

// The dialog that a node is, or is in; 0: none.
NodeId dialog_of(const TestPhone& phone, const Node& node) {
  for (const Node* one = &node; one; one = by_id(phone, one->parent)) {
    if (one->role == Role::kDialog) return one->id;
  }
  return 0;
}

// What of a node is in sight: not scrolled away, not beyond the screen.
Rect visible_part(const TestPhone& phone, const Node& node) {
  const Rect rect = phone.on_screen(node);
  Rect view = {0, 0, phone.input.size.width, phone.input.size.height};
  if (const Node* scroller = by_id(phone, scroller_of(phone, node))) view = phone.on_screen(*scroller);
  const float left = std::max(rect.x, view.x), top = std::max(rect.y, view.y);
  return {left, top, std::max(0.0f, std::min(rect.right(), view.right()) - left), std::max(0.0f, std::min(rect.bottom(), view.bottom()) - top)};
}

bool is_inside(const TestPhone& phone, const Node& node, const Node& container) {
  for (const Node* parent = by_id(phone, node.parent); parent; parent = by_id(phone, parent->parent)) {
    if (parent->id == container.id) return true;
  }
  return false;
}

bool overlap(const Rect& a, const Rect& b) {
  constexpr float kMost = 1;
  return std::min(a.right(), b.right()) - std::max(a.x, b.x) > kMost &&
         std::min(a.bottom(), b.bottom()) - std::max(a.y, b.y) > kMost;
}

// Overlays that are meant: buttons on the map, the cross on the photo, the arrow over the detail's page.
bool is_meant(const TestPhone& phone, const Node& a, const Node& b) {
  const auto is_pair = [&](Role over, Role under) {
    return (a.role == over && b.role == under) || (b.role == over && a.role == under);
  };
  if (is_pair(Role::kButton, Role::kMap)) return true;
  if (is_pair(Role::kButton, Role::kSlider)) return true;  // the two photos beneath the handle between them
  if (is_pair(Role::kButton, Role::kImage)) {
    const std::string& button = a.role == Role::kButton ? a.label : b.label;
    return button.starts_with(tr(Text::kRemovePhoto, {""})) || button == tr(Text::kClose);
  }
  const bool floats = scroller_of(phone, a) != scroller_of(phone, b);
  return floats && phone.app.current().screen == Screen::kDetail && (a.label == tr(Text::kBack) || b.label == tr(Text::kBack));
}

}  // namespace

std::string describe(const TestPhone& phone, const Node& node) {
  const Rect rect = phone.on_screen(node);
  char place[80];
  std::snprintf(place, sizeof place, " at %.1f, %.1f, %.1f × %.1f", static_cast<double>(rect.x), static_cast<double>(rect.y),
                static_cast<double>(rect.width), static_cast<double>(rect.height));
  return std::string(role_name(node.role)) + " \"" + node.label.substr(0, 60) + "\"" + place;
}

std::vector<std::string> check_ids(const TestPhone& phone) {
  std::vector<std::string> problems;
  std::set<NodeId> seen;
  for (const Node& node : phone.nodes()) {
    if (node.id == 0) problems.push_back("no id: " + describe(phone, node));
    // Parents come first: the mirror makes elements in this order.
    if (node.parent != 0 && !seen.contains(node.parent)) problems.push_back("parent unknown: " + describe(phone, node));
    const Node* parent = by_id(phone, node.parent);
    if (parent && !is_container(parent->role) && parent->role != Role::kStatus) problems.push_back("inside no container: " + describe(phone, node));
    if (!seen.insert(node.id).second) {
      problems.push_back("same id: " + describe(phone, node) + " and " + describe(phone, *by_id(phone, node.id)));
    }
  }
  return problems;
}

std::vector<std::string> check_names(const TestPhone& phone) {
  std::vector<std::string> problems;
  for (const Node& node : phone.nodes()) {
    // A live region waits empty, and a list's item is said by what is in it.
    if (node.role == Role::kStatus || node.role == Role::kListItem) continue;
    if (node.label.find_first_not_of(" \n") == std::string::npos) problems.push_back("no name: " + describe(phone, node));
  }
  return problems;
}

std::vector<std::string> check_targets(const TestPhone& phone) {
  constexpr float kRounding = 0.05f;
  std::vector<std::string> problems;
  for (const Node& node : phone.nodes()) {
    if (!is_interactive(node.role)) continue;
    if (node.rect.width < kLeastTarget - kRounding || node.rect.height < kLeastTarget - kRounding) {
      problems.push_back("too small to touch: " + describe(phone, node));
    }
  }
  return problems;
}

std::vector<std::string> check_inside_screen(const TestPhone& phone) {
  constexpr float kRounding = 0.5f;
  std::vector<std::string> problems;
  for (const Node& node : phone.nodes()) {
    const Rect rect = phone.on_screen(node);
    const bool beside = rect.x < -kRounding || rect.right() > phone.input.size.width + kRounding;
    const bool fixed = scroller_of(phone, node) == 0;
    const bool beyond = fixed && (rect.y < phone.input.inset_top - kRounding || rect.bottom() > phone.input.size.height + kRounding);
    if (beside || beyond) problems.push_back("outside of the screen: " + describe(phone, node));
    if (node.role == Role::kScroller && rect.height < 100) problems.push_back("too low to read in: " + describe(phone, node));
    if (!fixed) {
      const Node* scroller = by_id(phone, scroller_of(phone, node));
      const float bottom = rect.bottom() - phone.on_screen(*scroller).y + scroller->scroll;
      if (bottom > scroller->content + kRounding) problems.push_back("beyond the scroller's end: " + describe(phone, node));
    }
  }
  return problems;
}

std::vector<std::string> check_overlaps(const TestPhone& phone) {
  std::vector<std::string> problems;
  const std::vector<Node>& nodes = phone.nodes();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (std::size_t j = i + 1; j < nodes.size(); ++j) {
      const Node& a = nodes[i];
      const Node& b = nodes[j];
      const NodeId scroller_a = scroller_of(phone, a);
      const NodeId scroller_b = scroller_of(phone, b);
      // What scrolls may pass beneath what does not; but the scroller itself keeps clear of it.
      if (scroller_a != scroller_b) continue;
      if (dialog_of(phone, a) != dialog_of(phone, b)) continue;  // a dialog covers what is beneath it
      const bool scroller = a.role == Role::kScroller || b.role == Role::kScroller;
      if (!scroller && (is_container(a.role) || is_container(b.role))) continue;
      if (is_inside(phone, b, a) || is_inside(phone, a, b)) continue;
      if (!overlap(phone.on_screen(a), phone.on_screen(b))) continue;
      if (is_meant(phone, a, b)) continue;
      if (scroller && phone.app.current().screen == Screen::kDetail) continue;
      problems.push_back("overlap: " + describe(phone, a) + " and " + describe(phone, b));
    }
  }
  return problems;
}

std::vector<std::string> check_is_english(const TestPhone& phone) {
  struct Words { std::string_view indonesian, english; };
  static const std::vector<Words> kWords = [] {
    std::vector<Words> words;
    for (int i = 0; i < static_cast<int>(Text::kEndOfTexts); ++i) {
      const auto text = static_cast<Text>(i);
      speak_indonesian();
      const std::string_view indonesian = tr(text);
      (void)speak_english(english_table());
      if (tr(text) != indonesian) words.push_back({indonesian, tr(text)});
    }
    return words;
  }();
  std::vector<std::string> problems;
  for (const Node& node : phone.nodes()) {
    for (const auto& [indonesian, english] : kWords) {
      if (node.label == indonesian || node.hint == indonesian) problems.push_back("still Indonesian: " + describe(phone, node));
    }
  }
  return problems;
}

std::vector<std::string> check_cut_lines(const TestPhone& phone) {
  std::vector<std::string> problems;
  for (const Point at : TestContext::ellipses()) {
    const Point inside = {at.x + 1, at.y - 2};
    const Node* around = nullptr;
    for (const Node& node : phone.nodes()) {
      if (!is_container(node.role) && phone.on_screen(node).inset(-2).contains(inside)) around = &node;
    }
    if (around && (around->label.find("…") != std::string::npos || around->hint.find("…") != std::string::npos)) continue;
    // A row of "Laporan saya" cuts a long title; its name says all of it.
    if (around && around->role == Role::kButton && around->label.size() > 60) continue;
    // A field's one line can be scrolled in, and its hint is read out whole.
    if (around && around->role == Role::kTextField) continue;
    if (!around && at.y < 100) continue;  // the bar's title: the heading beneath says what this is
    char words[64];
    std::snprintf(words, sizeof words, "line cut at %.0f, %.0f", static_cast<double>(at.x), static_cast<double>(at.y));
    problems.push_back(words + (around ? " in " + describe(phone, *around) : std::string()));
  }
  return problems;
}

std::vector<std::string> check_items(const TestPhone& phone) {
  std::vector<std::string> problems;
  const std::vector<TestContext::Item> items = TestContext::items();
  const auto differs = [](float a, float b) { return std::abs(a - b) > 0.05f; };
  std::set<NodeId> matched;
  for (const TestContext::Item& item : items) {
    const Node* node = by_id(phone, item.id);
    if (!node) {
      char words[80];
      std::snprintf(words, sizeof words, "no node for the item at %.0f, %.0f", static_cast<double>(item.rect.x), static_cast<double>(item.rect.y));
      problems.push_back(words);
      continue;
    }
    matched.insert(item.id);
    if (!is_interactive(node->role)) problems.push_back("an item, but nothing to press: " + describe(phone, *node));
    if (node->label.empty()) problems.push_back("no name: " + describe(phone, *node));
    const Rect seen = visible_part(phone, *node);
    if (differs(seen.x, item.rect.x) || differs(seen.y, item.rect.y) || differs(seen.right(), item.rect.right()) ||
        differs(seen.bottom(), item.rect.bottom())) {
      problems.push_back("the node is elsewhere than its item: " + describe(phone, *node));
    }
  }
  for (const Node& node : phone.nodes()) {
    if (!is_interactive(node.role) || matched.contains(node.id)) continue;
    const Rect seen = visible_part(phone, node);
    if (seen.width > 0 && seen.height > 0) problems.push_back("no item for the node: " + describe(phone, node));
  }
  return problems;
}

}  // namespace titik::ui
