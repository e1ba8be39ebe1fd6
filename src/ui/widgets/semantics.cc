#include "ui/widgets/semantics.h"

#include <algorithm>
#include <cmath>

#include "base/json.h"

namespace titik::ui {
namespace {

// FNV-1a, 32 bits.
std::uint32_t hash(std::uint32_t seed, std::string_view bytes) {
  for (const char byte : bytes) seed = (seed ^ static_cast<std::uint8_t>(byte)) * 16777619u;
  return seed;
}

// A tenth of a pixel is enough, and keeps the text short and steady.
double tenth(float value) { return std::round(static_cast<double>(value) * 10) / 10; }

}  // namespace

NodeId node_id(NodeId parent, std::string_view name) {
  const NodeId id = hash(parent == 0 ? 2166136261u : parent * 31u + 7u, name);
  return id == 0 ? 1 : id;
}

NodeId node_id(NodeId parent, std::string_view name, std::size_t index) {
  return node_id(node_id(parent, name), std::to_string(index));
}

std::string_view role_name(Role role) {
  switch (role) {
    case Role::kHeading: return "heading";
    case Role::kText: return "text";
    case Role::kButton: return "button";
    case Role::kLink: return "link";
    case Role::kTextField: return "textfield";
    case Role::kTextArea: return "textarea";
    case Role::kDateField: return "date";
    case Role::kFileInput: return "file";
    case Role::kCheckbox: return "checkbox";
    case Role::kRadio: return "radio";
    case Role::kRadioGroup: return "radiogroup";
    case Role::kList: return "list";
    case Role::kListItem: return "listitem";
    case Role::kImage: return "image";
    case Role::kStatus: return "status";
    case Role::kAlert: return "alert";
    case Role::kNavigation: return "navigation";
    case Role::kScroller: return "scroller";
    case Role::kDialog: return "dialog";
    case Role::kMap: return "map";
    case Role::kSlider: return "slider";
    case Role::kProgress: return "progress";
    case Role::kCamera: return "camera";
  }
  return "text";
}

std::string write_nodes(const std::vector<Node>& nodes, const std::vector<Node>& before) {
  Json list = Json::array();
  auto expected = before.begin();  // the order rarely changes: the next is looked for where it was
  for (const Node& node : nodes) {
    const auto has_id = [&](const Node& other) { return other.id == node.id; };
    auto old = std::find_if(expected, before.end(), has_id);
    if (old == before.end()) old = std::find_if(before.begin(), expected, has_id);
    if (old != before.end() && has_id(*old)) {
      expected = old + 1;
      if (*old == node) {
        list.push_back(node.id);
        continue;
      }
    }
    Json entry = {{"id", node.id}, {"role", role_name(node.role)}, {"label", node.label}};
    entry["rect"] = {tenth(node.rect.x), tenth(node.rect.y), tenth(node.rect.width), tenth(node.rect.height)};
    if (node.parent != 0) entry["parent"] = node.parent;
    if (!node.value.empty()) entry["value"] = node.value;
    if (!node.hint.empty()) entry["hint"] = node.hint;
    if (node.state != 0) entry["state"] = node.state;
    if (node.level != 0) entry["level"] = node.level;
    if (node.set_size != 0) {
      entry["position"] = node.position;
      entry["size"] = node.set_size;
    }
    if (node.max_length != 0) entry["max"] = node.max_length;
    if (node.font_size > 0) entry["font"] = tenth(node.font_size);
    if (node.text_top > 0) entry["top"] = tenth(node.text_top);
    if (node.role == Role::kScroller) {
      entry["scroll"] = tenth(node.scroll);
      entry["content"] = tenth(node.content);
    }
    list.push_back(std::move(entry));
  }
  return to_text(list);
}

}  // namespace titik::ui
