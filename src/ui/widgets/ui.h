// The widget kit. Screens speak only to this class: each call draws one widget at the next place in
// the current column, adds its semantic node, and answers what the person did with it.
//
//   ui.heading("Foto", 1);
//   if (ui.button("Lanjut", {.kind = ButtonKind::kPrimary})) app.next();
//
// Immediate mode: nothing is kept for a widget between frames but scroll offsets and the gesture
// under way. Description structs: zero value = the usual widget.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/function_ref.h"
#include "geo/map_view.h"
#include "report/place.h"
#include "ui/widgets/canvas.h"
#include "ui/widgets/geometry.h"
#include "ui/widgets/gestures.h"
#include "ui/widgets/row_heights.h"
#include "ui/widgets/semantics.h"
#include "ui/widgets/theme.h"

namespace titik::ui {

// Pictures come from the host: it decodes them off the page and keeps the textures.
class ImageSource {
 public:
  virtual ~ImageSource() = default;
  // The picture with this SHA-256 at about `long_edge` device pixels; id 0 while it is on its way
  // (a frame is asked for when it is there).
  virtual Texture find(const std::string& sha256, int long_edge) = 0;
};

struct FrameInput {
  Size size;                  // of the canvas, CSS px
  float pixel_ratio = 1;      // device pixels per CSS px
  bool dark = false;
  bool more_contrast = false;
  bool less_motion = false;   // nothing turns or slides by itself; what follows a finger still does
  float text_scale = 1;       // 1 to 2
  float inset_top = 0;        // safe areas, CSS px
  float inset_bottom = 0;
  double now = 0;             // seconds, any origin
};

enum class ButtonKind { kPrimary, kSecondary, kOutline, kText, kDanger, kOnAccent };
struct ButtonDesc {
  ButtonKind kind = ButtonKind::kPrimary;
  std::string_view icon;       // Lucide name
  bool disabled = false;
  std::string_view label;      // accessible name when it differs from the text
  float height = 0;            // 0: 56 for primary, 48 for others
};

struct TextDesc {
  TextStyle style;
  bool secondary = false;      // text-2
  Align align = Align::kStart;
  std::optional<Tone> tone;    // colours the text
  bool silent = false;         // drawn only; said by another node
};

struct FieldDesc {
  std::string_view hint;       // shown while empty
  std::string_view error;      // shown beneath; marks the field invalid
  int max_length = 0;          // code points; > 0 shows a counter near the limit
  std::uint32_t flags = 0;     // kPhone, kPersonName
  bool always_count = false;
};

struct ChipDesc {
  Tone tone = Tone::kNeutral;
  std::string_view icon;
  float share = -1;            // of a clock's time that is left, 0 to 1: drawn instead of the icon
};

struct PhotoTile {
  std::string sha256;
  std::string_view label;      // accessible name of the picture
  std::string_view caption;    // drawn over its foot
  float radius = kCardRadius;
};

struct ListRow {
  std::string_view icon;
  std::string_view title;
  std::string_view detail;     // second line
  std::string_view value;      // at the right
  bool chevron = true;
  Tone tone = Tone::kAccent;   // of the icon; kDanger colours the title too
};

struct Tab {
  std::string_view icon;
  std::string_view name;
};

// Where a photo is looked at: kept by the screen, as long as it shows the same photo.
struct PhotoView {
  float zoom = 1;              // 1: all of it
  Point at;                    // of its middle from the middle of the view, CSS px
  double tapped_at = 0;        // the first of two taps
};

// What of a photo is covered: cells of a grid, row by row. A cell is the number of the stroke that covered
// it, from 1; 0: it is not covered.
struct Cover {
  std::size_t columns = 0, rows = 0;
  std::string cells;
  char strokes = 0;
  bool stroke_open = false;  // a finger is drawing
  // The box of the keyboard: its middle and half of its side, in cells.
  Point box;
  float reach = 1.5f;

