// ui.wasm: the interface in the page. Owns the WebGL context, ImGui's renderer and the textures;
// everything else it does is to hand on, in both directions.
//
// Supported: WebGL 1 (every browser that has WebGL 2 has it too), a lost context, DPR up to 2.
// Not here: text input (the browser's own fields, semantics.js), decoding of pictures (photo.wasm).
#include <GLES2/gl2.h>
#include <emscripten.h>
#include <emscripten/html5.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/json.h"
#include "gl_renderer.h"
#include "imgui.h"
#include "ui/app.h"
#include "ui_imports.h"

namespace titik {
namespace {

// Decoded pictures, by hash and size; the least recently drawn go first when there are too many.
class Textures {
 public:
  ui::Texture find(const std::string& sha256, int long_edge) {
    const int edge = bucket(long_edge);
    Entry& entry = entries_[{sha256, edge}];
    entry.used = ++clock_;
    if (entry.slot == 0) {
      entry.slot = ++next_slot_;
      titik_js_request_image(entry.slot, sha256.c_str(), edge);
    }
    if (entry.texture.id != 0) return entry.texture;
    // Another size of the same picture is better than none while this one comes.
    for (auto& [key, other] : entries_) {
      if (key.first == sha256 && other.texture.id != 0) {
        other.used = clock_;
        return other.texture;
      }
    }
    return {};
  }

  void ready(int slot, int width, int height, const std::uint8_t* rgba) {
    for (auto& [key, entry] : entries_) {
      if (entry.slot != slot) continue;
      GLuint name = 0;
      glGenTextures(1, &name);
      glBindTexture(GL_TEXTURE_2D, name);
      glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
      glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
      // WebGL 1 draws sizes that are no power of two only with clamping.
      glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
      glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
      glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, rgba);
      entry.texture = {name, width, height};
      bytes_ += bytes_of(entry);
      break;
    }
    while (bytes_ > kMostBytes && drop_oldest()) {
    }
  }

  // A picture that was not there may come later (evidence on its way): forget it, so that it is
  // asked for again when it is drawn again.
  void failed(int slot) {
    std::erase_if(entries_, [&](const auto& item) { return item.second.slot == slot; });
  }

  // The context is gone, and its textures with it.
  void forget_all() {
    entries_.clear();
    bytes_ = 0;
  }

 private:
  struct Entry {
    int slot = 0;
    ui::Texture texture;
    std::uint64_t used = 0;
  };
  static constexpr std::size_t kMostBytes = 48u << 20;

  // A few sizes only, so that the same picture is not decoded again for every layout.
  static int bucket(int long_edge) {
    for (const int edge : {240, 480, 960}) {
      if (long_edge * 5 / 4 <= edge) return edge;
    }
    return 1600;
  }
  static std::size_t bytes_of(const Entry& entry) {
    return static_cast<std::size_t>(entry.texture.width) * static_cast<std::size_t>(entry.texture.height) * 4;
  }
  bool drop_oldest() {
    auto oldest = entries_.end();
    for (auto it = entries_.begin(); it != entries_.end(); ++it) {
      if (it->second.texture.id != 0 && (oldest == entries_.end() || it->second.used < oldest->second.used)) oldest = it;
    }
    if (oldest == entries_.end()) return false;
    const auto name = static_cast<GLuint>(oldest->second.texture.id);
    glDeleteTextures(1, &name);
    bytes_ -= bytes_of(oldest->second);
    entries_.erase(oldest);
    return true;
  }

