#include "ui/screens/parts.h"

#include <algorithm>
#include <iterator>

#include "ui/format.h"

namespace titik::ui {

Rect between(const Ui& ui, float top, float foot) {
  const Rect screen = ui.screen();
  return {screen.x, top, screen.width, std::max(0.0f, screen.bottom() - foot - top)};
}

void draw_tabs(App& app, Ui& ui, Screen tab) {
  constexpr Screen kScreens[] = {Screen::kHome, Screen::kReports, Screen::kNearby, Screen::kMore};
  const std::vector<Tab> tabs = {
      {"house", tr(Text::kTabHome)}, {"list", tr(Text::kTabReports)}, {"map", tr(Text::kTabNearby)}, {"menu", tr(Text::kTabMore)}};
  const auto current = static_cast<std::size_t>(std::find(std::begin(kScreens), std::end(kScreens), tab) - kScreens);
  if (const auto chosen = ui.bottom_bar(tr(Text::kMenu), tabs, current); chosen && *chosen != current) {
    app.show_tab(kScreens[*chosen]);
  }
}

void draw_report_row(App& app, Ui& ui, const engine::ReportSummary& report, std::size_t index) {
  const report::Category* category = app.model.city ? app.model.city->category(report.category_id) : nullptr;
  const auto chips = report_chips(report, app.now(), category ? category->hours * kHour : 0);
  const std::string title = report.title.empty() ? std::string(tr(Text::kUntitled)) : report.title;
  std::string label = title;
  for (const auto& [words, desc] : chips) label += ", " + words;
  const bool chosen = ui.card_button("report", index, label, [&] {
    // Beside the picture at usual sizes; beneath it when the text is large.
    const bool large = ui.canvas().text_scale() > 1.25f;
    constexpr float kPicture = 64;
    const float indent = large ? 0 : kPicture + 12;
    const Rect row = ui.take(large ? kPicture + 8 : 0);
    const Rect words = {row.x + indent, row.bottom(), row.width - indent, 0};
    const float height = ui.in_column(words, [&] {
      if (large) {
        ui.text(title, {.style = {TextSize::kBody, Weight::kSemibold}});
      } else {
        ui.gap(4);
        ui.canvas().line(ui.take(ui.canvas().line_height(TextSize::kBody)), title, {TextSize::kBody, Weight::kSemibold},
                         ui.palette().text);
      }
      ui.gap(6);
      ui.chips(chips);
    });
    const float tall = large ? height : std::max(height, kPicture);
    const Rect rest = ui.take(tall);
    const float top = large ? row.y : rest.y + (tall - kPicture) / 2;
    ui.photo({row.x, top, kPicture, kPicture}, {.sha256 = report.thumbnail_sha256, .label = title, .radius = 12});
  });
  if (chosen) app.open_report(report.id);
  ui.gap(kGap);
}

void draw_list_heading(App& app, Ui& ui, std::string_view heading) {
  const TextStyle style = {TextSize::kHeading, Weight::kBold};
  const float words = ui.canvas().measure(heading, style, ui.width() - kTouch).height;
  const Rect row = ui.take(std::max(words, kTouch));
  ui.in_column({row.x, row.centre().y - words / 2, row.width - kTouch, 0}, [&] { ui.heading(heading, 1); });
  if (ui.icon_button({row.right() - kTouch + 10, row.centre().y - kTouch / 2, kTouch, kTouch}, "refresh-cw", tr(Text::kRefresh))) {
    app.refresh();
  }
  const App::Refresh& refresh = app.last_refresh();
  switch (refresh.state) {
    case App::Refresh::kNone: ui.status({}, Tone::kNeutral, {}); break;
    case App::Refresh::kUnderWay: ui.status(tr(Text::kRefreshing), Tone::kNeutral, {}); break;
    case App::Refresh::kDone: ui.status(tr(Text::kRefreshed, {clock_time(refresh.at, app.zone())}), Tone::kNeutral, "check"); break;
    case App::Refresh::kFailed: ui.status({}, Tone::kNeutral, {}); break;  // a toast says so, and offers to try again
  }
  ui.gap(8);
}

StepAction draw_step(App& app, Ui& ui, const StepDesc& desc, FunctionRef<void()> content) {
  StepAction action = StepAction::kNone;
  const auto chosen = ui.top_bar({.title = tr(Text::kNewReport), .back = desc.second.empty() ? tr(Text::kBack) : tr(Text::kClose),
                                  .action = tr(Text::kSaveDraft)});
  if (chosen == Ui::TopBar::kBack) {
    // With its own Kembali beneath, the arrow leaves the whole report (it is saved).
    if (desc.second.empty()) app.pop();
    else app.pop(static_cast<int>(desc.step) + 1);
  }
  if (chosen == Ui::TopBar::kAction) app.save_and_tell();
  ui.step_bar(desc.step, 4);
  const float top = ui.take(0).y;

  // The buttons are measured first, so that the scroller ends above them.
  const ButtonDesc next = {.kind = ButtonKind::kPrimary, .icon = desc.next_icon, .height = kPrimaryHeight};
  const ButtonDesc second = {.kind = ButtonKind::kOutline, .height = kPrimaryHeight};
  const Rect screen = ui.screen();
  const float foot_height = ui.foot_height(desc.second, desc.next, next) + 12 + kMargin;
  const Rect middle = between(ui, top, foot_height);
  ui.scroller(tr(Text::kPage), middle, [&] {
    ui.gap(16);
    ui.heading(desc.heading, 1);
    content();
    const App::SaveStatus status = app.save_status();
    ui.gap(10);
    ui.status(status.text, status.tone, status.icon);
  });
  ui.in_column({screen.x + kMargin, middle.bottom() + 12, screen.width - 2 * kMargin, 0}, [&] {
    if (desc.second.empty()) {
      if (ui.button(desc.next, next)) action = StepAction::kNext;
      return;
    }
    switch (ui.button_pair(desc.second, second, desc.next, next, kSecondShare)) {
      case 1: action = StepAction::kSecond; break;
      case 2: action = StepAction::kNext; break;
      default: break;
    }
  });
  return action;
}

PlaceWords place_words(const report::Place& place) {
  switch (place.source) {
    case report::PlaceSource::kGps:
      return {std::string(tr(Text::kPlaceHere)), tr(Text::kPlaceGps, {metres(place.accuracy_m)})};
    case report::PlaceSource::kPin: return {std::string(tr(Text::kPlacePin)), std::string(tr(Text::kPlacePinHint))};
    case report::PlaceSource::kExif: return {std::string(tr(Text::kPlaceExif)), std::string(tr(Text::kPlaceExifHint))};
  }
  return {};
}

}  // namespace titik::ui
