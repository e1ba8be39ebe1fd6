// gallery.wasm: the kit's gallery (src/ui/gallery.h) in a page of its own, for developers and for the
// tests of its pictures. Nothing of it is in the client.
#include <GLES2/gl2.h>
#include <emscripten.h>
#include <emscripten/html5.h>

#include <array>
#include <map>
#include <string>
#include <vector>

#include "gl_renderer.h"
#include "imgui.h"
#include "ui/gallery.h"

namespace titik {
namespace {

// Pictures painted here: sky, ground, and something between them that differs.
class Pictures final : public ui::ImageSource {
 public:
  ui::Texture find(const std::string& name, int) override {
    ui::Texture& texture = textures_[name];
    if (texture.id != 0) return texture;
    constexpr int kWidth = 320, kHeight = 240;
    std::vector<std::uint8_t> pixels;
    for (int y = 0; y < kHeight; ++y) {
      for (int x = 0; x < kWidth; ++x) {
        const bool ground = y > kHeight / 2;
        const bool hole = name == "a" && (x - 160) * (x - 160) + 6 * (y - 180) * (y - 180) < 3000;
        const auto shade = static_cast<std::uint8_t>(hole ? 40 : ground ? 110 + x / 8 : 190 + y / 4);
        pixels.insert(pixels.end(), {shade, static_cast<std::uint8_t>(ground ? shade : shade + 5),
                                     static_cast<std::uint8_t>(ground ? shade - 10 : 235), 255});
      }
    }
    GLuint id = 0;
    glGenTextures(1, &id);
    glBindTexture(GL_TEXTURE_2D, id);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, kWidth, kHeight, 0, GL_RGBA, GL_UNSIGNED_BYTE, pixels.data());
    return texture = {id, kWidth, kHeight};
  }

 private:
  std::map<std::string, ui::Texture> textures_;
};

struct Page {
  Pictures pictures;
  GlRenderer renderer;
  ui::Ui ui{pictures};
  ui::Gallery gallery;
  std::array<std::string, 4> fonts;
  std::vector<ui::Node> told;
  std::string nodes;
};
Page* page = nullptr;

std::span<const std::uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace
}  // namespace titik

extern "C" {
using titik::page;

EMSCRIPTEN_KEEPALIVE void gallery_font(int index, const std::uint8_t* bytes, int count) {
  if (!page) page = new titik::Page;
  page->fonts[static_cast<std::size_t>(index)].assign(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(count));
}

EMSCRIPTEN_KEEPALIVE int gallery_start(int shown) {
  EmscriptenWebGLContextAttributes attributes;
  emscripten_webgl_init_context_attributes(&attributes);
  attributes.alpha = attributes.antialias = attributes.depth = attributes.stencil = false;
  attributes.majorVersion = 1;
  const auto context = emscripten_webgl_create_context("#canvas", &attributes);
  if (context <= 0 || emscripten_webgl_make_context_current(context) != EMSCRIPTEN_RESULT_SUCCESS) return 0;
  ImGui::CreateContext();
  ImGui::GetIO().IniFilename = nullptr;
  if (!page->renderer.start()) return 0;
  page->ui.load_fonts({.regular = titik::bytes_of(page->fonts[0]), .semibold = titik::bytes_of(page->fonts[1]),
                       .bold = titik::bytes_of(page->fonts[2]), .icons = titik::bytes_of(page->fonts[3])});
  page->gallery.page = static_cast<titik::ui::Gallery::Page>(shown);
  return 1;
}

// Answers 1 when another frame is wanted. `wishes` as titik_ui_frame.
EMSCRIPTEN_KEEPALIVE int gallery_frame(double width, double height, double ratio, int wishes, double text_scale, double now) {
  page->ui.begin({.size = {static_cast<float>(width), static_cast<float>(height)}, .pixel_ratio = static_cast<float>(ratio),
                  .dark = (wishes & 1) != 0, .more_contrast = (wishes & 2) != 0, .less_motion = (wishes & 4) != 0,
                  .text_scale = static_cast<float>(text_scale), .now = now});
  page->ui.in_group("gallery", 0, [] { page->gallery.draw(page->ui); });
  page->ui.end();
  page->renderer.draw(*ImGui::GetDrawData());
  return page->ui.animating() ? 1 : 0;
}

// The nodes that changed, as write_nodes() tells them; null: none.
EMSCRIPTEN_KEEPALIVE const char* gallery_nodes() {
  if (page->ui.nodes() == page->told) return nullptr;
  page->nodes = titik::ui::write_nodes(page->ui.nodes(), page->told);
  page->told = page->ui.nodes();
  return page->nodes.c_str();
}

EMSCRIPTEN_KEEPALIVE int gallery_pointer(int phase, int pointer, double x, double y, double now) {
  return page->ui.pointer(static_cast<titik::ui::Gestures::Phase>(phase), pointer, {static_cast<float>(x), static_cast<float>(y)}, now);
}
EMSCRIPTEN_KEEPALIVE void gallery_wheel(double x, double y, double dx, double dy, int zooming) {
  page->ui.wheel({static_cast<float>(x), static_cast<float>(y)}, {static_cast<float>(dx), static_cast<float>(dy)}, zooming != 0);
}
EMSCRIPTEN_KEEPALIVE void gallery_activate(std::uint32_t id) { page->ui.activate(id); }
EMSCRIPTEN_KEEPALIVE void gallery_text(std::uint32_t id, const char* value) { page->ui.text_changed(id, value); }
EMSCRIPTEN_KEEPALIVE void gallery_focus(std::uint32_t id, int visible) { page->ui.focus_changed(id, visible != 0); }
EMSCRIPTEN_KEEPALIVE void gallery_scrolled(std::uint32_t id, double offset) { page->ui.scrolled(id, static_cast<float>(offset)); }
EMSCRIPTEN_KEEPALIVE void gallery_map_key(std::uint32_t id, double dx, double dy, double zoom) {
  page->ui.map_key(id, {static_cast<float>(dx), static_cast<float>(dy)}, static_cast<float>(zoom));
}
EMSCRIPTEN_KEEPALIVE void gallery_map_tap(std::uint32_t id, double x, double y) {
  page->ui.map_tap(id, {static_cast<float>(x), static_cast<float>(y)});
}

}  // extern "C"
