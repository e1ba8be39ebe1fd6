// Rincian: what was reported, what the city did about it, and when.
#include <algorithm>
#include <cmath>

#include "base/number.h"
#include "report/report.h"
#include "ui/format.h"
#include "ui/screens/parts.h"

namespace titik::ui {
namespace {

using engine::ReportDetail;
using engine::TimelineEntry;
using report::PhoneState;

constexpr TextDesc kSmall = {.style = {TextSize::kSmall, Weight::kRegular}, .secondary = true};

struct EntryLook { std::string_view icon; Tone tone; };
EntryLook look_of(TimelineEntry::Kind kind) {
  switch (kind) {
    case TimelineEntry::Kind::kReceived: return {"check-check", Tone::kSuccess};
    case TimelineEntry::Kind::kStatus: return {"refresh-cw", Tone::kInfo};
    case TimelineEntry::Kind::kDisposition: return {"building-2", Tone::kInfo};
    case TimelineEntry::Kind::kAnswer: return {"message-square", Tone::kInfo};
    case TimelineEntry::Kind::kAction: return {"check", Tone::kSuccess};
    case TimelineEntry::Kind::kCitizen: return {"user", Tone::kNeutral};
  }
  return {"info", Tone::kNeutral};
}

std::string entry_title(const TimelineEntry& entry) {
  if (entry.kind == TimelineEntry::Kind::kReceived) return std::string(tr(Text::kReceived));
  if (!entry.who.empty() && entry.text.find(entry.who) == std::string::npos) return entry.who + ": " + entry.text;
  return entry.text;
}

// `first`: the viewer's number of this entry's first picture.
void draw_evidence(App& app, Ui& ui, const ReportDetail& detail, const TimelineEntry& entry, std::size_t first) {
  std::vector<const engine::Evidence*> pictures;
  for (const engine::Evidence& evidence : entry.evidence) {
    if (is_picture(evidence)) {
      pictures.push_back(&evidence);
    } else {
      ui.gap(6);
      ui.text(tr(Text::kEvidenceFile, {evidence.file_name}), kSmall);
    }
  }
  if (pictures.empty()) return;
  ui.gap(8);
  const auto look_at = [&](std::size_t photo) {
    app.push(Screen::kViewer, detail.draft.id, photo);
    app.photo_view = {};
  };
  const auto label_of = [&](std::size_t i) { return tr(Text::kEvidenceLabel, {std::to_string(i + 1), entry.who}); };
  // Before and after in one picture: the citizen judges for themselves.
  const bool compare = entry.kind == TimelineEntry::Kind::kAction && !detail.draft.photos.empty();
  if (compare) {
    const std::string name(tr(Text::kCompare));
    const auto value = [](int share) { return tr(Text::kCompareValue, {std::to_string(share), std::to_string(100 - share)}); };
    const std::string before = tr(Text::kReportPhotoLabel, {"1"});
    const std::string after = label_of(0);
    const Rect rect = ui.take(std::round(ui.width() * 0.66f));
    switch (ui.before_after(rect, {.sha256 = detail.draft.photos.front().sha256, .label = before, .caption = tr(Text::kBefore)},
                            {.sha256 = shown(*pictures.front()), .label = after, .caption = tr(Text::kAfter)},
                            {.label = name, .value = value})) {
      case 1: look_at(0); break;
      case 2: look_at(first); break;
      default: break;
    }
  }
  constexpr float kSpace = 6;
  const std::size_t begin = compare ? 1 : 0;
  const std::size_t rest = pictures.size() - begin;
  if (rest == 0) return;
  if (compare) ui.gap(kSpace);
  const float half = (ui.width() - kSpace) / 2;
  const float height = std::max(kTouch, half * 0.66f);
  const Rect area = ui.take(static_cast<float>((rest + 1) / 2) * (height + kSpace) - kSpace);
  for (std::size_t i = 0; i < rest; ++i) {
    const Rect rect = {area.x + static_cast<float>(i % 2) * (half + kSpace), area.y + static_cast<float>(i / 2) * (height + kSpace), half, height};
    if (ui.photo_button(rect, {.sha256 = shown(*pictures[begin + i]), .label = label_of(begin + i), .radius = 12}, "evidence", i, false)) {
      look_at(first + begin + i);
    }
  }
}

void draw_history(App& app, Ui& ui, const ReportDetail& detail) {
  ui.heading(tr(Text::kHistory), 2);
  ui.gap(10);
  if (detail.timeline.empty()) {
    ui.text(tr(Text::kHistoryEmpty), kSmall);
    return;
  }
  std::size_t shown = detail.draft.photos.size();  // of the viewer's photos, before this entry's
  ui.list(tr(Text::kHistory), [&] {
    for (std::size_t i = 0; i < detail.timeline.size(); ++i) {
      const TimelineEntry& entry = detail.timeline[i];
      const EntryLook look = look_of(entry.kind);
      ui.list_item(i, [&] {
        ui.timeline_item(look.icon, look.tone, i + 1 == detail.timeline.size(), [&] {
          ui.text(entry_title(entry), {.style = {TextSize::kBody, Weight::kSemibold}});
          std::string when = moment(entry.at, app.now(), app.zone());
          if (entry.kind == TimelineEntry::Kind::kAction && detail.received_at != 0) {
            when += ", " + tr(Text::kAfterReport, {duration(entry.at - detail.received_at)});
          }
          if (entry.kind == TimelineEntry::Kind::kAnswer) when += ", " + std::string(tr(Text::kAnswerOnly));
          ui.gap(2);
          ui.text(when, kSmall);
          draw_evidence(app, ui, detail, entry, shown);
        });
      });
      shown += static_cast<std::size_t>(std::count_if(entry.evidence.begin(), entry.evidence.end(), is_picture));
    }
  });
}

void draw_state(App& app, Ui& ui, const ReportDetail& detail) {
  switch (detail.state) {
    case PhoneState::kQueued:
      ui.status(tr(Text::kWaitingForNetwork), Tone::kNeutral, "wifi-off");
      ui.gap(4);
      ui.text(tr(Text::kWaitingDetail), kSmall);
      ui.gap(kGap);
      if (ui.button(tr(Text::kSendNow), {.kind = ButtonKind::kSecondary, .icon = "send"})) app.send_now();
      draw_sms(app, ui, detail);
      break;
    case PhoneState::kSending: {
      const std::string total = std::to_string(detail.draft.photos.size());
      const auto sent = static_cast<std::size_t>(detail.photos_sent);
      ui.status(detail.draft.photos.empty() || sent >= detail.draft.photos.size()
                    ? std::string(tr(Text::kSending))
                    : tr(Text::kSendingPhotos, {std::to_string(sent + 1), total}),
                Tone::kInfo, "send");
      if (!detail.draft.photos.empty()) {
        ui.gap(8);
        ui.progress_bar(static_cast<float>(sent) / static_cast<float>(detail.draft.photos.size()), tr(Text::kSending));
      }
      break;
    }
    case PhoneState::kNeedsAttention: {
      ui.status(tr(Text::kNeedsAttention), Tone::kDanger, "circle-alert");
      ui.gap(8);
      std::string words = detail.problem;
      for (const report::Problem& problem : detail.problems) {
        const std::string_view own = problem_words(problem);
        if (words.find(own) == std::string::npos) words += (words.empty() ? "" : "\n") + std::string(own);
      }
      ui.banner(words.empty() ? std::string_view{} : std::string_view(words), tr(Text::kAttentionDetail), Tone::kDanger, "circle-alert");
      ui.gap(kGap);
      if (std::any_of(detail.problems.begin(), detail.problems.end(), [](const report::Problem& one) { return one.field == report::Field::kId; })) {
        if (ui.button(tr(Text::kSendAsNew), {.icon = "send"})) app.send_as_new(detail.draft.id);
        ui.gap(8);
      }
      if (ui.button(tr(Text::kEditReport), {.kind = ButtonKind::kSecondary, .icon = "pencil"})) app.edit_report(detail.draft.id);
      break;
    }
    case PhoneState::kReceived:
      if (!detail.photos_on_way) {
        ui.status(tr(Text::kSent), Tone::kSuccess, "check-check");
        if (detail.problem.empty()) break;
        ui.gap(8);
        ui.banner(tr(Text::kPhotosLost), detail.problem, Tone::kWarning, "triangle-alert");
        break;
      }
      ui.status(tr(Text::kPhotosFollow, {std::to_string(detail.photos_sent), std::to_string(detail.draft.photos.size())}), Tone::kInfo, "check-check");
      ui.gap(8);
      ui.progress_bar(static_cast<float>(detail.photos_sent) / static_cast<float>(std::max<std::size_t>(1, detail.draft.photos.size())), tr(Text::kStepPhoto));
      ui.gap(8);
      ui.text(tr(app.model.sync.photos_held ? Text::kPhotosHeld : Text::kPhotosFollowText), kSmall);
      if (!app.model.sync.photos_held && app.model.sync.phase == engine::SyncStateChanged::Phase::kSending) break;
      ui.gap(kGap);
      if (ui.button(app.model.sync.photos_held ? tr(Text::kSendPhotosNow, {data_size(photo_bytes(detail.draft))}) : std::string(tr(Text::kSendNow)), {.kind = ButtonKind::kSecondary, .icon = "send"})) app.send_now();
      break;
    case PhoneState::kDraft: break;
  }
}

void draw_story(App& app, Ui& ui, const ReportDetail& detail) {
  const report::Draft& draft = detail.draft;
  ui.heading(tr(Text::kYourReport), 2);
  ui.gap(10);
  ui.card({}, [&] {
    ui.text(draft.content, {});
    const report::Category* category = app.model.city ? app.model.city->category(draft.category_id) : nullptr;
    const report::Agency* agency = app.model.city ? app.model.city->agency_of_category(draft.category_id) : nullptr;
    if (category && agency) {
      ui.gap(10);
      ui.text(tr(Text::kCheckCategory, {name_of(*category), name_of(*agency), hours_words(category->hours)}), kSmall);
    }
    std::string place;
    if (draft.place) {
      const std::string point = with_places(draft.place->point.latitude, 5) + ", " + with_places(draft.place->point.longitude, 5);
      place = tr(Text::kNoPlaceWords, {point}) + ", " + place_words(*draft.place).detail;
    }
    if (!draft.landmark.empty()) place = place.empty() ? draft.landmark : draft.landmark + " · " + place;
    ui.gap(4);
    ui.text(place, kSmall);
    if (!draft.incident_date.empty()) {
      ui.gap(4);
      ui.text(tr(Text::kCheckIncident, {date_words(draft.incident_date)}), kSmall);
    }
    if (draft.is_anonymous) {
      ui.gap(4);
      ui.text(tr(Text::kCheckAnonymous), kSmall);
    }
    if (draft.is_secret) {
      ui.gap(4);
      ui.text(tr(Text::kCheckSecret), kSmall);
    }
  });
}

void draw_photos(App& app, Ui& ui, const ReportDetail& detail, const Rect& hero) {
  const std::vector<report::Photo>& photos = detail.draft.photos;
  if (ui.photo_button(hero, {.sha256 = photos.front().sha256, .label = tr(Text::kReportPhotoLabel, {"1"}), .radius = 0}, "hero", 0, false)) {
    app.photo_view = {};
    app.push(Screen::kViewer, detail.draft.id, 0);
  }
}

}  // namespace

void draw_detail(App& app, Ui& ui) {
  const ReportDetail* detail = app.model.detail(app.current().report_id);
  app.look_at_evidence({});
  const Rect screen = ui.screen();
  // Read and reached first, drawn last: it floats over the page.
  ui.canvas().begin_front();
  if (ui.icon_button({screen.x + 10, screen.y + 10, 48, 48}, "chevron-left", tr(Text::kBack), true)) app.pop();
  ui.canvas().begin_behind();
  ui.scroller(tr(Text::kPage), screen, [&] {
    if (!detail) {
      ui.gap(72);
      if (app.is_missing(app.current().report_id)) {
        ui.heading(tr(Text::kReportMissing), 1);
        ui.gap(8);
        ui.text(tr(Text::kReportMissingHint), {.secondary = true});
        ui.gap(20);
        if (ui.button(tr(Text::kMyReports), {.kind = ButtonKind::kSecondary, .icon = "list"})) app.show_tab(Screen::kReports);
        return;
      }
      ui.status(tr(Text::kOpening), Tone::kNeutral, "refresh-cw");
      return;
    }
    if (detail->draft.photos.empty()) {
      ui.gap(64);
    } else {
      const float height = std::min(ui.input().size.width * 0.52f, ui.input().size.height * 0.4f);
      const Rect row = ui.take(height);
      draw_photos(app, ui, *detail, {0, row.y, ui.input().size.width, height});
      ui.gap(16);
    }
    ui.heading(detail->draft.title.empty() ? tr(Text::kUntitled) : std::string_view(detail->draft.title), 1);
    ui.gap(8);
    if (detail->state == PhoneState::kReceived) {
      ui.chips(report_chips(*detail, app.now()));
      ui.gap(8);
    }
    if (!detail->tracking_id.empty()) {
      ui.text(tr(Text::kTracking, {detail->tracking_id}), kSmall);
      ui.gap(6);
    }
    draw_state(app, ui, *detail);
    if (!detail->receipt.empty()) {
      ui.gap(kGap);
      if (detail->receipt_verdict == report::ReceiptVerdict::kInvalid) draw_receipt_verdict(ui, *detail);
      if (ui.button(tr(Text::kReceipt), {.kind = ButtonKind::kOutline, .icon = "file-text"})) app.push(Screen::kReceipt, detail->draft.id);
    }
    ui.gap(20);
    if (detail->state == PhoneState::kReceived) {
      draw_history(app, ui, *detail);
      ui.gap(20);
    }
    draw_story(app, ui, *detail);
    for (std::size_t i = 1; i < detail->draft.photos.size(); ++i) {
      ui.gap(kGap);
      const Rect rect = ui.take(ui.width() * 0.62f);
      if (ui.photo_button(rect, {.sha256 = detail->draft.photos[i].sha256, .label = tr(Text::kReportPhotoLabel, {std::to_string(i + 1)})}, "photo", i, false)) {
        app.photo_view = {};
        app.push(Screen::kViewer, detail->draft.id, i);
      }
    }
    ui.gap(kGap);
  });
  ui.canvas().end_front();
}

}  // namespace titik::ui