  Cover() = default;
  // A grid of square cells over a photo of this size; the longer side has kCoverCells.
  Cover(int width, int height);
  [[nodiscard]] bool empty() const { return strokes == 0; }
  void begin_stroke();
  void undo();
  // Covers all cells that a square about `at`, in cells, touches.
  void add(Point at, float half_side);
};
inline constexpr std::size_t kCoverCells = 48;

struct BeforeAfterDesc {
  std::string_view label;      // accessible name of the slider
  std::function<std::string(int)> value;  // how many per cent show the first, in words
};

struct DialogDesc {
  std::string_view title;
  std::string_view text;
  std::string_view action;     // what it is about
  std::string_view cancel;
  ButtonKind kind = ButtonKind::kPrimary;  // of the action
  std::string_view icon;
};

struct EmptyStateDesc {
  std::string_view icon;
  std::string_view title;
  std::string_view text;
  std::string_view action;     // empty: none
  std::string_view action_icon;
};

struct MapPin {
  report::GeoPoint point;
  Tone tone = Tone::kAccent;
};
struct MapDesc {
  std::string_view label;
  std::span<const report::GeoPoint> boundary;
  std::optional<report::GeoPoint> pin;
  double accuracy_m = 0;
  std::span<const MapPin> pins;
  std::string_view north = "U";
  float radius = kCardRadius;
  bool can_place = true;       // a tap sets the pin
};
struct MapResult {
  bool moved = false;
  std::optional<report::GeoPoint> placed;  // tapped, or Enter at the centre
};

class Ui {
 public:
  explicit Ui(ImageSource& images) : images_(images) {}

  void load_fonts(const FontFiles& files) { canvas_.load_fonts(files); }

  // --- What the host reports, between frames -----------------------------------------------------
  // Answers true while the press is a drag.
  bool pointer(Gestures::Phase phase, int pointer, Point at, double now) {
    return gestures_.pointer(phase, pointer, at, now);
  }
  void wheel(Point at, Point delta, bool zooming) { gestures_.wheel(at, delta, zooming); }
  void activate(NodeId id) { activated_.push_back(id); }
  void text_changed(NodeId id, std::string value) { texts_[id] = std::move(value); }
  // `visible`: the focus came by keyboard and its ring is drawn.
  void focus_changed(NodeId id, bool visible) { focus_ = id; focus_visible_ = visible; }
  void scrolled(NodeId scroller, float offset) { wanted_scroll_[scroller] = offset; }
  void map_key(NodeId id, Point move, float zoom) { map_inputs_.push_back({id, move, zoom, {}}); }
  void map_tap(NodeId id, Point at) { map_inputs_.push_back({id, {}, 1, at}); }

  // --- Frame ------------------------------------------------------------------------------------
  void begin(const FrameInput& input);
  void end();
  [[nodiscard]] const std::vector<Node>& nodes() const { return nodes_; }
  // Another frame is wanted although nothing happened: fling, spinner.
  [[nodiscard]] bool animating() const { return animating_ || gestures_.animating(); }
  // A finger drags or a fling rolls: nothing can be pressed at the moment.
  [[nodiscard]] bool moving() const { return gestures_.moving(); }
  void keep_animating() { animating_ = true; }

  // --- Surroundings -------------------------------------------------------------------------------
  [[nodiscard]] const Palette& palette() const { return *palette_; }
  [[nodiscard]] const FrameInput& input() const { return input_; }
  Canvas& canvas() { return canvas_; }
  // The part of the screen that is safe to draw on.
  [[nodiscard]] Rect screen() const;

  // --- Layout -------------------------------------------------------------------------------------
  // The next `height` pixels of the current column.
  Rect take(float height);
  void gap(float height) { column().y += height; }
  [[nodiscard]] float width() const { return columns_.back().rect.width; }
  // Draws `content` in a column of its own, and answers how high it became.
  float in_column(const Rect& rect, FunctionRef<void()> content);
  // Nodes made in `content` get `name` as the parent's name, so that their ids are unique.
  void in_group(std::string_view name, std::size_t index, FunctionRef<void()> content);

