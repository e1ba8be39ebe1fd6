// What a citizen types beyond our fonts (emoji, Arabic, Javanese, Chinese …) is drawn by the browser,
// piece by piece, into the same texture as the glyphs of our fonts.
//
// A piece is what must be drawn at once to look right: an emoji with all that modifies it, a letter
// with its marks, a word of a script whose letters join. Each piece seen gets a code point of its own
// (kFirst…), for which ImGui asks a font loader of ours, which asks the browser. So pieces are measured,
// wrapped, cut and coloured like any letter.
//
// Limits: words from right to left stand in their order up to kLongestPiece code points, beyond which
// the parts follow each other from left to right; kMostPieces pieces in one life of the page, then U+FFFD.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

struct ImFont;

namespace titik::ui {

// One piece as the browser draws it. All in device pixels; the origin is the pen on the baseline.
struct PieceImage {
  int left = 0, top = 0;  // of the picture: to the right of the origin, above the baseline
  int width = 0, height = 0;
  float advance = 0;
  bool coloured = false;  // an emoji; otherwise only alpha counts, and the text's colour is taken
  std::vector<std::uint8_t> rgba;
};

class PieceSource {
 public:
  virtual ~PieceSource() = default;
  // `size`: of the em, device pixels; `weight`: 400, 600 or 700.
  virtual PieceImage draw_piece(const std::string& piece, float size, int weight) = 0;
};

class ForeignText {
 public:
  static constexpr char32_t kFirst = 0x0900;      // none of the fonts holds any of these, and ImGui's
  static constexpr std::size_t kMostPieces = 4096;  // tables stay small up to here
  static constexpr std::size_t kLongestPiece = 32;  // code points

  struct Font {
    ForeignText* text;
    int weight;
    float em;
  };

  explicit ForeignText(PieceSource* source) : source_(source) {}
  ForeignText(const ForeignText&) = delete;
  ForeignText& operator=(const ForeignText&) = delete;

  // Adds the browser's letters to the font added last. `em`: size of its em, of ImGui's font size.
  void add_to_font(int weight, float em);
  // `own`: the font that decides what need not be foreign.
  void set_own(ImFont* own) { own_ = own; }

  // `text` with code points of ours for its foreign pieces. Valid until the next frame.
  [[nodiscard]] std::string_view shape(std::string_view text);
  void begin_frame();

  // The piece that stands for a code point of ours; empty: none.
  [[nodiscard]] std::string_view piece(char32_t code_point) const;
  [[nodiscard]] PieceSource* source() const { return source_; }

 private:
  [[nodiscard]] bool is_own(char32_t code_point);
  std::string reshape(std::string_view text);
  char32_t code_point_of(std::string_view piece);

  PieceSource* source_;
  ImFont* own_ = nullptr;
  std::list<Font> fonts_;  // ImGui keeps their addresses
  std::vector<std::string> pieces_;
  std::map<std::string, char32_t, std::less<>> codes_;
  std::map<std::string, std::string, std::less<>> shaped_;  // texts with foreign pieces, of late
};

}  // namespace titik::ui
