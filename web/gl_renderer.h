// Puts what Dear ImGui drew on the screen, with WebGL 1.
//
// Not ImGui's own backend: that one asks the context for some thirty values before each frame and sets
// them back after it. Every such question waits for the GPU's process to finish what it was given, which
// cost more than all the rest of a frame (docs/performance.md). Nobody else draws in our context, so
// nothing needs to be set back. Needs no extension.
#pragma once

#include <cstdint>

struct ImDrawData;
struct ImTextureData;

namespace titik {

class GlRenderer {
 public:
  // Once the context is current and ImGui's context was made, and again when a lost context is given back.
  // False: it makes no program.
  bool start();
  void draw(const ImDrawData& data);
  // The context is gone, and all that was on it. ImGui asks for its textures anew with the next frame.
  void forget();

 private:
  void update(ImTextureData& texture);

  std::uint32_t program_ = 0;
  std::uint32_t vertices_ = 0;
  std::uint32_t indices_ = 0;
  int scale_ = -1;  // of CSS px in clip space, a uniform
};

}  // namespace titik
