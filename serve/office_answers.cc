#include "serve/office_answers.h"

#include <array>

namespace titik::serve {
namespace {

constexpr std::array<std::string_view, 3> kLevels = {"liaison", "head", "mayor"};

}  // namespace

std::string_view level_name(Level level) { return kLevels.at(static_cast<std::size_t>(level)); }

std::optional<Level> level_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kLevels.size(); ++i) {
    if (kLevels[i] == name) return static_cast<Level>(i);
  }
  return std::nullopt;
}

Json clocks_json(const ReportTimes& times) {
  const auto time = [](UnixMillis at) { return at == 0 ? Json() : Json(at); };
  return {{"received_at", time(times.received_at)},
          {"started_at", time(times.clocks_started_at)},
          {"verify", {{"due_at", time(times.verify_due_at)}, {"stopped_at", time(times.verified_at)}}},
          {"answer", {{"due_at", time(times.answer_due_at)}, {"stopped_at", time(times.answered_at)}}},
          {"response", {{"due_at", time(times.response_due_at)}, {"stopped_at", time(times.response_stopped_at)}}},
          {"follow_up", {{"due_at", time(times.follow_up_due_at)}, {"stopped_at", time(times.follow_up_stopped_at)}}},
          {"held_at", time(times.held_at)},
          {"closes_at", time(times.closes_at)},
          {"closed_at", time(times.closed_at)},
          {"escalates_at", time(times.escalates_at)}};
}

Json row_json(const CaseRow& row) {
  const Case& subject = row.subject;
  return {{"tracking_id", std::to_string(row.tracking_id)},
          {"title", row.is_secret ? "" : row.title},
          {"category", subject.category_id},
          {"classification", static_cast<int>(subject.classification)},
          {"is_secret", row.is_secret},
          {"agency", subject.agency_id},
          {"status", report::status_name(subject.status)},
          {"status_label", report::status_label(subject.status)},
          {"level", level_name(subject.times.level)},
          {"hand_ons", subject.hand_ons},
          {"rating", subject.rating == 0 ? Json() : Json(subject.rating)},
          {"clocks", clocks_json(subject.times)}};
}

Json audit_json(const std::vector<AuditLine>& lines) {
  Json list = Json::array();
  for (const AuditLine& line : lines) {
    // By the number of a phone one could tell which reports, anonymous ones too, are one person's.
    const bool is_citizen = line.actor_role == "citizen";
    list.push_back({{"at", line.at},
                    {"action", line.action},
                    {"status_old", line.status_old},
                    {"status_new", line.status_new},
                    {"text", line.text},
                    {"institution", line.institution},
                    {"note", line.note},
                    {"actor", {{"kind", line.actor_kind}, {"role", line.actor_role}, {"id", is_citizen ? Json() : Json(line.actor_id)}, {"name", is_citizen ? "" : line.actor_name}}}});
  }
  return list;
}

Json steps_json(const std::vector<Possible>& steps) {
  Json list = Json::array();
  for (const Possible& step : steps) {
    list.push_back({{"action", action_name(step.action)},
                    {"needs_reason", step.needs_reason},
                    {"needs_evidence", step.needs_evidence},
                    {"needs_agency", step.needs_agency}});
  }
  return list;
}

Result<CaseRow> visible_case(App& app, const Actor& actor, std::string_view tracking_id) {
  return app.workflow.row(TRY(visible_report(app, actor, tracking_id)).tracking_id);
}

}  // namespace titik::serve
