// The cards that offer something besides reports; what they know is in app_offers.cc.
#include "ui/format.h"
#include "ui/screens/parts.h"

namespace titik::ui {

void draw_new_version(App& app, Ui& ui) {
  if (!app.new_version) return;
  bool taken = false;
  ui.card({}, [&] {
    taken = ui.list_row({.icon = "refresh-cw", .title = tr(Text::kNewVersion), .detail = tr(Text::kNewVersionText)}, true);
  });
  ui.gap(kGap);
  if (taken) app.take_new_version();
}

void draw_storage_notice(App& app, Ui& ui) {
  using Kind = engine::StorageNotice::Kind;
  const engine::StorageNotice& notice = app.model.notice;
  const std::string& problem = app.model.save.problem;
  std::string words;
  if (notice.kind == Kind::kRecovered) words = tr(Text::kNoticeRecovered, {grouped(notice.reports)});
  else if (notice.kind == Kind::kNewer) words = tr(Text::kNoticeNewer);
  else if (notice.kind == Kind::kMemory) words = tr(Text::kNoticeMemory);
  else if (problem == "too_large") words = tr(Text::kNoticeFull);
  if (words.empty()) return;
  ui.banner({}, words, Tone::kDanger, "triangle-alert", true);
  if (notice.kind == Kind::kRecovered) {
    ui.gap(4);
    if (ui.button(tr(Text::kUnderstood), {.kind = ButtonKind::kSecondary})) app.dismiss_notice();
  } else {
    // What is not safe here may be sent, or go to another phone.
    if (notice.kind == Kind::kNone) {
      ui.gap(4);
      if (ui.button(tr(Text::kSendNow), {.kind = ButtonKind::kSecondary, .icon = "send"})) app.send_now();
    }
    ui.gap(4);
    if (ui.button(tr(Text::kCarry), {.kind = ButtonKind::kOutline, .icon = "file-text"})) app.push(Screen::kStorage);
  }
  ui.gap(kGap);
}

void draw_notify_offer(App& app, Ui& ui) {
  if (app.notify != Notify::kAsk) return;
  bool taken = false;
  ui.card({}, [&] {
    taken = ui.list_row({.icon = "bell", .title = tr(Text::kNotify), .detail = tr(Text::kNotifyText)}, true);
  });
  ui.gap(kGap);
  if (taken) app.ask_to_notify();
}

void draw_install_offer(App& app, Ui& ui) {
  if (!app.offers_install()) return;
  const bool by_hand = app.install_offer == InstallOffer::kIos;
  ui.card({}, [&] {
    ui.text(tr(Text::kInstallTitle), {.style = {TextSize::kBody, Weight::kSemibold}});
    ui.gap(2);
    ui.text(tr(by_hand ? Text::kInstallIos : Text::kInstallText), {.style = {TextSize::kSmall, Weight::kRegular}, .secondary = true});
    ui.gap(10);
    if (!by_hand) {
      if (ui.button(tr(Text::kInstall), {.kind = ButtonKind::kSecondary, .icon = "plus"})) app.install();
      ui.gap(4);
    }
    if (ui.button(tr(Text::kInstallLater), {.kind = ButtonKind::kText})) app.refuse_install();
  });
  ui.gap(kGap);
}

}  // namespace titik::ui
