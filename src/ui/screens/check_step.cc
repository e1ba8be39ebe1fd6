// Step 4, Periksa: all of it once more, then one tap; and what the tap led to.
#include "report/validation.h"
#include "ui/format.h"
#include "ui/screens/parts.h"

namespace titik::ui {
namespace {

using report::Field;

int steps_back_to(Field field) {
  switch (field) {
    case Field::kPhotos: return 3;
    case Field::kPlace:
    case Field::kLandmark: return 2;
    default: return 1;
  }
}

void draw_problems(App& app, Ui& ui) {
  const std::vector<report::Problem> problems = app.problems();
  if (!app.show_problems || problems.empty()) return;
  std::string words;
  for (const report::Problem& problem : problems) {
    if (!words.empty()) words += "\n";
    words += problem_words(problem);
  }
  ui.banner(tr(Text::kIncomplete), words, Tone::kDanger, "circle-alert", true);
  ui.gap(8);
  const int steps = steps_back_to(problems.front().field);
  const Text label = steps == 3 ? Text::kCheckEditPhotos : steps == 2 ? Text::kCheckEditPlace : Text::kCheckEditStory;
  if (ui.button(tr(label), {.kind = ButtonKind::kSecondary, .icon = "pencil"})) app.pop(steps);
  ui.gap(kGap);
}

std::int64_t bytes_to_send(const report::Draft& draft) {
  std::int64_t bytes = static_cast<std::int64_t>(draft.title.size() + draft.content.size() + draft.landmark.size()) + 1500;
  return bytes + photo_bytes(draft);
}

void draw_summary(App& app, Ui& ui) {
  const report::Draft& draft = app.draft();
  const report::Category* category = app.model.city ? app.model.city->category(draft.category_id) : nullptr;
  const report::Agency* agency = app.model.city ? app.model.city->agency_of_category(draft.category_id) : nullptr;
  ui.card({}, [&] {
    const float picture = draft.photos.empty() ? 0.0f : 84.0f;
    const float indent = picture > 0 ? picture + 12 : 0;
    const Rect top = ui.take(0);
    const float height = ui.in_column({top.x + indent, top.y, top.width - indent, 0}, [&] {
      ui.text(draft.title.empty() ? tr(Text::kUntitled) : std::string_view(draft.title), {.style = {TextSize::kBody, Weight::kSemibold}});
      constexpr TextDesc kSmall = {.style = {TextSize::kSmall, Weight::kRegular}, .secondary = true};
      if (category && agency) {
        ui.gap(4);
        ui.text(tr(Text::kCheckCategory, {name_of(*category), name_of(*agency), hours_words(category->hours)}), kSmall);
      }
      if (draft.place) {
        ui.gap(2);
        ui.text(place_words(*draft.place).detail, kSmall);
      }
      if (!draft.landmark.empty()) {
        ui.gap(2);
        ui.text(draft.landmark, kSmall);
      }
      if (draft.classification == report::Classification::kComplaint && !draft.incident_date.empty()) {
        ui.gap(2);
        ui.text(tr(Text::kCheckIncident, {date_words(draft.incident_date)}), kSmall);
      }
    });
    const Rect rest = ui.take(std::max(height, picture));
    if (picture > 0) {
      ui.photo({rest.x, rest.y, picture, picture},
               {.sha256 = draft.photos.front().thumbnail_sha256,
                .label = tr(Text::kPhotoLabel, {"1", std::to_string(draft.photos.size())}), .radius = 12});
    }
  });
  ui.gap(kGap);
  if (!draft.content.empty()) {
    ui.card({}, [&] {
      ui.heading(tr(Text::kCheckStory), 2, TextStyle{TextSize::kBody, Weight::kSemibold});
      ui.gap(4);
      ui.text(draft.content, {.style = {TextSize::kSmall, Weight::kRegular}});
    });
    ui.gap(kGap);
  }
}

}  // namespace

void draw_check_step(App& app, Ui& ui) {
  const StepAction action = draw_step(app, ui, {.step = 3, .heading = tr(Text::kStepCheck), .next = tr(Text::kSendReport), .next_icon = "send"}, [&] {
    const report::Draft& draft = app.draft();
    ui.gap(kGap);
    draw_problems(app, ui);
    if (report::reads_like_emergency(draft.title, draft.content)) {
      ui.banner(tr(Text::kEmergencyHintTitle), tr(Text::kEmergencyHintText), Tone::kDanger, "phone", true);
      ui.gap(8);
      const std::string number = app.model.city ? app.model.city->emergency_number : "112";
      ui.link(tr(Text::kEmergencyText, {number}), tr(Text::kEmergencyLabel, {number}), "tel:" + number, "phone", Tone::kDanger);
      ui.gap(kGap);
    }
    draw_summary(app, ui);
    ui.card({}, [&] {
      if (ui.switch_row(tr(Text::kAnonymous), tr(Text::kAnonymousDetail), "eye-off", draft.is_anonymous)) {
        app.draft().is_anonymous = !draft.is_anonymous;
        app.changed();
      }
      if (draft.is_secret) {
        ui.gap(8);
        ui.text(tr(Text::kCheckSecret), {.style = {TextSize::kSmall, Weight::kRegular}, .secondary = true});
      }
    });
    ui.gap(kGap);
    const std::string size = data_size(bytes_to_send(draft));
    std::string facts = draft.photos.empty() ? std::string(tr(Text::kCheckNoPhotos)) + ", " + size
                                             : tr(Plural::kCheckPhotos, static_cast<std::int64_t>(draft.photos.size()), {std::to_string(draft.photos.size()), size});
    facts += " · " + std::string(tr(Text::kCheckSendsLater));
    ui.text(facts, {.style = {TextSize::kSmall, Weight::kRegular}, .secondary = true});
    ui.gap(kGap);
    if (!draft.photos.empty()) {
      ui.card({}, [&] { draw_photos_wait(app, ui); });
      ui.gap(8);
    }
    if (ui.button(tr(Text::kDeleteDraft), {.kind = ButtonKind::kText, .icon = "trash-2"})) app.confirm_delete = true;
  });
  if (action == StepAction::kNext && !app.confirm_delete) app.submit();
  if (!app.confirm_delete) return;
  const int answer = ui.dialog({.title = tr(Text::kDeleteTitle), .text = tr(Text::kDeleteText), .action = tr(Text::kDeleteYes),
                                .cancel = tr(Text::kCancel), .kind = ButtonKind::kDanger, .icon = "trash-2"});
  if (answer != 0) app.confirm_delete = false;
  if (answer == 1) app.delete_draft();
}

void draw_sent(App& app, Ui& ui) {
  const std::string& id = app.current().report_id;
  const engine::ReportDetail* detail = app.model.detail(id);
  const engine::ReportSummary* summary = app.model.summary(id);
  using report::PhoneState;
  const PhoneState state = summary ? summary->state : PhoneState::kQueued;
  const bool received = state == PhoneState::kReceived;
  const Rect screen = ui.screen();
  if (ui.icon_button({screen.right() - 60, screen.y + 4, 48, 48}, "x", tr(Text::kClose))) app.pop();

  const ButtonDesc see = {.kind = ButtonKind::kPrimary};
  const float foot = std::max(kPrimaryHeight, ui.foot_height({}, tr(Text::kSeeReport), see)) + 12 + kMargin;
  const Rect middle = between(ui, screen.y + 56, foot);
  ui.scroller(tr(Text::kPage), middle, [&] {
    ui.gap(4);
    const float disc = std::min(84.0f, middle.height * 0.2f);
    const Rect circle = ui.take(disc);
    const Tone tone = received ? Tone::kSuccess : state == PhoneState::kNeedsAttention ? Tone::kDanger : Tone::kInfo;
    const std::string_view icon = received                               ? "check-check"
                                  : state == PhoneState::kNeedsAttention ? "circle-alert"
                                  : state == PhoneState::kSending        ? "send"
                                                                         : "wifi-off";
    ui.canvas().disc(circle.centre(), disc / 2, tone_ground(ui.palette(), tone));
    ui.canvas().icon(icon, circle.centre(), disc * 0.48f, tone_text(ui.palette(), tone));
    ui.gap(14);
    const Text heading = received                               ? Text::kSent
                         : state == PhoneState::kNeedsAttention ? Text::kNeedsAttention
                         : state == PhoneState::kSending        ? Text::kSending
                                                                : Text::kWaitingForNetwork;
    ui.status_heading(tr(heading));
    ui.gap(6);
    std::string words(tr(state == PhoneState::kNeedsAttention ? Text::kAttentionDetail
                         : state == PhoneState::kSending      ? Text::kSendingDetail
                                                              : Text::kWaitingDetail));
    const report::Category* category = summary && app.model.city ? app.model.city->category(summary->category_id) : nullptr;
    const report::Agency* agency = summary && app.model.city ? app.model.city->agency_of_category(summary->category_id) : nullptr;
    if (received && category && agency) words = tr(Text::kSentDetail, {name_of(*agency), hours_words(category->hours)});
    if (received && detail && detail->photos_on_way) {
      if (app.model.sync.photos_held) words += " " + std::string(tr(Text::kPhotosHeld));
      else words += (words.empty() ? "" : " ") + tr(Text::kPhotosFollowDetail, {std::to_string(detail->photos_sent), std::to_string(detail->draft.photos.size())});
    }
    ui.text(words, {.secondary = true, .align = Align::kCentre});
    ui.gap(18);
    if (summary && !summary->tracking_id.empty()) {
      ui.card({}, [&] {
        ui.text(tr(Text::kTrackingLabel), {.style = {TextSize::kSmall, Weight::kRegular}, .secondary = true, .align = Align::kCentre, .silent = true});
        ui.gap(2);
        const Rect number = ui.take(ui.canvas().line_height(TextSize::kHeading));
        ui.canvas().fitted_line(number, summary->tracking_id, {TextSize::kHeading, Weight::kBold}, ui.palette().text);
        ui.add_node({.id = ui.id_of("tracking"), .role = Role::kText, .label = tr(Text::kTracking, {summary->tracking_id})}, number);
      });
      ui.gap(kGap);
    }
    ui.card({}, [&] {
      const bool taken = summary && !summary->status_name.empty() && status_tone(summary->status_name) != Tone::kNeutral;
      const std::string waiting(tr(Text::kTickWaiting));
      ui.list_row({.icon = "check", .title = tr(Text::kTickSaved), .value = detail && detail->submitted_at ? clock_time(detail->submitted_at, app.zone()) : std::string(), .chevron = false, .tone = Tone::kSuccess}, false);
      ui.list_row({.icon = "check-check", .title = tr(Text::kTickReceived), .value = received && detail && detail->received_at ? clock_time(detail->received_at, app.zone()) : waiting, .chevron = false, .tone = received ? Tone::kSuccess : Tone::kNeutral}, false);
      ui.list_row({.icon = "building-2", .title = tr(Text::kTickTaken), .value = taken ? std::string(status_words(summary->status_name)) : waiting, .chevron = false, .tone = taken ? Tone::kSuccess : Tone::kNeutral}, true);
    });
    if (detail && state == PhoneState::kQueued) draw_sms(app, ui, *detail);
    ui.gap(kGap);
    if (!received) draw_notify_offer(app, ui);
    draw_install_offer(app, ui);
  });
  ui.in_column({screen.x + kMargin, middle.bottom() + 12, screen.width - 2 * kMargin, 0}, [&] {
    if (ui.button(tr(Text::kSeeReport), see)) app.open_report(id);
  });
}

}  // namespace titik::ui