  // --- Containers ---------------------------------------------------------------------------------
  void scroller(std::string_view name, const Rect& rect, FunctionRef<void()> content) {
    (void)scroll_in(name, rect, nullptr, content);
  }
  // The same for what can be loaded anew: a person pulls it down at its top. Answers that they did;
  // `busy` while it is being loaded. There must be a button for it too.
  bool pull_scroller(std::string_view name, const Rect& rect, bool busy, FunctionRef<void()> content) {
    return scroll_in(name, rect, &busy, content);
  }
  // A rounded surface behind `content`, with `padding` around it.
  struct CardDesc { std::optional<Tone> tone; float padding = 14; };
  void card(const CardDesc& desc, FunctionRef<void()> content);
  // A card that is one button as a whole; its inner texts are said by `label`.
  bool card_button(std::string_view name, std::size_t index, std::string_view label,
                   FunctionRef<void()> content);
  void list(std::string_view label, FunctionRef<void()> content);
  // One item of a list, whose nodes are inside it. `count`: of all items, when not all are drawn.
  void list_item(std::size_t index, FunctionRef<void()> content, std::size_t count = 0);
  // A list inside a scroller, of any length: `row` draws one item, with the space after it, and is called
  // for those in and near the view alone. Rows may differ in height; what is in sight never jumps when
  // one above it turns out otherwise than was thought.
  void long_list(std::string_view label, std::size_t count, FunctionRef<void(std::size_t)> row);

  // --- Words --------------------------------------------------------------------------------------
  // `style`: when it is to look less important than its level does.
  void heading(std::string_view text, int level, std::optional<TextStyle> style = {});
  void text(std::string_view text, const TextDesc& desc = {});
  // Said politely when it changes; drawn with an icon.
  void status(std::string_view text, Tone tone, std::string_view icon, Align align = Align::kStart);
  // The same as a large heading.
  void status_heading(std::string_view text);
  // A coloured box with an icon; an alert is said at once.
  void banner(std::string_view title, std::string_view text, Tone tone, std::string_view icon, bool alert = false);
  // Chips side by side, wrapping.
  void chips(const std::vector<std::pair<std::string, ChipDesc>>& chips);

  // --- Actions ------------------------------------------------------------------------------------
  bool button(std::string_view text, const ButtonDesc& desc = {});
  // Two buttons side by side, or one above the other when the text is too large. Answers 1, 2 or 0.
  int button_pair(std::string_view first, const ButtonDesc& first_desc, std::string_view second,
                  const ButtonDesc& second_desc, float first_share);
  // Height of a foot with `second` (may be empty) and `first`, as button_pair() or button() will draw it.
  [[nodiscard]] float foot_height(std::string_view second, std::string_view first, const ButtonDesc& desc) const;
  bool icon_button(const Rect& rect, std::string_view icon, std::string_view label, bool on_photo = false);
  bool text_button(const Rect& rect, std::string_view text);
  void link(std::string_view text, std::string_view label, std::string_view href, std::string_view icon, Tone tone);
  // Looks like a button, opens the file chooser.
  void file_button(const Rect& rect, std::string_view text, std::string_view label, std::string_view icon,
                   ButtonKind kind, std::uint32_t flags);
  bool list_row(const ListRow& row, bool last);

  // --- Choices ------------------------------------------------------------------------------------
  // Pills in one line or more. Answers the new choice.
  std::optional<std::size_t> radio_pills(std::string_view label, const std::vector<std::string>& options,
                                         const std::vector<std::string>& names, std::size_t chosen);
  struct GridOption { std::string name, icon, detail; };
  std::optional<std::size_t> icon_grid(std::string_view label, const std::vector<GridOption>& options,
                                       std::optional<std::size_t> chosen, std::string_view error);
  bool switch_row(std::string_view name, std::string_view detail, std::string_view icon, bool on);

