// Dear ImGui without a screen, for tests: a context, the interface's own fonts, and a renderer that
// says yes to every texture and looks only at what was drawn.
#pragma once

#include <string>
#include <vector>

#include "ui/widgets/canvas.h"
#include "ui/widgets/geometry.h"

struct ImGuiContext;

namespace titik::ui {

class TestContext {
 public:
  TestContext();  // makes its context the current one
  ~TestContext();
  TestContext(const TestContext&) = delete;
  TestContext& operator=(const TestContext&) = delete;

  // Of several, the one that the next calls mean.
  void make_current() const;

  // Views of files that live as long as the program.
  [[nodiscard]] static FontFiles fonts();

  // After each frame: the texture requests of the frame are done, as ImGui's BACKENDS.md asks.
  static void take_textures();

  // What ImGui was told of in the last frame as something to press, by its test engine's hooks: nothing
  // that our own widgets say of themselves.
  struct Item {
    std::uint32_t id = 0;
    Rect rect;  // as far as it is in sight
  };
  [[nodiscard]] static std::vector<Item> items();

  // Where the last frame drew "…": a line that was cut, or a text that has one of its own.
  [[nodiscard]] static std::vector<Point> ellipses();

  // Pixels per CSS px at which the letters drawn in the last frame were made, one for each font and size.
  [[nodiscard]] static std::vector<float> letter_densities();

 private:
  ImGuiContext* context_ = nullptr;
};

}  // namespace titik::ui
