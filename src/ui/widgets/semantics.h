// What a frame means, beside what it looks like: one node for each thing a person can perceive or
// use. The page mirrors the list into real elements over the canvas (web/semantics.js), which
// screen readers, keyboards, fingers and tests meet.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ui/widgets/geometry.h"

namespace titik::ui {

// Names a node from one frame to the next; 0 is "none". Made from the parent's id and a name.
using NodeId = std::uint32_t;
NodeId node_id(NodeId parent, std::string_view name);
NodeId node_id(NodeId parent, std::string_view name, std::size_t index);

enum class Role {
  kHeading,     // level 1–3
  kText,        // a paragraph
  kButton,
  kLink,        // value: the href ("tel:112")
  kTextField,   // one line; value: its text
  kTextArea,    // many lines
  kDateField,   // value: "2026-11-21"
  kFileInput,   // opens the chooser; kCapture: the camera
  kCheckbox,    // kChecked
  kRadio,       // inside a kRadioGroup; kChecked
  kRadioGroup,  // container
  kList,        // container
  kListItem,    // container inside a list, or a leaf
  kImage,
  kStatus,      // live region, polite
  kAlert,       // live region, assertive
  kNavigation,  // container: the bottom bar
  kScroller,    // container: its children's rects are in content coordinates
  kDialog,      // container: holds focus
  kMap,         // takes arrow keys, + and -; a map, or a photo seen closer
  kSlider,      // value: per cent; hint: the same in words
  kProgress,    // value: per cent
  kCamera,      // the page's own live picture
};
std::string_view role_name(Role role);

enum StateFlag : std::uint32_t {
  kDisabled = 1u << 0,
  kChecked = 1u << 1,
  kCurrent = 1u << 2,    // aria-current=page
  kInvalid = 1u << 3,    // `hint` is the error
  kCapture = 1u << 4,    // file input: use the camera
  kMultiple = 1u << 5,   // file input: several files
  kPhone = 1u << 6,      // text field: inputmode tel, autocomplete tel
  kPersonName = 1u << 7, // text field: autocomplete name
  kHasPopup = 1u << 8,
  kArchive = 1u << 9,    // file input: for carried reports, not photos
};

struct Node {
  NodeId id = 0;
  NodeId parent = 0;  // 0: the root
  Role role = Role::kText;
  std::string label;  // accessible name, or the text itself
  std::string value;
  std::string hint;   // description; the error when kInvalid
  std::uint32_t state = 0;
  Rect rect;          // CSS px; inside a scroller: from the content's top left
  int level = 0;      // of a heading
  std::size_t position = 0;  // of a list's item, from 1, and
  std::size_t set_size = 0;  // how many there are, when the list tells only some; 0: it tells all
  int max_length = 0; // of a text field, in code points; 0: none
  float font_size = 0;    // of a text field's text, CSS px
  float text_top = 0;     // of a text field: distance from rect's top to its text
  float scroll = 0;       // of a scroller: offset
  float content = 0;      // of a scroller: height of its content
  friend bool operator==(const Node&, const Node&) = default;
};

// One JSON text for the page: a list in reading order; short member names, defaults left out. A node that
// is as it was in `before` is its bare id: while a list scrolls, almost all are.
std::string write_nodes(const std::vector<Node>& nodes, const std::vector<Node>& before = {});

}  // namespace titik::ui
