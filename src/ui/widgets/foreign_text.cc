#include "ui/widgets/foreign_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "base/utf8.h"
#include "imgui.h"
#include "imgui_internal.h"

namespace titik::ui {
namespace {

constexpr std::size_t kMostShaped = 500;
constexpr char32_t kJoiner = 0x200D;

struct Range {
  char32_t first, last;
};
bool is_in(std::span<const Range> ranges, char32_t c) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const Range& range) { return c >= range.first && c <= range.last; });
}

// Belongs to what stands before it: combining marks, variation selectors, skin tones, tags of flags.
constexpr std::array<Range, 9> kModifiers = {{{0x300, 0x36F}, {0x483, 0x489}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x20D0, 0x20FF},
                                              {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0x1F3FB, 0x1F3FF}, {0xE0020, 0xE01EF}}};
// Every sign is a piece: Chinese, Japanese, Korean, and pictures. Lines may break between them.
constexpr std::array<Range, 6> kSigns = {{{0x2000, 0x2BFF}, {0x2E80, 0xA4CF}, {0xAC00, 0xD7AF}, {0xF900, 0xFAFF}, {0xFE30, 0xFFEF}, {0x1F000, 0x3FFFF}}};
constexpr std::array<Range, 4> kRightToLeft = {{{0x590, 0x8FF}, {0xFB1D, 0xFDFF}, {0xFE70, 0xFEFF}, {0x10800, 0x10FFF}}};
constexpr Range kRegional = {0x1F1E6, 0x1F1FF};  // two make a flag

bool is_space(char32_t c) { return c == ' ' || c == '\n' || c == '\t'; }

// --- The font loader --------------------------------------------------------------------------------

// What ImGui takes for the font file is the description of ours.
const ForeignText::Font& font_of(const ImFontConfig* config) { return *static_cast<const ForeignText::Font*>(config->FontData); }

bool contains(ImFontAtlas*, ImFontConfig* config, ImWchar code_point) { return !font_of(config).text->piece(code_point).empty(); }

bool load(ImFontAtlas* atlas, ImFontConfig* config, ImFontBaked* baked, void*, ImWchar code_point, ImFontGlyph* glyph, float* advance) {
  const ForeignText::Font& font = font_of(config);
  const std::string piece(font.text->piece(code_point));
  if (piece.empty()) return false;
  const float density = config->RasterizerDensity * baked->RasterizerDensity;
  const PieceImage image = font.text->source()->draw_piece(piece, baked->Size * font.em * density, font.weight);
  if (advance) {
    *advance = image.advance / density;
    return true;
  }
  glyph->Codepoint = code_point;
  glyph->AdvanceX = image.advance / density;
  if (image.width <= 0 || image.height <= 0) return true;
  const ImFontAtlasRectId id = ImFontAtlasPackAddRect(atlas, image.width, image.height);
  if (id == ImFontAtlasRectId_Invalid) return false;
  glyph->X0 = static_cast<float>(image.left) / density;
  glyph->Y0 = std::round(baked->Ascent) - static_cast<float>(image.top) / density;
  glyph->X1 = glyph->X0 + static_cast<float>(image.width) / density;
  glyph->Y1 = glyph->Y0 + static_cast<float>(image.height) / density;
  glyph->Visible = true;
  glyph->Colored = image.coloured;
  glyph->PackId = id;
  std::vector<std::uint8_t> pixels = image.rgba;
  if (!image.coloured) {
    for (std::size_t i = 0; i + 3 < pixels.size(); i += 4) pixels[i] = pixels[i + 1] = pixels[i + 2] = 255;
  }
  ImFontAtlasBakedSetFontGlyphBitmap(atlas, baked, config, glyph, ImFontAtlasPackGetRect(atlas, id), pixels.data(),
                                     ImTextureFormat_RGBA32, image.width * 4);
  return true;
}

const ImFontLoader* loader() {
  static const ImFontLoader instance = [] {
    ImFontLoader made;
    made.Name = "browser";
    made.FontSrcContainsGlyph = contains;
    made.FontBakedLoadGlyph = load;
    return made;
  }();
  return &instance;
}

}  // namespace

void ForeignText::add_to_font(int weight, float em) {
  if (!source_) return;
  ImFontConfig config;
  config.MergeMode = true;
  config.FontLoader = loader();
  fonts_.push_back({this, weight, em});
  config.FontData = &fonts_.back();
  config.FontDataSize = sizeof(Font);
  config.FontDataOwnedByAtlas = false;
  ImGui::GetIO().Fonts->AddFont(&config);
}

void ForeignText::begin_frame() {
  if (shaped_.size() > kMostShaped) shaped_.clear();
}

std::string_view ForeignText::piece(char32_t code_point) const {
  if (code_point < kFirst || code_point - kFirst >= pieces_.size()) return {};
  return pieces_[code_point - kFirst];
}

bool ForeignText::is_own(char32_t c) {
  if (c < 0x7F) return true;
  if (c > 0xFFFF || (c >= kFirst && c < kFirst + kMostPieces)) return false;
  return own_->IsGlyphInFont(static_cast<ImWchar>(c));
}

char32_t ForeignText::code_point_of(std::string_view piece) {
  if (const auto found = codes_.find(piece); found != codes_.end()) return found->second;
  if (pieces_.size() == kMostPieces) return 0xFFFD;
  const char32_t code = kFirst + static_cast<char32_t>(pieces_.size());
  pieces_.emplace_back(piece);
  codes_.emplace(piece, code);
  return code;
}

std::string_view ForeignText::shape(std::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x7F; });
  if (plain || !source_ || !own_) return text;
  if (const auto found = shaped_.find(text); found != shaped_.end()) return found->second;
  return shaped_.emplace(text, reshape(text)).first->second;
}

std::string ForeignText::reshape(std::string_view text) {
  std::string out;
  std::size_t at = 0;
  const auto peek = [&](std::size_t from) { return from < text.size() ? next_code_point(text, from) : U'\0'; };
  while (at < text.size()) {
    const std::size_t begin = at;
    const char32_t first = next_code_point(text, at);
    std::size_t count = 1;
    const auto take = [&] {
      const char32_t c = next_code_point(text, at);
      ++count;
      return c;
    };
    // 1. What modifies the first sign, and what a joiner ties to it.
    const auto take_modifiers = [&] {
      while (at < text.size() && count < kLongestPiece) {
        const char32_t next = peek(at);
        if (next == kJoiner) {
          take();
          if (at < text.size() && !is_space(peek(at))) take();
        } else if (is_in(kModifiers, next)) {
          take();
        } else {
          break;
        }
      }
    };
    take_modifiers();
    const bool is_flag = is_in({&kRegional, 1}, first) && is_in({&kRegional, 1}, peek(at));
    if (is_flag) take();
    // 2. A sign of our own, unmodified, stays what it is.
    if (count == 1 && is_own(first)) {
      out.append(text.substr(begin, at - begin));
      continue;
    }
    // 3. Letters of a foreign script are taken by the word; from right to left, by several.
    if (!is_own(first) && !is_in(kSigns, first)) {
      while (at < text.size() && count < kLongestPiece) {
        std::size_t after = at;
        const char32_t next = next_code_point(text, after);
        const bool is_gap = next == ' ' && is_in(kRightToLeft, first) && is_in(kRightToLeft, peek(after));
        if (!is_gap && (is_space(next) || is_own(next) || is_in(kSigns, next))) break;
        take();
      }
    }
    append_utf8(out, code_point_of(text.substr(begin, at - begin)));
  }
  return out;
}

}  // namespace titik::ui
