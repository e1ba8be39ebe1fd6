// Tanda terima: the city's signed word that it has the report, and since when; to show and to hand on.
#include "ui/format.h"
#include "ui/screens/parts.h"

namespace titik::ui {
namespace {

using report::ReceiptVerdict;

constexpr TextDesc kSmall = {.style = {TextSize::kSmall, Weight::kRegular}, .secondary = true};

struct Look { Text title, text; Tone tone; std::string_view icon; };
constexpr Look kLooks[] = {  // in the order of ReceiptVerdict
    {Text::kReceiptUnchecked, Text::kReceiptUncheckedText, Tone::kNeutral, "info"},
    {Text::kReceiptValid, Text::kReceiptValidText, Tone::kSuccess, "check-check"},
    {Text::kReceiptInvalid, Text::kReceiptInvalidText, Tone::kDanger, "triangle-alert"},
};

const Look& look_of(const engine::ReportDetail& detail) { return kLooks[static_cast<std::size_t>(detail.receipt_verdict)]; }

}  // namespace

void draw_receipt_verdict(Ui& ui, const engine::ReportDetail& detail) {
  const Look& look = look_of(detail);
  ui.banner(tr(look.title), tr(look.text), look.tone, look.icon);
  ui.gap(kGap);
}

void draw_receipt(App& app, Ui& ui) {
  const engine::ReportDetail* detail = app.model.detail(app.current().report_id);
  if (ui.top_bar({.title = tr(Text::kYourReport), .back = tr(Text::kBack)}) == Ui::TopBar::kBack) app.pop();
  ui.scroller(tr(Text::kPage), between(ui, ui.take(0).y, 0), [&] {
    ui.gap(16);
    ui.heading(tr(Text::kReceipt), 1);
    ui.gap(kGap);
    if (!detail || detail->receipt.empty() || !app.model.city) {
      return ui.status(tr(app.is_missing(app.current().report_id) ? Text::kReportMissing : Text::kOpening), Tone::kNeutral, "info");
    }
    draw_receipt_verdict(ui, *detail);
    if (detail->receipt_verdict == ReceiptVerdict::kInvalid) return;
    const report::CityProfile& city = *app.model.city;
    const std::vector<report::Photo>& photos = detail->draft.photos;
    std::string file = "Titik Lapor\n";  // the same as on the screen, but hashes are whole
    const auto line = [&](std::string_view name, std::string value) {
      file.append(name).append(": ").append(value).append("\n");
      if (value.size() == 64) value.replace(12, 52, "…");
      ui.text(name, kSmall);
      ui.text(value, {.style = {TextSize::kBody, Weight::kSemibold}});
      ui.gap(8);
    };
    ui.card({}, [&] {
      line(tr(Text::kTrackingLabel), detail->tracking_id);
      line(tr(Text::kCity), city.name);
      line(tr(Text::kTickReceived), date_words(format_date(to_civil(detail->receipt_at, city.zone))) + ", " +
                                        clock_time(detail->receipt_at, city.zone) + " " + city.zone_name);
      if (photos.empty()) return;
      line(tr(Text::kStepPhoto), tr(Text::kReceiptPhotos, {std::to_string(detail->receipt_photos), std::to_string(photos.size())}));
      for (std::size_t i = 0; i < photos.size(); ++i) line(tr(Text::kReportPhotoLabel, {std::to_string(i + 1)}), photos[i].sha256);
    });
    ui.gap(kGap);
    if (ui.button(tr(Text::kReceiptShare), {.icon = "send"})) {
      file.append(tr(look_of(*detail).title)).append("\n\n").append(detail->receipt).append("\n\n").append(tr(Text::kReceiptKeys));
      app.share("tanda-terima-" + detail->tracking_id + ".txt", file, city.lapor_base_url + "/titik/1/keys");
    }
    if (app.sharing && app.carry.stage == Carry::kFailed) {
      ui.gap(8);
      ui.banner({}, tr(Text::kCarryLater), Tone::kDanger, "circle-alert", true);
    }
    ui.gap(kGap);
  });
}

}  // namespace titik::ui
