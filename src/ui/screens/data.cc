// What sending costs, and the way that needs no data.
#include "report/sms.h"
#include "ui/format.h"
#include "ui/screens/parts.h"

namespace titik::ui {
namespace {

constexpr TextDesc kSmall = {.style = {TextSize::kSmall, Weight::kRegular}, .secondary = true};

}  // namespace

std::int64_t photo_bytes(const report::Draft& draft) {
  std::int64_t bytes = 0;
  for (const report::Photo& photo : draft.photos) bytes += photo.bytes;
  return bytes;
}

void draw_photos_wait(App& app, Ui& ui) {
  engine::Settings& settings = app.model.settings;
  if (ui.switch_row(tr(Text::kPhotosWait), tr(Text::kPhotosWaitText), "image", settings.photos_wait)) {
    app.set_photos_wait(!settings.photos_wait);
  }
}

void draw_sms(App& app, Ui& ui, const engine::ReportDetail& detail) {
  using Phase = engine::SyncStateChanged::Phase;
  if (detail.sms_at != 0) {
    ui.gap(kGap);
    ui.status(tr(Text::kSmsSent, {moment(detail.sms_at, app.now(), app.zone())}), Tone::kNeutral, "check");
    return;
  }
  if (!app.model.city || app.model.sync.phase != Phase::kWaitingForNetwork) return;
  ui.gap(20);
  ui.text(tr(Text::kSmsHint), kSmall);
  ui.gap(8);
  ui.link(tr(Text::kSmsSend), tr(Text::kSmsSend), report::sms_link(detail.draft, *app.model.city), "message-square", Tone::kInfo);
  ui.gap(8);
  if (ui.button(tr(Text::kSmsMark), {.kind = ButtonKind::kOutline, .icon = "check"})) app.mark_sms(detail.draft.id);
}

}  // namespace titik::ui
