// What Beranda and Terkirim offer besides the reports: a new version, and a place on the home screen.
// Both are quiet: a card that waits, and is gone for good once it was answered.
#include <algorithm>

#include "ui/app.h"

namespace titik::ui {

bool App::nothing_under_way() const {
  return !draft_ && photo_jobs.empty() && change_at_ == 0 && saves_under_way_ == 0 && !model.save.unsaved;
}

bool App::idle_at_root() const {
  return stack_.size() == 1 && current().screen == Screen::kHome && nothing_under_way();
}

void App::take_new_version() { wants_new_version_ = true; }

void App::take_new_version_when_saved() {
  if (!wants_new_version_ || !nothing_under_way()) return;
  wants_new_version_ = false;
  host_.take_new_version();
}

bool App::offers_install() const {
  if (install_offer == InstallOffer::kNone) return false;
  return std::any_of(model.reports.begin(), model.reports.end(),
                     [](const auto& report) { return report.state != report::PhoneState::kDraft; });
}

void App::install() {
  install_offer = InstallOffer::kNone;
  host_.install();
}

void App::refuse_install() {
  install_offer = InstallOffer::kNone;
  host_.refuse_install();
}

}  // namespace titik::ui
