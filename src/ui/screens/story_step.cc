// Step 3, Cerita: what it is about, in the citizen's words.
#include "ui/format.h"
#include "ui/screens/parts.h"

namespace titik::ui {
namespace {

using report::Classification;
using report::Field;

void draw_kind(App& app, Ui& ui) {
  const std::vector<std::string> short_names = {std::string(tr(Text::kKindComplaint)), std::string(tr(Text::kKindInformationShort)),
                                                  std::string(tr(Text::kKindAspiration))};
  const std::vector<std::string> names = {std::string(tr(Text::kKindComplaint)), std::string(tr(Text::kKindInformation)),
                                                 std::string(tr(Text::kKindAspiration))};
  report::Draft& draft = app.draft();
  const auto chosen = ui.radio_pills(tr(Text::kKind), short_names, names, static_cast<std::size_t>(draft.classification) - 1);
  if (!chosen) return;
  draft.classification = static_cast<Classification>(*chosen + 1);
  if (draft.classification == Classification::kComplaint && draft.incident_date.empty()) draft.incident_date = app.today();
  app.changed();
}

void draw_category(App& app, Ui& ui) {
  if (!app.model.city) return;
  std::vector<Ui::GridOption> options;
  std::optional<std::size_t> current;
  for (const report::Category& category : app.model.city->categories) {
    if (category.id == app.draft().category_id) current = options.size();
    options.push_back({std::string(name_of(category)), category.icon, hours_words(category.hours)});
  }
  const auto chosen = ui.icon_grid(tr(Text::kCategory), options, current, app.problem_of(Field::kCategory));
  if (chosen) {
    app.draft().category_id = app.model.city->categories[*chosen].id;
    app.changed();
  }
  const report::Agency* agency = app.model.city->agency_of_category(app.draft().category_id);
  if (agency && agency->vertical) {
    ui.gap(kGap);
    ui.banner({}, tr(Text::kVertical, {name_of(*agency)}), Tone::kInfo, "info");
  }
}

void draw_identity(App& app, Ui& ui) {
  report::Draft& draft = app.draft();
  ui.card({}, [&] {
    if (ui.switch_row(tr(Text::kAnonymous), tr(Text::kAnonymousDetail), "eye-off", draft.is_anonymous)) {
      draft.is_anonymous = !draft.is_anonymous;
      app.changed();
    }
    ui.gap(8);
    if (ui.switch_row(tr(Text::kSecret), tr(Text::kSecretDetail), "lock", draft.is_secret)) {
      draft.is_secret = !draft.is_secret;
      app.changed();
    }
  });
  if (draft.is_anonymous) return;
  ui.gap(20);
  ui.heading(tr(Text::kAboutYou), 2, TextStyle{TextSize::kBody, Weight::kSemibold});
  ui.gap(2);
  ui.text(tr(Text::kAboutYouHint), {.style = {TextSize::kSmall, Weight::kRegular}, .secondary = true});
  ui.gap(10);
  if (ui.text_field(tr(Text::kName), draft.reporter_name,
                    {.error = app.problem_of(Field::kReporterName), .max_length = report::kMaxName, .flags = kPersonName})) {
    app.changed();
  }
  ui.gap(kGap);
  if (ui.text_field(tr(Text::kPhone), draft.reporter_phone,
                    {.error = app.problem_of(Field::kReporterPhone), .max_length = report::kMaxPhone, .flags = kPhone})) {
    app.changed();
  }
}

}  // namespace

void draw_story_step(App& app, Ui& ui) {
  const StepAction action = draw_step(app, ui, {.step = 2, .heading = tr(Text::kStepStory), .next = tr(Text::kNext), .second = tr(Text::kBack)}, [&] {
    report::Draft& draft = app.draft();
    ui.gap(10);
    draw_kind(app, ui);
    ui.gap(kGap);
    draw_category(app, ui);
    ui.gap(kGap);
    if (ui.text_field(tr(Text::kTitle), draft.title,
                      {.hint = tr(Text::kTitleHint), .error = app.problem_of(Field::kTitle), .max_length = report::kMaxTitle})) {
      app.changed();
    }
    ui.gap(kGap);
    if (ui.text_area(tr(Text::kContent), draft.content,
                     {.hint = tr(Text::kContentHint), .error = app.problem_of(Field::kContent),
                      .max_length = report::kMaxContent, .always_count = true})) {
      app.changed();
    }
    if (draft.classification == Classification::kComplaint) {
      ui.gap(kGap);
      const std::string shown = date_words(draft.incident_date);
      if (ui.date_field(tr(Text::kIncidentDate), draft.incident_date, shown,
                        {.hint = tr(Text::kIncidentDateHint), .error = app.problem_of(Field::kIncidentDate)})) {
        app.changed();
      }
    }
    ui.gap(kGap);
    draw_identity(app, ui);
  });
  if (action == StepAction::kSecond) app.pop();
  if (action == StepAction::kNext) app.push(Screen::kCheck, app.draft().id);
}

}  // namespace titik::ui