  // --- Text fields --------------------------------------------------------------------------------
  // `value` is changed in place; true when it was.
  bool text_field(std::string_view label, std::string& value, const FieldDesc& desc = {});
  bool text_area(std::string_view label, std::string& value, const FieldDesc& desc = {});
  bool date_field(std::string_view label, std::string& value, std::string_view shown, const FieldDesc& desc = {});

  // --- Pictures -----------------------------------------------------------------------------------
  void photo(const Rect& rect, const PhotoTile& tile);
  // The same as a button. True when it was chosen.
  bool photo_button(const Rect& rect, const PhotoTile& tile, std::string_view name, std::size_t index, bool selected);
  // One photo as large as `rect`: pinch, two taps, wheel or + and - for closer, drags or arrows to move it.
  // Answers 1 or -1 when the one after or before it, of `count`, is wanted: by a swipe or an arrow.
  int photo_view(const Rect& rect, PhotoView& view, const PhotoTile& tile, std::size_t index, std::size_t count);
  // The live picture of the camera, which the page lays over `rect`.
  void camera_picture(const Rect& rect, std::string_view label);
  // The round button that takes a picture.
  bool shutter_button(const Rect& rect, std::string_view label, bool disabled);
  // A photo on which parts are covered, with a finger or with a box that the arrows move, + and - resize
  // and Enter applies. `cover` is changed in place.
  void cover_area(const Rect& rect, Cover& cover, const PhotoTile& tile);
  // Two photos of one place, with a handle between them. Answers 1 or 2 when the first or the second was chosen.
  int before_after(const Rect& rect, const PhotoTile& before, const PhotoTile& after, const BeforeAfterDesc& desc);
  // A bar that fills; what it says in words stands beside it.
  void progress_bar(float share, std::string_view label);
  // A ring that fills; below 0 it turns.
  void progress_ring(const Rect& rect, float share, std::string_view label);

  // --- Feedback ------------------------------------------------------------------------------------
  // A sheet over everything drawn so far, that holds the focus while it is drawn. Answers 1 for the action,
  // 2 for cancel or Escape, 0 for nothing yet.
  int dialog(const DialogDesc& desc);
  // Says something for a few seconds, with one thing to do about it or none.
  static constexpr double kToastTime = 5;  // time enough to read eight words twice
  void show_toast(std::string text, Tone tone, std::string action = {}, double seconds = kToastTime);
  // Draws it, `foot` px above the lower edge; once a frame, last. True when its action was chosen.
  bool toast(float foot);
  // Until the toast goes; negative: there is none.
  [[nodiscard]] std::int64_t milliseconds_to_wake() const;
  // Where there is nothing yet: why, and what to do. True when that was chosen.
  bool empty_state(const EmptyStateDesc& desc);
  // Rows that are on their way, as high as they will be.
  void skeleton_rows(std::size_t count, float height, std::string_view label);

  // --- Bars ---------------------------------------------------------------------------------------
  // Answers the tab that was chosen. `label` names the bar to a screen reader.
  std::optional<std::size_t> bottom_bar(std::string_view label, const std::vector<Tab>& tabs, std::size_t current);
  void step_bar(std::size_t step, std::size_t count);
  struct TopBarDesc { std::string_view title, back, action; };
  enum class TopBar { kNone, kBack, kAction };
  TopBar top_bar(const TopBarDesc& desc);

  // --- Map ----------------------------------------------------------------------------------------
  MapResult map(const Rect& rect, std::string_view name, geo::MapView& view, const MapDesc& desc);

  // --- Timeline -----------------------------------------------------------------------------------
  // A dot with an icon at the left, a line down to the next, `content` at the right.
  void timeline_item(std::string_view icon, Tone tone, bool last, FunctionRef<void()> content);

  // --- For widgets made of others --------------------------------------------------------------------
  // Adds a node; its rect is given in screen coordinates.
  NodeId add_node(Node node, const Rect& rect);
  [[nodiscard]] NodeId id_of(std::string_view name) const { return node_id(group_, name); }
  bool take_activation(NodeId id);

