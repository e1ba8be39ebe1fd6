// Pieces that several screens share.
#pragma once

#include "ui/app.h"

namespace titik::ui {

// The bottom bar; `tab` is the one shown.
void draw_tabs(App& app, Ui& ui, Screen tab);

// A row of "Laporan saya": picture, title, chips. Opens the report when chosen.
void draw_report_row(App& app, Ui& ui, const engine::ReportSummary& report, std::size_t index);

// Of a report's row at the usual text size, for what stands in its place until it is there.
inline constexpr float kReportRowHeight = 84;

// The heading of a list that can be loaded anew, the button for it, and in words how that went.
void draw_list_heading(App& app, Ui& ui, std::string_view heading);

// The frame of a step: top bar, progress, heading, scrolled content, status, Kembali and Lanjut.
struct StepDesc {
  std::size_t step = 0;      // 0–3
  std::string_view heading;
  std::string_view next;     // words of the primary button
  std::string_view next_icon;
  std::string_view second;   // words of the button beside it; empty: none
};
enum class StepAction { kNone, kSecond, kNext };
StepAction draw_step(App& app, Ui& ui, const StepDesc& desc, FunctionRef<void()> content);

// Where the report is, in words and with how it is known: "Lokasi Anda", "±12 m dari GPS ponsel".
struct PlaceWords { std::string title, detail; };
PlaceWords place_words(const report::Place& place);

// What the viewer shows of a report, in this order.
struct ViewerPhoto {
  std::string sha256, label;
  std::string path = {};  // of evidence of which only a small picture is here, or none: for LoadEvidence
};
std::vector<ViewerPhoto> photos_of(const engine::ReportDetail& detail);
// The picture itself when it is here, else the small one.
const std::string& shown(const engine::Evidence& evidence);
bool is_picture(const engine::Evidence& evidence);

// Room beneath the top bar and above `foot` pixels of buttons.
Rect between(const Ui& ui, float top, float foot);

// What the city's signature is worth, in a coloured box.
void draw_receipt_verdict(Ui& ui, const engine::ReportDetail& detail);

// "2 draf, 3,4 MB; terakhir tersimpan 5 menit lalu"
std::string storage_words(const App& app);
std::int64_t photo_bytes(const report::Draft& draft);
// "Foto menunggu Wi-Fi", a row of a card.
void draw_photos_wait(App& app, Ui& ui);
// The way for a report that waits where there is signal and no data.
void draw_sms(App& app, Ui& ui, const engine::ReportDetail& detail);
// What the citizen has to know of the storage, in one sentence, with what can be done.
void draw_storage_notice(App& app, Ui& ui);

// The cards for a new version and for the home screen, when there is something to offer.
void draw_new_version(App& app, Ui& ui);
void draw_install_offer(App& app, Ui& ui);
void draw_notify_offer(App& app, Ui& ui);

}  // namespace titik::ui
