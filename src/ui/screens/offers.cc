// The cards that offer something besides reports; what they know is in app_offers.cc.
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
