// Screens as places of the browser's history: each has a route, which stands after "#/" in the
// address. The interface's stack of screens, bottom first, is the browser's as well (web/history.js).
//
//   (empty) laporan sekitar lainnya          the four roots
//   penyimpanan
//   baru            baru?kategori=jalan      a new report; a link that others may give
//   draf/ID/foto    …/lokasi …/cerita …/periksa
//   draf/ID/kamera  draf/ID/tutupi/1         on top of draf/ID/foto
//   terkirim/ID     laporan/ID               laporan/ID/foto/1       laporan/ID/tanda-terima
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace titik::ui {

enum class Screen { kHome, kReports, kNearby, kMore, kPhoto, kPlace, kStory, kCheck, kSent, kDetail, kViewer, kStorage, kCamera, kCover, kReceipt };

[[nodiscard]] bool is_root(Screen screen);     // has the bar, and nothing beneath it
[[nodiscard]] bool is_editing(Screen screen);  // a step of making a report, or what stands on one

struct Entry {
  Screen screen = Screen::kHome;
  std::string report_id;    // of the screens above the roots; empty: a report yet to be made
  std::size_t index = 0;    // of the photo in the viewer or being covered
  std::string category_id;  // of a report yet to be made: chosen beforehand
  unsigned serial = 0;      // tells two visits of the same screen apart; not part of the route

  [[nodiscard]] bool same_place(const Entry& other) const {
    return screen == other.screen && report_id == other.report_id && index == other.index;
  }
};

// "#/laporan/0193…"
std::string write_route(const Entry& entry);
// Routes come from the address bar: what is none of ours is none.
std::optional<Entry> read_route(std::string_view route);

// One route a line, bottom first.
std::string write_stack(const std::vector<Entry>& stack);
// Always a stack that can be shown: one root at the bottom, none above it, one report being edited.
std::vector<Entry> read_stack(std::string_view routes);

}  // namespace titik::ui
