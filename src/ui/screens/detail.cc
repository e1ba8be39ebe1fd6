// Rincian: what was reported, what the city did about it, and when.
#include <algorithm>

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

void draw_evidence(Ui& ui, const ReportDetail& detail, const TimelineEntry& entry) {
  std::vector<const engine::Evidence*> pictures;
  for (const engine::Evidence& evidence : entry.evidence) {
    const bool picture = evidence.extension == "jpg" || evidence.extension == "jpeg" || evidence.extension == "png";
    if (picture) {
      pictures.push_back(&evidence);
    } else {
      ui.gap(6);
      ui.text(tr(Text::kEvidenceFile, {evidence.file_name}), kSmall);
    }
  }
  if (pictures.empty()) return;
  ui.gap(8);
  // Before and after side by side: the citizen judges for themselves.
  const bool compare = entry.kind == TimelineEntry::Kind::kAction && !detail.draft.photos.empty();
  constexpr float kSpace = 6;
  const Rect area = ui.take(0);
  const float half = (area.width - kSpace) / 2;
  const float height = half * 0.66f;
  std::size_t cell = 0;
  const auto next = [&] {
    const Rect rect = {area.x + static_cast<float>(cell % 2) * (half + kSpace),
                       area.y + static_cast<float>(cell / 2) * (height + kSpace), half, height};
    ++cell;
    return rect;
  };
  if (compare) {
    ui.photo(next(), {.sha256 = detail.draft.photos.front().sha256, .label = tr(Text::kReportPhotoLabel, {"1"}), .caption = tr(Text::kBefore), .radius = 12});
  }
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    ui.photo(next(), {.sha256 = pictures[i]->sha256,
                      .label = tr(Text::kEvidenceLabel, {std::to_string(i + 1), entry.who}),
                      .caption = compare ? tr(Text::kAfter) : std::string_view{}, .radius = 12});
  }
  ui.gap(static_cast<float>((cell + 1) / 2) * (height + kSpace) - kSpace);
}

void draw_history(App& app, Ui& ui, const ReportDetail& detail) {
  ui.heading(tr(Text::kHistory), 2);
  ui.gap(10);
  if (detail.timeline.empty()) {
    ui.text(tr(Text::kHistoryEmpty), kSmall);
    return;
  }
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
          draw_evidence(ui, detail, entry);
        });
      });
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
      break;
    case PhoneState::kSending: {
      const std::string total = std::to_string(detail.draft.photos.size());
      const auto sent = static_cast<std::size_t>(detail.photos_sent);
      ui.status(detail.draft.photos.empty() || sent >= detail.draft.photos.size()
                    ? std::string(tr(Text::kSending))
                    : tr(Text::kSendingPhotos, {std::to_string(sent + 1), total}),
                Tone::kInfo, "send");
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
      if (ui.button(tr(Text::kEditReport), {.kind = ButtonKind::kPrimary, .icon = "pencil"})) app.edit_report(detail.draft.id);
      break;
    }
    case PhoneState::kReceived: ui.status(tr(Text::kSent), Tone::kSuccess, "check-check"); break;
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
    app.push(Screen::kViewer, detail.draft.id, 0);
  }
}

}  // namespace

void draw_detail(App& app, Ui& ui) {
  const ReportDetail* detail = app.model.detail(app.current().report_id);
  const Rect screen = ui.screen();
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
        app.push(Screen::kViewer, detail->draft.id, i);
      }
    }
    ui.gap(kGap);
  });
  if (ui.icon_button({screen.x + 10, screen.y + 10, 48, 48}, "chevron-left", tr(Text::kBack), true)) {
    app.pop();
  }
}

}  // namespace titik::ui
