// Beranda: one large thing to do, 112, my latest reports, what the city has done.
#include <algorithm>

#include "ui/format.h"
#include "ui/screens/parts.h"

namespace titik::ui {
namespace {

constexpr std::size_t kShownReports = 5;

void draw_brand(App& app, Ui& ui) {
  const Rect row = ui.take(56);
  Canvas& canvas = ui.canvas();
  const Rect logo = {row.x, row.centre().y - 17, 34, 34};
  canvas.fill(logo, ui.palette().accent, 10);
  canvas.icon("map-pin", logo.centre(), 20, ui.palette().on_accent);

  const std::string_view city = app.model.city ? std::string_view(app.model.city->name) : std::string_view();
  constexpr TextStyle kCity = {TextSize::kSmall, Weight::kSemibold};
  const float left = logo.right() + 10;
  const TextStyle title = {TextSize::kTitle, Weight::kBold};
  const float title_width = canvas.measure(tr(Text::kAppName), title).width;
  const float city_width = city.empty() ? 0 : canvas.measure(city, kCity).width + 24;
  const bool fits = left + title_width + 8 + city_width <= row.right();
  const Rect words = {left, row.y, row.right() - left - (fits ? city_width : 0), row.height};
  canvas.line(words, tr(Text::kAppName), title, ui.palette().text);
  ui.add_node({.id = ui.id_of("app name"), .role = Role::kHeading, .label = std::string(tr(Text::kAppName)), .level = 1},
              {left, row.centre().y - 14, title_width, 28});
  if (!city.empty() && fits) {
    const Rect chip = {row.right() - city_width, row.centre().y - 17, city_width, 34};
    canvas.shadow(chip, 17, ui.palette().shadow_alpha);
    canvas.fill(chip, ui.palette().surface, 17);
    canvas.line(chip.inset(12, 0), city, kCity, ui.palette().text, Align::kCentre);
    ui.add_node({.id = ui.id_of("city"), .role = Role::kText, .label = std::string(city)}, chip);
  }
}

void draw_call_to_report(App& app, Ui& ui) {
  Canvas& canvas = ui.canvas();
  const Rect top = ui.take(0);
  canvas.begin_front();
  const float inner = ui.in_column(top.inset(16, 0), [&] {
    ui.gap(16);
    const TextStyle question = {TextSize::kTitle, Weight::kBold};
    const Rect words = ui.take(canvas.measure(tr(Text::kHomeQuestion), question, ui.width()).height);
    canvas.text({words.x, words.y}, tr(Text::kHomeQuestion), question, ui.palette().on_accent, words.width);
    ui.add_node({.id = ui.id_of("question"), .role = Role::kHeading, .label = std::string(tr(Text::kHomeQuestion)), .level = 2}, words);
    ui.gap(4);
    const TextStyle promise = {TextSize::kSmall, Weight::kRegular};
    const Rect line = ui.take(canvas.measure(tr(Text::kHomePromise), promise, ui.width()).height);
    canvas.text({line.x, line.y}, tr(Text::kHomePromise), promise, ui.palette().on_accent, line.width);
    ui.add_node({.id = ui.id_of("promise"), .role = Role::kText, .label = std::string(tr(Text::kHomePromise))}, line);
    ui.gap(14);
    if (ui.button(tr(Text::kMakeReport), {.kind = ButtonKind::kOnAccent, .icon = "camera", .height = kPrimaryHeight})) {
      app.new_report();
    }
    ui.gap(16);
  });
  const Rect card = ui.take(inner);
  canvas.begin_behind();
  canvas.shadow(card, kCardRadius, ui.palette().shadow_alpha);
  canvas.fill(card, ui.palette().accent, kCardRadius);
  canvas.end_front();
}

void draw_counts(App& app, Ui& ui) {
  if (!app.model.counts || !app.model.city) return;
  const report::Counts& counts = *app.model.counts;
  ui.gap(4);
  ui.heading(tr(Text::kCountsTitle, {app.model.city->name}), 2);
  ui.gap(10);
  ui.card({}, [&] {
    const std::pair<std::string, std::string_view> cells[] = {
        {grouped(counts.received), tr(Text::kCountReceived)},
        {grouped(counts.done), tr(Text::kCountDone)},
        {grouped(counts.in_process), tr(Text::kCountInProcess)},
    };
    Canvas& canvas = ui.canvas();
    const TextStyle number = {TextSize::kTitle, Weight::kBold};
    const TextStyle word = {TextSize::kSmall, Weight::kRegular};
    const float number_height = canvas.line_height(TextSize::kTitle);
    const Rect row = ui.take(number_height + canvas.line_height(TextSize::kSmall) + 4);
    const float cell = row.width / 3;
    // Beside each other, so equally smaller where one does not fit.
    float number_scale = 1;
    float word_scale = 1;
    for (const auto& [count, name] : cells) {
      number_scale = std::min(number_scale, (cell - 8) / canvas.measure(count, number).width);
      word_scale = std::min(word_scale, (cell - 8) / canvas.measure(name, word).width);
    }
    for (std::size_t i = 0; i < 3; ++i) {
      const Rect rect = {row.x + cell * static_cast<float>(i), row.y, cell, row.height};
      canvas.fitted_line({rect.x + 4, rect.y, rect.width - 8, number_height}, cells[i].first, number, ui.palette().text, number_scale);
      canvas.fitted_line({rect.x + 4, rect.y + number_height + 4, rect.width - 8, row.height - number_height - 4},
                         cells[i].second, word, ui.palette().text_2, word_scale);
      if (i > 0) canvas.segment({rect.x, rect.y + 4}, {rect.x, rect.bottom() - 4}, ui.palette().line, 1);
      ui.add_node({.id = ui.id_of(cells[i].second), .role = Role::kText, .label = std::string(cells[i].second) + " " + cells[i].first}, rect);
    }
  });
}

// Only when it matters: what is here is in danger, and there is something the city does not have.
void draw_storage_trouble(App& app, Ui& ui) {
  const App::StorageLight light = app.storage_light();
  const bool failing = light.tone == Tone::kDanger;
  // draw_storage_notice has told it.
  if (app.model.save.problem == "too_large" || app.model.save.problem == "memory") return;
  const bool unsent = std::any_of(app.model.reports.begin(), app.model.reports.end(),
                                  [](const auto& report) { return report.state != report::PhoneState::kReceived || report.photos_on_way; });
  if (!failing && (light.tone == Tone::kSuccess || light.can_ask || !unsent)) return;
  ui.gap(kGap);
  ui.banner(failing ? std::string_view{} : light.title, light.text, light.tone, "triangle-alert", failing);
  ui.gap(8);
  if (ui.button(tr(Text::kStorage), {.kind = ButtonKind::kSecondary, .icon = "hard-drive"})) app.push(Screen::kStorage);
}

}  // namespace

void draw_home(App& app, Ui& ui) {
  const Rect area = between(ui, ui.screen().y, kBarHeight);
  ui.scroller(tr(Text::kPage), area, [&] {
    draw_brand(app, ui);
    draw_storage_notice(app, ui);
    draw_call_to_report(app, ui);
    ui.gap(kGap);
    const std::string number = app.model.city ? app.model.city->emergency_number : "112";
    ui.link(tr(Text::kEmergencyText, {number}), tr(Text::kEmergencyLabel, {number}), "tel:" + number, "phone", Tone::kDanger);
    ui.gap(20);
    if (app.model.started) {
      const auto& reports = app.model.reports;
      const std::string all = tr(Text::kAllReports, {grouped(static_cast<std::int64_t>(reports.size()))});
      const float all_words = ui.canvas().measure(all, {TextSize::kSmall, Weight::kSemibold}).width;
      const float all_width = reports.size() > kShownReports ? std::max(all_words + 20, kTouch + 8) : 0;
      const float heading_width = ui.canvas().measure(tr(Text::kMyReports), {TextSize::kTitle, Weight::kBold}).width;
      const bool beside = heading_width + all_width <= ui.width();
      const Rect row = ui.take(0);
      const float heading_height = ui.take(ui.in_column({row.x, row.y, row.width - (beside ? all_width : 0), 0}, [&] {
        ui.heading(tr(Text::kMyReports), 2);
      })).height;
      if (all_width > 0) {
        const float top = beside ? row.y + heading_height / 2 - 24 : ui.take(kTouch).y;
        if (ui.text_button({row.right() - all_width + 8, top, all_width - 8, kTouch}, all)) app.show_tab(Screen::kReports);
      }
      ui.gap(10);
      if (reports.empty()) {
        ui.card({}, [&] {
          ui.text(tr(Text::kNoReports), {.style = {TextSize::kBody, Weight::kSemibold}});
          ui.gap(2);
          ui.text(tr(Text::kNoReportsHint), {.style = {TextSize::kSmall, Weight::kRegular}, .secondary = true});
        });
        ui.gap(kGap);
      } else {
        ui.list(tr(Text::kMyReports), [&] {
          for (std::size_t i = 0; i < std::min(reports.size(), kShownReports); ++i) {
            ui.list_item(i, [&] { draw_report_row(app, ui, reports[i], i); });
          }
        });
      }
    }
    if (!app.model.started) {
      ui.heading(tr(Text::kMyReports), 2);
      ui.gap(10);
      ui.skeleton_rows(2, kReportRowHeight, tr(Text::kLoading));
    }
    draw_new_version(app, ui);
    draw_install_offer(app, ui);
    draw_counts(app, ui);
    draw_storage_trouble(app, ui);
  });
  draw_tabs(app, ui, Screen::kHome);
}

void draw_reports(App& app, Ui& ui) {
  const Rect area = between(ui, ui.screen().y, kBarHeight);
  const bool pulled = ui.pull_scroller(tr(Text::kPage), area, app.refreshing(), [&] {
    ui.gap(10);
    draw_list_heading(app, ui, tr(Text::kMyReports));
    if (app.model.started && app.model.reports.empty()) {
      if (ui.empty_state({.icon = "file-text", .title = tr(Text::kNoReports), .text = tr(Text::kNoReportsHint),
                          .action = tr(Text::kMakeReport), .action_icon = "camera"})) {
        app.new_report();
      }
      return;
    }
    if (!app.model.started) return ui.skeleton_rows(3, kReportRowHeight, tr(Text::kLoading));
    ui.long_list(tr(Text::kMyReports), app.model.reports.size(),
                 [&](std::size_t i) { draw_report_row(app, ui, app.model.reports[i], i); });
  });
  if (pulled) app.refresh();
  draw_tabs(app, ui, Screen::kReports);
}

}  // namespace titik::ui