 private:
  struct Column { Rect rect; float y = 0; };
  struct Container { NodeId id = 0; Point origin; };
  struct MapInput { NodeId id = 0; Point move; float zoom = 1; std::optional<Point> tap; };

  // A scroller that is being drawn.
  struct View {
    Rect rect;
    float shift = 0;  // by which the offset has to follow what was measured above the view
  };
  struct LongList {
    RowHeights rows;
    float width = 0, scale = 0;  // at which
    std::vector<bool> measured;  // these were
    std::size_t focused = static_cast<std::size_t>(-1);  // the row that holds the focus; none: beyond the last
  };

  Column& column() { return columns_.back(); }
  bool scroll_in(std::string_view name, const Rect& rect, const bool* busy, FunctionRef<void()> content);
  // Draws the sign of a list being pulled down or loaded anew, and answers the room it needs. `wanted`:
  // it was let go far enough down.
  float pull_sign(NodeId id, const Rect& rect, bool busy, bool& wanted);
  // How far something that turns has come, in turns.
  float spin();
  void spinner(Point centre, float radius);
  // Registers an interactive widget with ImGui and in the tree; answers whether it is held down.
  bool interactive(Node node, const Rect& rect);
  void in_container(Node node, const Rect& rect, Point origin, FunctionRef<void()> content);
  // A container as high as what `content` takes of the column.
  void growing_container(Node node, FunctionRef<void()> content);
  // Around a surface that shadow or colour alone would tell from its ground; only for more contrast.
  void outline(const Rect& rect, float radius = kCardRadius);
  void focus_ring(NodeId id, const Rect& rect, float radius);
  // Smaller, when a word of `text` would break: on a narrow screen, with large text.
  TextStyle unbroken(std::string_view text, TextStyle style);
  void draw_button(const Rect& rect, std::string_view text, const ButtonDesc& desc, bool held);
  [[nodiscard]] bool button_fits(std::string_view text, const ButtonDesc& desc, float room) const;
  [[nodiscard]] float button_height(std::string_view text, const ButtonDesc& desc, float width) const;
  bool button_at(const Rect& rect, std::string_view text, const ButtonDesc& desc);
  void draw_photo(const Rect& rect, const PhotoTile& tile);
  // White words on a dark pill at the foot of a photo, when they fit into `room`.
  void caption(const Rect& rect, std::string_view words, Align align, float room);
  bool field(Role role, std::string_view label, std::string& value, std::string_view shown, const FieldDesc& desc);
  void draw_pin(Point tip, float height, Color color);
  void draw_pins(const Rect& rect, std::span<const MapPin> pins, FunctionRef<Point(const report::GeoPoint&)> at);

  ImageSource& images_;
  Canvas canvas_;
  Gestures gestures_;
  FrameInput input_;
  const Palette* palette_ = &kLight;

  std::vector<Node> nodes_;
  std::vector<Column> columns_;
  std::vector<Container> containers_;
  std::vector<Rect> clips_;
  std::vector<View> views_;
  std::vector<DragArea> drag_areas_;
  std::vector<DragDelta> drags_;
  NodeId group_ = 0;

  std::vector<NodeId> activated_;
  std::map<NodeId, std::string> texts_;
  std::map<NodeId, float> wanted_scroll_;
  std::vector<MapInput> map_inputs_;
  NodeId focus_ = 0;
  bool focus_visible_ = false;
  bool animating_ = false;

  std::map<NodeId, float> scroll_;   // offset of each scroller drawn lately
  std::map<NodeId, LongList> long_lists_;
  std::map<NodeId, float> shares_;   // of each before/after: where its handle stands
  struct Toast { std::string text, action; Tone tone = Tone::kNeutral; double seconds = 0, until = -1; } toast_;
  NodeId pulled_ = 0;                // the scroller that is being pulled down
  float pull_ = 0;                   // and how far the finger went
};

}  // namespace titik::ui