  std::map<std::pair<std::string, int>, Entry> entries_;
  std::size_t bytes_ = 0;
  std::uint64_t clock_ = 0;
  int next_slot_ = 0;
};

class PageHost final : public ui::Host, public ui::PieceSource {
 public:
  UnixMillis now() override { return static_cast<UnixMillis>(emscripten_date_now()); }
  std::string new_report_id() override {
    std::array<std::uint8_t, 10> random{};
    titik_js_random(random.data(), static_cast<int>(random.size()));
    return make_uuid_v7(now(), random);
  }
  void send(const engine::Command& command, int photo_job) override {
    titik_js_send(engine::write_command(command).c_str(), photo_job);
  }
  void show_history(const std::string& routes) override { titik_js_show_history(routes.c_str()); }
  void watch_position(bool on) override { titik_js_watch_position(on ? 1 : 0); }
  void camera(Camera wish) override { titik_js_camera(static_cast<int>(wish)); }
  void cover_photo(int job, const std::string& sha256, const std::string& cells, std::size_t columns) override {
    titik_js_cover_photo(job, sha256.c_str(), cells.c_str(), static_cast<int>(columns));
  }
  void load_language(std::string_view code) override { titik_js_load_language(std::string(code).c_str()); }
  void ask_for_persistence() override { titik_js_persist(); }
  void keep(ui::KeepTask task) override { titik_js_keep(static_cast<int>(task)); }
  void share(const std::string& name, const std::string& text, const std::string& link) override {
    titik_js_share(name.c_str(), text.c_str(), link.c_str());
  }
  void take_over() override { titik_js_take_over(); }
  void take_new_version() override { titik_js_take_new_version(); }
  void install() override { titik_js_install(); }
  void refuse_install() override { titik_js_refuse_install(); }
  void ask_to_notify() override { titik_js_notify(); }
  ui::Texture find(const std::string& sha256, int long_edge) override { return textures.find(sha256, long_edge); }
  ui::PieceImage draw_piece(const std::string& piece, float size, int weight) override {
    std::array<float, 6> facts{};
    std::uint8_t* const pixels = titik_js_draw_piece(piece.c_str(), static_cast<double>(size), weight, facts.data());
    if (!pixels) return {};
    ui::PieceImage image = {.left = static_cast<int>(facts[0]), .top = static_cast<int>(facts[1]), .width = static_cast<int>(facts[2]),
                            .height = static_cast<int>(facts[3]), .advance = facts[4], .coloured = facts[5] > 0};
    image.rgba.assign(pixels, pixels + 4 * image.width * image.height);
    std::free(pixels);
    return image;
  }

  Textures textures;
};

struct Page {
  PageHost host;
  GlRenderer renderer;
  ui::Ui ui{host};
  ui::App app{host, ui};
  std::array<std::string, 4> fonts;
  std::vector<ui::Node> last_nodes;
  double last_told = 0;

