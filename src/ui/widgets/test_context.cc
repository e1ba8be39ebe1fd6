#include "ui/widgets/test_context.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "imgui.h"
#include "imgui_internal.h"

namespace {

// Of the frame that is being made, or was made last.
struct Seen {
  int frame = -1;
  std::vector<titik::ui::TestContext::Item> items;
} seen;

}  // namespace

// Called by ImGui itself (IMGUI_ENABLE_TEST_ENGINE).
void ImGuiTestEngineHook_ItemAdd(ImGuiContext* context, ImGuiID id, const ImRect& box, const ImGuiLastItemData* own) {
  if (seen.frame != context->FrameCount) seen = {context->FrameCount, {}};
  // ImGui opens a window for those that open none; it announces itself and its buttons, ours come without data.
  for (const ImGuiWindow* window : context->Windows) {
    if (own || id == window->MoveId || id == window->ID) return;
  }
  seen.items.push_back({id, {box.Min.x, box.Min.y, box.GetWidth(), box.GetHeight()}});
}
void ImGuiTestEngineHook_ItemInfo(ImGuiContext*, ImGuiID, const char*, ImGuiItemStatusFlags) {}
void ImGuiTestEngineHook_Log(ImGuiContext*, const char*, ...) {}
const char* ImGuiTestEngine_FindItemDebugLabel(ImGuiContext*, ImGuiID) { return nullptr; }

namespace titik::ui {
namespace {

constexpr ImWchar kEllipsis = 0x2026;

std::vector<std::uint8_t> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// The glyphs of "…" in all fonts and sizes that are in the atlas.
std::vector<ImVec2> ellipsis_corners() {
  std::vector<ImVec2> corners;
  ImFontAtlas* atlas = ImGui::GetIO().Fonts;
  for (int i = 0; i < atlas->Builder->BakedPool.Size; ++i) {
    ImFontBaked& baked = atlas->Builder->BakedPool[i];
    if (baked.WantDestroy || !baked.IsGlyphLoaded(kEllipsis)) continue;
    if (const ImFontGlyph* glyph = baked.FindGlyphNoFallback(kEllipsis)) corners.push_back({glyph->U0, glyph->V0});
  }
  return corners;
}

}  // namespace

TestContext::TestContext() : context_(ImGui::CreateContext()) {
  make_current();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  context_->TestEngineHookItems = true;
  io.BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
}

std::vector<TestContext::Item> TestContext::items() { return seen.items; }

void TestContext::make_current() const { ImGui::SetCurrentContext(context_); }

TestContext::~TestContext() {
  make_current();
  for (ImTextureData* texture : ImGui::GetPlatformIO().Textures) {
    texture->SetTexID(ImTextureID_Invalid);
    texture->SetStatus(ImTextureStatus_Destroyed);
  }
  ImGui::DestroyContext(context_);
}

FontFiles TestContext::fonts() {
  static const std::vector<std::uint8_t> kFiles[] = {
      read_file(TITIK_TEST_FONTS "/text-400.ttf"), read_file(TITIK_TEST_FONTS "/text-600.ttf"),
      read_file(TITIK_TEST_FONTS "/text-700.ttf"), read_file(TITIK_TEST_FONTS "/icons.ttf")};
  return {.regular = kFiles[0], .semibold = kFiles[1], .bold = kFiles[2], .icons = kFiles[3]};
}

void TestContext::take_textures() {
  for (ImTextureData* texture : ImGui::GetPlatformIO().Textures) {
    if (texture->Status == ImTextureStatus_WantCreate) {
      texture->SetTexID(1);
      texture->SetStatus(ImTextureStatus_OK);
    } else if (texture->Status == ImTextureStatus_WantUpdates) {
      texture->SetStatus(ImTextureStatus_OK);
    } else if (texture->Status == ImTextureStatus_WantDestroy && texture->UnusedFrames > 0) {
      texture->SetTexID(ImTextureID_Invalid);
      texture->SetStatus(ImTextureStatus_Destroyed);
    }
  }
}

std::vector<float> TestContext::letter_densities() {
  std::vector<float> densities;
  ImFontAtlas* atlas = ImGui::GetIO().Fonts;
  for (int i = 0; i < atlas->Builder->BakedPool.Size; ++i) {
    const ImFontBaked& baked = atlas->Builder->BakedPool[i];
    // ImGui keeps one of its default size, which draws nothing.
    if (!baked.WantDestroy && baked.LastUsedFrame == ImGui::GetFrameCount() && baked.Glyphs.Size > 1) densities.push_back(baked.RasterizerDensity);
  }
  return densities;
}

std::vector<Point> TestContext::ellipses() {
  const std::vector<ImVec2> corners = ellipsis_corners();
  std::vector<Point> found;
  for (const ImDrawList* list : ImGui::GetDrawData()->CmdLists) {
    for (const ImDrawVert& vertex : list->VtxBuffer) {
      // Exact: the renderer copies the glyph's own coordinates.
      const bool is_corner = std::any_of(corners.begin(), corners.end(), [&](ImVec2 corner) {
        return corner.x == vertex.uv.x && corner.y == vertex.uv.y;
      });
      if (is_corner) found.push_back({vertex.pos.x, vertex.pos.y});
    }
  }
  return found;
}

}  // namespace titik::ui
