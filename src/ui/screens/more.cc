// Sekitar: what others reported. Lainnya: storage, text size, about. And what is shown when nothing works.
#include <algorithm>

#include "ui/format.h"
#include "ui/screens/parts.h"

namespace titik::ui {
namespace {

constexpr TextDesc kSmall = {.style = {TextSize::kSmall, Weight::kRegular}, .secondary = true};
constexpr int kTextScales[] = {100, 125, 150, 200};

int next_text_scale(int percent) {
  for (const int scale : kTextScales) {
    if (scale > percent) return scale;
  }
  return kTextScales[0];
}

void draw_storage_row(App& app, Ui& ui) {
  const App::StorageLight light = app.storage_light();
  ui.card({}, [&] {
    if (ui.list_row({.icon = light.tone == Tone::kSuccess ? "hard-drive" : "triangle-alert", .title = light.title,
                     .detail = storage_words(app), .tone = light.tone}, true)) {
      app.push(Screen::kStorage);
    }
  });
}

void draw_notify_row(App& app, Ui& ui) {
  if (app.notify == Notify::kAsk) return draw_notify_offer(app, ui);
  if (app.notify == Notify::kNone) return;
  const bool on = app.notify == Notify::kOn;
  ui.card({}, [&] {
    ui.list_row({.icon = "bell", .title = tr(Text::kNotify), .detail = tr(on ? Text::kNotifyText : Text::kNotifyBlocked),
                 .value = tr(on ? Text::kNotifyOn : Text::kNotifyOff), .chevron = false}, true);
  });
  ui.gap(kGap);
}

// Each language by its own name, and the label in both: whoever reads only the other must find it.
void draw_language(App& app, Ui& ui) {
  const std::vector<std::string> names = {std::string(tr(Text::kLanguageIndonesian)), std::string(tr(Text::kLanguageEnglish))};
  ui.heading(tr(Text::kLanguage), 2);
  ui.gap(8);
  if (const auto chosen = ui.radio_pills(tr(Text::kLanguage), names, names, static_cast<std::size_t>(app.chosen_language()))) {
    app.choose_language(static_cast<Language>(*chosen));
  }
  if (!app.language_failed) return;
  ui.gap(8);
  ui.banner({}, tr(Text::kLanguageFailed), Tone::kWarning, "wifi-off", true);
}

}  // namespace

void draw_nearby(App& app, Ui& ui) {
  const Rect area = between(ui, ui.screen().y, kBarHeight);
  const bool pulled = ui.pull_scroller(tr(Text::kPage), area, app.refreshing(), [&] {
    ui.gap(10);
    draw_list_heading(app, ui, tr(Text::kNearbyTitle));
    if (!app.model.city) return;
    const report::CityProfile& city = *app.model.city;
    const std::vector<report::PublicReport> none;
    const std::vector<report::PublicReport>& reports = app.model.nearby ? *app.model.nearby : none;
    std::vector<MapPin> pins;
    for (const report::PublicReport& report : reports) {
      if (!report.point) continue;
      const Tone tone = status_tone(report.status_name);
      pins.push_back({*report.point, tone == Tone::kNeutral ? Tone::kWarning : tone});
    }
    const Rect rect = ui.take(std::clamp(ui.input().size.height * 0.4f, 180.0f, 380.0f));
    if (!app.nearby_view) {
      app.nearby_view = geo::fit(city.boundary, static_cast<double>(rect.width), static_cast<double>(rect.height), 16);
    }
    ui.map(rect, "map", *app.nearby_view,
           {.label = tr(Text::kNearbyMap, {city.name}), .boundary = city.boundary, .pins = pins, .north = tr(Text::kNorth), .can_place = false});
    ui.gap(16);
    if (reports.empty()) {
      if (app.model.nearby || !app.refreshing()) ui.empty_state({.icon = "map-pin", .title = tr(Text::kNearbyTitle), .text = tr(Text::kNearbyEmpty)});
      else ui.skeleton_rows(2, kReportRowHeight, tr(Text::kLoading));
      return;
    }
    const auto count = static_cast<std::int64_t>(reports.size());
    ui.heading(tr(Plural::kNearbyCount, count, {grouped(count)}), 2);
    ui.gap(kGap);
    ui.long_list(tr(Text::kNearbyTitle), reports.size(), [&](std::size_t i) {
      const report::PublicReport& report = reports[i];
      const report::Category* category = city.category(report.category_id);
      ui.card({}, [&] {
        ui.text(report.title, {.style = {TextSize::kBody, Weight::kSemibold}});
        ui.gap(2);
        ui.text((category ? std::string(name_of(*category)) + ", " : std::string()) + moment(report.received_at, app.now(), app.zone()), kSmall);
        ui.gap(8);
        ui.chips({{std::string(status_words(report.status_name)), {status_tone(report.status_name), ""}}});
      });
      ui.gap(kGap);
    });
  });
  if (pulled) app.refresh();
  draw_tabs(app, ui, Screen::kNearby);
}

void draw_more(App& app, Ui& ui) {
  const Rect area = between(ui, ui.screen().y, kBarHeight);
  ui.scroller(tr(Text::kPage), area, [&] {
    ui.gap(16);
    ui.heading(tr(Text::kMoreTitle), 1);
    ui.gap(kGap);
    draw_storage_row(app, ui);
    ui.gap(kGap);
    ui.card({}, [&] {
      const int scale = app.model.settings.text_scale;
      if (app.model.city) {
        ui.list_row({.icon = "map-pin", .title = tr(Text::kCity), .value = app.model.city->name, .chevron = false}, false);
      }
      if (ui.list_row({.icon = "a-large-small", .title = tr(Text::kTextSize), .value = tr(Text::kPercent, {std::to_string(scale)})}, true)) {
        app.set_text_scale(next_text_scale(scale));
      }
    });
    ui.gap(kGap);
    draw_notify_row(app, ui);
    ui.heading(tr(Text::kDataUse), 2);
    ui.gap(8);
    ui.card({}, [&] {
      draw_photos_wait(app, ui);
      ui.list_row({.icon = "send", .title = tr(Text::kSentToday), .value = data_size(app.model.sync.sent_today), .chevron = false}, true);
    });
    ui.gap(20);
    draw_language(app, ui);
    ui.gap(20);
    ui.heading(tr(Text::kAbout), 2);
    ui.gap(8);
    for (const Text text : {Text::kAboutText, Text::kAboutCompatible, Text::kAboutParts}) {
      ui.text(tr(text), kSmall);
      ui.gap(8);
    }
    ui.text(tr(Text::kVersion, {TITIK_VERSION}), {.style = {TextSize::kSmall, Weight::kRegular}, .secondary = true, .align = Align::kCentre});
  });
  draw_tabs(app, ui, Screen::kMore);
}

void draw_fatal(App& app, Ui& ui) {
  struct Words { std::string_view code; Text title, text; };
  constexpr Words kWords[] = {
      {"other_owner", Text::kFatalOwner, Text::kFatalOwnerText},
      {"idb_refused", Text::kFatalStorage, Text::kFatalStorageText},
      {"newer", Text::kFatalNewer, Text::kFatalNewerText},
  };
  Words words = {"", Text::kFatalOther, Text::kFatalOtherText};
  for (const Words& one : kWords) {
    if (one.code == app.model.fatal) words = one;
  }
  ui.scroller(tr(Text::kPage), ui.screen(), [&] {
    ui.gap(48);
    ui.heading(tr(words.title), 1);
    ui.gap(8);
    ui.text(tr(words.text), {.secondary = true});
    ui.gap(20);
    if (app.model.fatal == "other_owner" && ui.button(tr(Text::kTakeOver))) app.take_over();
    ui.gap(kGap);
    ui.link(tr(Text::kEmergencyText, {"112"}), tr(Text::kEmergencyLabel, {"112"}), "tel:112", "phone", Tone::kDanger);
  });
}

}  // namespace titik::ui