  // Hands the nodes on when they changed. While a finger drags or a fling rolls nothing can be pressed:
  // the mirror follows once that ends, and once a second at the least.
  void tell_nodes(double now) {
    constexpr double kWhileMoving = 1;  // seconds
    if (ui.moving() && now - last_told < kWhileMoving) return;
    if (ui.nodes() == last_nodes) return;
    titik_js_nodes(ui::write_nodes(ui.nodes(), last_nodes).c_str());
    last_nodes = ui.nodes();
    last_told = now;
  }
};
Page* page = nullptr;

std::span<const std::uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

bool make_context() {
  EmscriptenWebGLContextAttributes attributes;
  emscripten_webgl_init_context_attributes(&attributes);
  attributes.alpha = attributes.antialias = attributes.depth = attributes.stencil = false;
  attributes.majorVersion = 1;
  attributes.powerPreference = EM_WEBGL_POWER_PREFERENCE_LOW_POWER;
  const EMSCRIPTEN_WEBGL_CONTEXT_HANDLE context = emscripten_webgl_create_context("#canvas", &attributes);
  if (context <= 0) return false;
  return emscripten_webgl_make_context_current(context) == EMSCRIPTEN_RESULT_SUCCESS;
}

// EXIF's local time, in its own zone or else the city's.
std::optional<UnixMillis> taken_at(const Json& inspection, ZoneOffset city_zone) {
  const std::string text = string_or(inspection, "taken_local");
  if (text.size() < 19) return std::nullopt;
  const std::optional<CivilTime> date = parse_date(std::string_view(text).substr(0, 10));
  if (!date) return std::nullopt;
  CivilTime civil = *date;
  civil.hour = std::atoi(text.substr(11, 2).c_str());
  civil.minute = std::atoi(text.substr(14, 2).c_str());
  civil.second = std::atoi(text.substr(17, 2).c_str());
  return from_civil(civil, static_cast<ZoneOffset>(integer_or(inspection, "taken_zone", city_zone)));
}

report::Photo photo_from(const Json& done, ZoneOffset city_zone) {
  const Json& photo = member(done, "photo");
  const Json& thumbnail = member(done, "thumbnail");
  const Json& inspection = member(done, "inspection");
  report::Photo out;
  out.sha256 = string_or(photo, "sha256");
  out.bytes = integer_or(photo, "bytes");
  out.width = static_cast<int>(integer_or(photo, "width"));
  out.height = static_cast<int>(integer_or(photo, "height"));
  out.thumbnail_sha256 = string_or(thumbnail, "sha256");
  out.thumbnail_bytes = integer_or(thumbnail, "bytes");
  out.perceptual_hash = static_cast<std::int64_t>(std::strtoull(string_or(done, "perceptual_hash").c_str(), nullptr, 16));
  out.taken_at = taken_at(inspection, city_zone);
  const std::optional<double> latitude = optional_number(inspection, "latitude");
  const std::optional<double> longitude = optional_number(inspection, "longitude");
  if (latitude && longitude) {
    out.place = report::Place{.point = {*latitude, *longitude},
                              .accuracy_m = number_or(inspection, "position_error_m"),
                              .source = report::PlaceSource::kExif,
                              .at = out.taken_at.value_or(0)};
    if (!report::is_valid_point(out.place->point)) out.place.reset();
  }
  return out;
}

}  // namespace
}  // namespace titik

using titik::page;

