// Taking a report in, and telling its owner how it stands.
#include <charconv>

#include "base/id.h"
#include "report/validation.h"
#include "serve/crypto.h"
#include "serve/handlers.h"
#include "serve/similar.h"

namespace titik::serve {
namespace {

using report::Field;
using report::ProblemCode;

constexpr int kMostChanges = 20;  // of one answer
constexpr int kWholeThread = 500;  // what a phone keeps of a thread
constexpr std::size_t kMostChangeBytes = 1 << 20;  // of words, about: phones take answers of 4 MiB

// What the citizen should do about it.
std::string_view advice(const report::Problem& problem) {
  const bool missing = problem.code == ProblemCode::kMissing;
  const bool too_long = problem.code == ProblemCode::kTooLong;
  switch (problem.field) {
    case Field::kId: return "Nomor laporan dari ponsel tidak sah. Buat laporan baru.";
    case Field::kClassification: return "Pilih jenis laporan.";
    case Field::kCategory: return missing ? "Pilih kategori." : "Kategori ini tidak ada di kota ini. Pilih kategori lain.";
    case Field::kTitle: return too_long ? "Judul terlalu panjang: paling banyak 150 huruf." : "Isi judul laporan.";
    case Field::kContent: return too_long ? "Isi laporan terlalu panjang: paling banyak 5000 huruf." : "Ceritakan apa yang terjadi.";
    case Field::kIncidentDate:
      if (missing) return "Isi tanggal kejadian.";
      return problem.code == ProblemCode::kInFuture ? "Tanggal kejadian tidak boleh sesudah hari ini."
                                                    : "Tanggal kejadian tidak sah. Pilih tanggal lain.";
    case Field::kReporterName: return "Nama terlalu panjang: paling banyak 100 huruf.";
    case Field::kReporterPhone: return "Nomor telepon tidak sah. Tulis 8 sampai 15 angka.";
    case Field::kPlace: return missing ? "Tandai lokasi di peta atau tulis patokannya." : "Lokasi tidak sah. Tandai lagi di peta.";
    case Field::kLandmark: return "Patokan terlalu panjang: paling banyak 200 huruf.";
    case Field::kPhotos: return too_long ? "Paling banyak 5 foto, 10 MB per foto." : "Foto tidak terbaca. Ambil atau pilih foto lagi.";
  }
  return "Periksa bagian ini.";
}

Response problems_response(const std::vector<report::Problem>& problems) {
  std::vector<lapor::FieldError> errors;
  for (const report::Problem& problem : problems) {
    errors.push_back({std::string(report::field_name(problem.field)),
                      std::string(report::problem_code_name(problem.code)), std::string(advice(problem))});
  }
  return refusal(422, "Laporan belum lengkap atau ada isian yang perlu diperbaiki.", std::move(errors));
}

// The key that makes a report one report: the header, or else the id that our own client put in the body.
Result<std::string> key_of(const Request& request, const report::Draft& draft) {
  std::string key = TRY(idempotency_key(request));
  if (!key.empty() && !draft.id.empty() && key != draft.id) {
    return Error{ErrorCode::kInvalidArgument, "Idempotency-Key", "Nomor laporan di kepala dan isi permintaan berbeda."};
  }
  return key.empty() ? draft.id : key;
}

Result<lapor::Detail> detail_of(App& app, const StoredReport& report) {
  const report::Agency* agency = app.profile.agency(report.agency_id);
  return lapor::Detail{.status_code = std::string(report::status_name(report.status)),
                       .status_name = std::string(report::status_label(report.status)),
                       .disposition_name = agency ? agency->name : "",
                       .disposition_id = agency ? agency->lapor_institution_id : "",
                       .log = TRY(app.repository.history(report.tracking_id)),
                       .received_at = report.received_at,
                       // On hold the clock stands still, and when it will run out is not known.
                       .follow_up_due_at = report.status == report::Status::kOnHold ? 0 : report.follow_up_due_at,
                       .follow_up_stopped_at = report.follow_up_stopped_at,
                       .photos_pending = TRY(app.repository.photos_pending(report.tracking_id))};
}

std::size_t bytes_of(const lapor::FollowUpPage& thread) {
  constexpr std::size_t kFrame = 500;
  std::size_t bytes = 0;
  for (const lapor::FollowUp& item : thread.items) bytes += item.content.size() + kFrame * (1 + item.attachments.size());
  return bytes;
}

// Another system of the city may name the agency; else its category and place do.
Result<const report::Agency*> agency_for(const App& app, const Caller& caller, const lapor::CreateRequest& request) {
  if (caller.kind == CallerKind::kIntegration && !request.disposition_id.empty()) {
    for (const report::Agency& agency : app.profile.agencies) {
      if (agency.id == request.disposition_id || agency.lapor_institution_id == request.disposition_id) return &agency;
    }
    return Error{ErrorCode::kInvalidArgument, "disposition_id", "Instansi tujuan tidak dikenal."};
  }
  const auto point = request.draft.place ? std::optional(request.draft.place->point) : std::nullopt;
  return agency_at(app.profile, app.workflow.city().areas, request.draft.category_id, point);
}

// With its whole thread; of one that is too long for an answer the first page, which says that there are others.
// `bytes` grows by what it weighs.
Result<lapor::Change> change_of(App& app, const StoredReport& report, std::size_t& bytes) {
  lapor::Change change{.report_id = report.report_id,
                       .tracking_id = std::to_string(report.tracking_id),
                       .detail = TRY(detail_of(app, report)),
                       .follow_ups = TRY(told_thread(app, report.tracking_id, 1, kWholeThread))};
  if (bytes_of(change.follow_ups) > kMostChangeBytes) {
    change.follow_ups = TRY(told_thread(app, report.tracking_id, 1, kThreadPage));
  }
  bytes += bytes_of(change.follow_ups);
  return change;
}

// The receipt, with the open reports that may be about the same thing. Whether they are found decides nothing.
std::string with_similar(App& app, const lapor::Receipt& receipt, const std::optional<report::GeoPoint>& point,
                         const std::string& category) {
  std::string json = lapor::write_created(receipt);
  if (!point) return json;
  Result<std::vector<SimilarReport>> similar = similar_reports(app, *point, category);
  if (!similar.ok()) return json;
  std::erase_if(*similar, [&](const SimilarReport& one) { return std::to_string(one.item.tracking_id) == receipt.tracking_id; });
  Result<Json> body = parse_json(json);
  if (similar->empty() || !body.ok()) return json;
  (*body)["titik"]["similar"] = similar_json(app, *similar);
  return to_text(*body);
}

}  // namespace

Response post_report(App& app, Call& call) { return create_report(app, call, {}); }

Response create_report(App& app, Call& call, const std::function<Result<Ok>(std::int64_t tracking_id)>& also) {
  // 1. Read, and make the text what we keep.
  Result<lapor::CreateRequest> read = lapor::read_create(call.body, app.profile);
  if (!read.ok()) return refusal_of(read.error());
  lapor::CreateRequest& request = *read;
  const Result<std::string> key = key_of(call.request, request.draft);
  if (!key.ok()) return refusal_of(key.error());
  request.draft = report::normalised(std::move(request.draft));
  request.user_id = std::to_string(call.caller.id);
  // Clients of the interface that are not ours know no landmark, need no place, and date every kind of report.
  const bool is_foreign = request.draft.id.empty();
  if (is_foreign && request.draft.classification != report::Classification::kComplaint) request.draft.incident_date.clear();

  // 2. The same rules as on the phone. A foreign client's report has no id of its own; the rules want one.
  report::Draft to_check = request.draft;
  to_check.id = key->empty() ? new_uuid(app.now()) : *key;
  const std::string today = format_date(to_civil(app.now(), app.profile.zone));
  std::vector<report::Problem> problems = report::validate(to_check, app.profile, today);
  if (request.attachments.size() > report::kMaxPhotos && to_check.photos.size() <= report::kMaxPhotos) {
    problems.push_back({Field::kPhotos, ProblemCode::kTooLong});
  }
  if (is_foreign) std::erase(problems, report::Problem{Field::kPlace, ProblemCode::kMissing});
  if (!problems.empty()) return problems_response(problems);
  request.draft.id = *key;

  // 3. To its agency, with its clock.
  const report::Category* category = app.profile.category(request.draft.category_id);
  const Result<const report::Agency*> chosen = agency_for(app, call.caller, request);
  if (!chosen.ok()) return refusal_of(chosen.error());
  const report::Agency* agency = *chosen;
  request.lapor_category_id = category->lapor_category_id;
  const UnixMillis now = app.now();
  const auto point = request.draft.place ? std::optional(request.draft.place->point) : std::nullopt;
  const Result<Created> created = app.repository.create_report({
      .city = app.profile.id,
      .caller_id = call.caller.id,
      .key = *key,
      .request = std::move(request),
      .opening = new_case(agency ? agency->id : "", category->id, to_check.classification, now, app.workflow.city()),
      .passed_on = agency ? passed_on_words(app.profile, agency->id) : "",
      .now = now,
      .also = also,
  });
  if (!created.ok()) return refusal_of(created.error());
  return json_response(created->freshness == Freshness::kNew ? 201 : 200, with_similar(app, created->receipt, point, category->id));
}

Response get_detail(App& app, Call& call) {
  const Result<StoredReport> report = visible_report(app, call.actor, call.ids[0]);
  if (!report.ok()) return refusal_of(report.error());
  const Result<lapor::Detail> detail = detail_of(app, *report);
  if (!detail.ok()) return refusal_of(detail.error());
  return json_response(200, lapor::write_detail(*detail, app.profile.zone));
}

// In the usual case, nothing new, a few hundred bytes of headers.
Response get_changes(App& app, Call& call) {
  const std::string wanted = query_value(call.request.target, "since");
  std::int64_t since = 0;
  const auto [end, error] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), since);
  if (!wanted.empty() && (error != std::errc() || end != wanted.data() + wanted.size() || since < 0)) {
    return refusal(400, "`since` adalah angka dari jawaban sebelumnya.");
  }
  const Result<ChangedReports> changed = app.repository.changed_reports(call.caller.id, since, kMostChanges);
  if (!changed.ok()) return refusal_of(changed.error());
  const auto etag = [](const std::string& cursor) { return "\"" + cursor + "\""; };
  lapor::Changes changes{.cursor = std::to_string(changed->since), .more = changed->more};
  if (changed->reports.empty() && changed->since == since && matches_etag(call.request.header("If-None-Match"), changes.cursor)) {
    Response response;
    response.status = 304;
    response.headers = {{"ETag", etag(changes.cursor)}};
    return response;
  }
  std::size_t bytes = 0;
  for (const auto& [number, report] : changed->reports) {
    const Result<lapor::Change> change = change_of(app, report, bytes);
    if (!change.ok()) return refusal_of(change.error());
    if (bytes > kMostChangeBytes && !changes.reports.empty()) {
      changes.more = true;
      break;
    }
    changes.reports.push_back(*change);
    changes.cursor = std::to_string(number);
  }
  Response response = json_response(200, lapor::write_changes(changes, app.profile.zone));
  response.headers.emplace_back("ETag", etag(changes.cursor));
  return response;
}

Response get_own_report(App& app, Call& call) {
  const Result<StoredReport> report = own_report(app, call.actor, call.ids[0]);
  if (!report.ok()) return refusal_of(report.error());
  const Result<lapor::CreateRequest> request = lapor::read_create(report->request, app.profile);
  if (!request.ok()) return refusal_of(request.error());
  const Result<lapor::Receipt> receipt = app.repository.receipt(*report, request->draft, app.profile.id, app.now());
  if (!receipt.ok()) return refusal_of(receipt.error());
  return json_response(200, lapor::write_created(*receipt));
}

}  // namespace titik::serve
