// Step 2, Lokasi: the map with the pin, this phone's place, the landmark in words.
#include <algorithm>

#include "geo/boundary.h"
#include "ui/format.h"
#include "ui/screens/parts.h"

namespace titik::ui {
namespace {

constexpr double kStreetZoom = 17;

void look_at_place(App& app, const Rect& rect) {
  if (app.place_view || !app.model.city) return;
  const report::CityProfile& city = *app.model.city;
  geo::MapView view = geo::fit(city.boundary, static_cast<double>(rect.width), static_cast<double>(rect.height), 16);
  if (app.draft().place) {
    view.centre = app.draft().place->point;
    view.zoom = kStreetZoom;
    // A coarse fix is shown with all of its circle.
    for (int i = 0; i < 8 && app.draft().place->accuracy_m / view.metres_per_pixel() > view.height * 0.4; ++i) view.zoom -= 1;
  }
  app.place_view = view;
}

void draw_map(App& app, Ui& ui) {
  const Rect rect = ui.take(std::clamp(ui.input().size.height * 0.36f, 180.0f, 340.0f));
  look_at_place(app, rect);
  if (!app.place_view || !app.model.city) {
    ui.canvas().fill(rect, ui.palette().surface_2, kCardRadius);
    return;
  }
  const report::CityProfile& city = *app.model.city;
  const std::optional<report::Place>& place = app.draft().place;
  const MapResult result = ui.map(rect, "map", *app.place_view,
      {.label = tr(Text::kMapOf, {city.name}), .boundary = city.boundary,
       .pin = place ? std::optional(place->point) : std::nullopt, .accuracy_m = place ? place->accuracy_m : 0,
       .north = tr(Text::kNorth)});
  if (result.placed) app.set_place(*result.placed);

  // Without a place its button stands beneath, with words (draw_summary).
  if (place || app.searching_place()) {
    const Rect me = {rect.right() - 60, rect.bottom() - 60, 48, 48};
    ui.canvas().shadow(me, 24, ui.palette().shadow_alpha * 1.5f);
    ui.canvas().disc(me.centre(), 24, ui.palette().surface);
    if (ui.icon_button(me, "locate-fixed", tr(Text::kUseMyPlace))) app.find_me();
  }
  const Rect closer = {rect.right() - 60, rect.y + 48, 48, 48};
  if (rect.height > 220) {
    ui.canvas().fill({closer.x + 4, closer.y, 40, 96}, ui.palette().surface, 20);
    if (ui.icon_button(closer, "plus", tr(Text::kZoomIn))) app.place_view->zoom_about(app.place_view->width / 2, app.place_view->height / 2, 2);
    if (ui.icon_button({closer.x, closer.y + 48, 48, 48}, "minus", tr(Text::kZoomOut))) app.place_view->zoom_about(app.place_view->width / 2, app.place_view->height / 2, 0.5);
  }
}

void draw_summary(App& app, Ui& ui) {
  const report::CityProfile* city = app.model.city ? &*app.model.city : nullptr;
  const std::optional<report::Place>& place = app.draft().place;
  PlaceWords words = {std::string(tr(Text::kPlaceNone)), std::string(tr(Text::kPlaceNoneHint))};
  if (place) words = place_words(*place);
  std::vector<std::pair<std::string, ChipDesc>> chips;
  if (app.searching_place()) {
    const auto& best = app.fix()->best();
    words.detail = best ? tr(Text::kPlaceSearchingBest, {metres(best->accuracy_m)}) : std::string(tr(Text::kPlaceSearching));
  } else if (place && place->source == report::PlaceSource::kGps) {
    const bool precise = geo::fix_quality(place->accuracy_m) == geo::FixQuality::kPrecise;
    chips.push_back({std::string(tr(precise ? Text::kPlacePrecise : Text::kPlaceRough)),
                     precise ? ChipDesc{Tone::kSuccess, "check"} : ChipDesc{Tone::kWarning, "circle-alert"}});
  }
  // In sight, above what it is about.
  if (app.place_problem) {
    ui.banner({}, tr(*app.place_problem), Tone::kWarning, "circle-alert", true);
    ui.gap(kGap);
  }
  ui.card({}, [&] {
    ui.text(words.title, {.style = {TextSize::kBody, Weight::kSemibold}});
    ui.gap(2);
    ui.text(words.detail, {.style = {TextSize::kSmall, Weight::kRegular}, .secondary = true});
    if (!chips.empty()) {
      ui.gap(8);
      ui.chips(chips);
    }
    if (!place && !app.searching_place()) {
      ui.gap(10);
      if (ui.button(tr(Text::kUseMyPlace), {.kind = ButtonKind::kSecondary, .icon = "locate-fixed"})) app.find_me();
      ui.gap(8);
      // One plain sentence before the browser asks.
      ui.text(tr(app.place_allowed ? Text::kPlacePrivacy : Text::kPlaceAsks), {.style = {TextSize::kSmall, Weight::kRegular}, .secondary = true});
    }
  });
  if (place && city && geo::distance_outside_m(city->boundary, place->point) > std::max(place->accuracy_m, 500.0)) {
    ui.gap(kGap);
    ui.banner(tr(Text::kPlaceOutside, {city->name}), tr(Text::kPlaceOutsideHint), Tone::kWarning, "triangle-alert");
  }
}

}  // namespace

void draw_place_step(App& app, Ui& ui) {
  const StepAction action = draw_step(app, ui, {.step = 1, .heading = tr(Text::kStepPlace), .next = tr(Text::kNext), .second = tr(Text::kBack)}, [&] {
    ui.gap(kGap);
    draw_map(app, ui);
    ui.gap(kGap);
    draw_summary(app, ui);
    ui.gap(kGap);
    std::string_view error = app.problem_of(report::Field::kLandmark);
    if (error.empty()) error = app.problem_of(report::Field::kPlace);
    if (ui.text_field(tr(Text::kLandmark), app.draft().landmark,
                      {.hint = tr(Text::kLandmarkHint), .error = error, .max_length = report::kMaxLandmark})) {
      app.changed();
    }
  });
  if (action == StepAction::kSecond) app.pop();
  if (action == StepAction::kNext) app.push(Screen::kStory, app.draft().id);
}

}  // namespace titik::ui