// What the page calls. Listed in ui_exports.txt; texts are freed by the caller.
extern "C" {

// A font file, before titik_ui_start: 0 regular, 1 semibold, 2 bold, 3 icons.
EMSCRIPTEN_KEEPALIVE void titik_ui_font(int index, const char* bytes, int count) {
  if (!page) page = new titik::Page;
  page->fonts[static_cast<std::size_t>(index)].assign(bytes, static_cast<std::size_t>(count));
}

// 1: ready to draw. 0: there is no WebGL here.
EMSCRIPTEN_KEEPALIVE int titik_ui_start() {
  if (!titik::make_context()) return 0;
  ImGui::CreateContext();
  ImGui::GetIO().IniFilename = nullptr;
  if (!page->renderer.start()) return 0;
  page->ui.load_fonts({.regular = titik::bytes_of(page->fonts[0]), .semibold = titik::bytes_of(page->fonts[1]),
                       .bold = titik::bytes_of(page->fonts[2]), .icons = titik::bytes_of(page->fonts[3]), .others = &page->host});
  page->app.start();
  return 1;
}

// Draws one frame. `wishes`: 1 dark, 2 more contrast, 4 less motion. Answers the milliseconds until the next is wanted: 0 at once (animation),
// negative: not before something happens.
EMSCRIPTEN_KEEPALIVE double titik_ui_frame(double width, double height, double pixel_ratio, int wishes, double text_scale,
                                           double inset_top, double inset_bottom, double now) {
  page->app.frame({.size = {static_cast<float>(width), static_cast<float>(height)},
                   .pixel_ratio = static_cast<float>(pixel_ratio), .dark = (wishes & 1) != 0,
                   .more_contrast = (wishes & 2) != 0, .less_motion = (wishes & 4) != 0,
                   .text_scale = static_cast<float>(text_scale), .inset_top = static_cast<float>(inset_top),
                   .inset_bottom = static_cast<float>(inset_bottom), .now = now});
  // A lost context answers nothing: the frame is made, for what was typed and tapped, but not drawn.
  if (!emscripten_is_webgl_context_lost(emscripten_webgl_get_current_context())) page->renderer.draw(*ImGui::GetDrawData());
  page->tell_nodes(now);
  if (page->ui.animating()) return 0;
  return static_cast<double>(page->app.milliseconds_to_wake());
}

// phase: 0 down, 1 move, 2 up, 3 cancel. Answers 1 while the press is a drag, whose click must not count.
EMSCRIPTEN_KEEPALIVE int titik_ui_pointer(int phase, int pointer, double x, double y, double now) {
  return page->ui.pointer(static_cast<titik::ui::Gestures::Phase>(phase), pointer,
                          {static_cast<float>(x), static_cast<float>(y)}, now);
}
EMSCRIPTEN_KEEPALIVE void titik_ui_wheel(double x, double y, double dx, double dy, int zooming) {
  page->ui.wheel({static_cast<float>(x), static_cast<float>(y)}, {static_cast<float>(dx), static_cast<float>(dy)}, zooming != 0);
}
EMSCRIPTEN_KEEPALIVE void titik_ui_activate(std::uint32_t id) { page->ui.activate(id); }
EMSCRIPTEN_KEEPALIVE void titik_ui_text(std::uint32_t id, const char* value) { page->ui.text_changed(id, value); }
EMSCRIPTEN_KEEPALIVE void titik_ui_focus(std::uint32_t id, int visible) { page->ui.focus_changed(id, visible != 0); }
EMSCRIPTEN_KEEPALIVE void titik_ui_scrolled(std::uint32_t id, double offset) { page->ui.scrolled(id, static_cast<float>(offset)); }
EMSCRIPTEN_KEEPALIVE void titik_ui_map_key(std::uint32_t id, double dx, double dy, double zoom) {
  page->ui.map_key(id, {static_cast<float>(dx), static_cast<float>(dy)}, static_cast<float>(zoom));
}
EMSCRIPTEN_KEEPALIVE void titik_ui_map_tap(std::uint32_t id, double x, double y) {
  page->ui.map_tap(id, {static_cast<float>(x), static_cast<float>(y)});
}

// An event or reply of the engine. A text that is none is dropped: the engine is ours.
EMSCRIPTEN_KEEPALIVE void titik_ui_event(const char* json) {
  const titik::Result<titik::engine::Event> event = titik::engine::read_event(json);
  if (event.ok()) page->app.event(*event);
}
// The table of a language's texts, empty for Indonesian and when it could not be had; before
// titik_ui_start when the page starts in it. 1: it is spoken from the next frame on.
EMSCRIPTEN_KEEPALIVE int titik_ui_language(const char* code, const char* table) {
  return page->app.language_loaded(code, table) ? 1 : 0;
}
EMSCRIPTEN_KEEPALIVE void titik_ui_fatal(const char* code) { page->app.fatal(code); }
// A tap on "Buat laporan" in the static page.
EMSCRIPTEN_KEEPALIVE void titik_ui_new_report() { page->app.new_report(); }
EMSCRIPTEN_KEEPALIVE void titik_ui_navigate(const char* routes) { page->app.navigate(routes); }
EMSCRIPTEN_KEEPALIVE void titik_ui_back() { page->app.back(); }
EMSCRIPTEN_KEEPALIVE void titik_ui_hidden() { page->app.hidden(); }
EMSCRIPTEN_KEEPALIVE void titik_ui_new_version_waiting() { page->app.new_version_waiting(); }
EMSCRIPTEN_KEEPALIVE int titik_ui_idle_at_root() { return page->app.idle_at_root(); }
EMSCRIPTEN_KEEPALIVE void titik_ui_install_offer(int kind) {
  page->app.install_offer = static_cast<titik::ui::InstallOffer>(kind);
}
EMSCRIPTEN_KEEPALIVE void titik_ui_notify(int state) { page->app.notify = static_cast<titik::ui::Notify>(state); }
EMSCRIPTEN_KEEPALIVE void titik_ui_shown() { page->app.shown(); }
EMSCRIPTEN_KEEPALIVE void titik_ui_position(double latitude, double longitude, double accuracy, double at) {
  page->app.position({.point = {latitude, longitude}, .accuracy_m = accuracy, .at = static_cast<titik::UnixMillis>(at)});
}
EMSCRIPTEN_KEEPALIVE void titik_ui_place_permission(int granted) { page->app.place_permission(granted != 0); }
EMSCRIPTEN_KEEPALIVE void titik_ui_position_failed(int denied) { page->app.position_failed(denied != 0); }

// The browser's storage; bytes are negative where it does not tell.
EMSCRIPTEN_KEEPALIVE void titik_ui_storage_seen(int kept, int week, double used, double free) {
  page->app.storage_seen({kept != 0, week != 0, static_cast<std::int64_t>(used), static_cast<std::int64_t>(free)});
}
// The file with reports: a Carry::Stage, and what goes with it.
EMSCRIPTEN_KEEPALIVE void titik_ui_carried(int stage, double bytes, int shares, int problem) {
  page->app.carried({static_cast<titik::ui::Carry::Stage>(stage), static_cast<std::int64_t>(bytes), shares != 0,
                     static_cast<titik::ui::Carry::Problem>(problem), {}});
}

// A photo on its way. Stages: 0 reading, 1 shrinking, 2 saving.
// `taken_at`: of a camera's, in milliseconds since 1970.
EMSCRIPTEN_KEEPALIVE int titik_ui_photo_chosen(double bytes, int from_camera, double taken_at) {
  return page->app.photo_chosen(static_cast<std::int64_t>(bytes), from_camera != 0, static_cast<titik::UnixMillis>(taken_at));
}
// `state`: CameraNow::State of ui/app.h.
EMSCRIPTEN_KEEPALIVE void titik_ui_camera(int state, int has_torch) {
  page->app.camera_changed(static_cast<titik::ui::CameraNow::State>(state), has_torch != 0);
}
EMSCRIPTEN_KEEPALIVE void titik_ui_camera_failed() { page->app.camera_failed(); }
EMSCRIPTEN_KEEPALIVE void titik_ui_photo_stage(int job, int stage) {
  page->app.photo_stage(job, static_cast<titik::ui::PhotoJob::Stage>(stage));
}
EMSCRIPTEN_KEEPALIVE void titik_ui_photo_failed(int job, const char* code, const char* where) {
  page->app.photo_failed(job, code, where);
}
// `done`: the photo worker's answer as JSON, without the blobs.
EMSCRIPTEN_KEEPALIVE void titik_ui_photo_ready(int job, const char* done) {
  const titik::Result<titik::Json> parsed = titik::parse_json(done);
  if (parsed.ok()) page->app.photo_ready(job, titik::photo_from(*parsed, page->app.zone()));
  else page->app.photo_failed(job, "internal", "");
}

// 4 × width × height bytes for titik_ui_image, to be filled by the caller.
EMSCRIPTEN_KEEPALIVE std::uint8_t* titik_ui_allocate(int bytes) {
  return static_cast<std::uint8_t*>(std::malloc(static_cast<std::size_t>(bytes)));
}
EMSCRIPTEN_KEEPALIVE void titik_ui_free(std::uint8_t* bytes) { std::free(bytes); }
EMSCRIPTEN_KEEPALIVE void titik_ui_image(int slot, int width, int height, const std::uint8_t* rgba) {
  page->host.textures.ready(slot, width, height, rgba);
}
EMSCRIPTEN_KEEPALIVE void titik_ui_image_failed(int slot) { page->host.textures.failed(slot); }

// The browser gave a lost context back: everything on it is made anew.
EMSCRIPTEN_KEEPALIVE void titik_ui_context_restored() {
  page->host.textures.forget_all();
  page->renderer.forget();
  (void)page->renderer.start();
}

}  // extern "C"
