#include "serve/csv_exchange.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "serve/crypto.h"
#include "serve/lapor_csv.h"
#include "serve/office.h"
#include "serve/upstream_desk.h"

namespace titik::serve {
namespace {

constexpr int kBatch = 500;
constexpr std::string_view kCallerName = "berkas SP4N-LAPOR!";

Error cannot_write(const std::string& path) { return Error{ErrorCode::kStorage, path, "berkas tidak dapat ditulis"}; }

struct Exported {
  std::int64_t tracking_id = 0;
  std::string request, agency_id, status, reason;
  UnixMillis received_at = 0;
  int rating = 0;
};

Result<std::vector<Exported>> next_batch(Sql& sql, std::int64_t after, const ExportChoice& choice) {
  const SqlLock lock(sql.mutex());
  Statement row = TRY(sql.prepare(
      "SELECT tracking_id, request, agency_id, status, received_at, "
      "coalesce((SELECT text FROM history WHERE history.tracking_id = report.tracking_id AND history.status_new = report.status "
      "AND report.status IN ('tunda', 'diarsipkan_admin', 'diarsipkan_sistem') ORDER BY id DESC LIMIT 1), ''), "
      "coalesce((SELECT rating FROM follow_up WHERE follow_up.tracking_id = report.tracking_id AND rating > 0 ORDER BY id DESC LIMIT 1), 0) "
      "FROM report WHERE tracking_id > ?1 AND (is_secret = 0 OR ?2 = 1) ORDER BY tracking_id LIMIT ?3"));
  TRY(row.bind_all(after, choice.secret ? 1 : 0, kBatch));
  std::vector<Exported> batch;
  while (TRY(row.step())) {
    batch.push_back({row.integer(0), row.text(1), row.text(2), row.text(3), row.text(5), row.integer(4), static_cast<int>(row.integer(6))});
  }
  return batch;
}

Result<LaporRow> row_of(const Exported& report, const report::CityProfile& profile, const ExportChoice& choice) {
  const lapor::CreateRequest request = TRY(lapor::read_create(report.request, profile));
  const report::Draft& draft = request.draft;
  const report::Category* category = profile.category(draft.category_id);
  const report::Agency* agency = profile.agency(report.agency_id);
  return LaporRow{.tracking_id = std::to_string(report.tracking_id), .received_at = report.received_at,
                  .reporter_name = choice.names ? draft.reporter_name : "", .classification = draft.classification,
                  .category_id = category ? category->lapor_category_id : "", .category = category ? category->name : "",
                  .title = draft.title, .content = draft.content, .is_anonymous = draft.is_anonymous, .is_secret = draft.is_secret,
                  .source = "Titik Lapor", .institution_id = agency ? agency->lapor_institution_id : "",
                  .institution = agency ? agency->name : "",
                  .status = report::status_from_name(report.status).value_or(report::Status::kUnverified), .reason = report.reason,
                  .city = profile.name, .rating = report.rating};
}

Result<Caller> importer(Repository& repository) {
  if (const auto known = TRY(repository.caller_by_name(CallerKind::kOffice, kCallerName))) return *known;
  const std::int64_t id = TRY(repository.add_caller(CallerKind::kOffice, kCallerName, sha256_hex(random_hex(32)), system_now()));
  return Caller{id, CallerKind::kOffice, std::string(kCallerName)};
}

UpstreamComplaint complaint_of(const LaporRow& row) {
  UpstreamComplaint complaint{.id = row.tracking_id, .title = row.title, .content = row.content, .category_id = row.category_id,
                              .disposition_id = row.institution_id, .classification = row.classification,
                              .is_anonymous = row.is_anonymous, .is_secret = row.is_secret, .at = row.received_at,
                              .reporter_name = row.reporter_name};
  if (!row.village.empty()) complaint.landmark = "Kelurahan " + row.village;
  if (!row.district.empty()) complaint.landmark += (complaint.landmark.empty() ? "Kecamatan " : ", Kecamatan ") + row.district;
  return complaint;
}

}  // namespace

Result<int> export_csv(Repository& repository, const report::CityProfile& profile, const ExportChoice& choice, const std::string& path) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  std::error_code refused;
  using std::filesystem::perms;
  std::filesystem::permissions(path, perms::owner_read | perms::owner_write, refused);
  if (!out || refused) return cannot_write(path);
  out << write_lapor_header();
  int count = 0;
  for (std::int64_t after = 0;;) {
    const std::vector<Exported> batch = TRY(next_batch(repository.sql(), after, choice));
    if (batch.empty()) break;
    for (const Exported& report : batch) out << write_lapor_row(TRY(row_of(report, profile, choice)), profile.zone);
    count += static_cast<int>(batch.size());
    after = batch.back().tracking_id;
  }
  out.close();
  if (!out) return cannot_write(path);
  return count;
}

Result<ImportResult> import_csv(Repository& repository, Workflow& workflow, const report::CityProfile& profile, bool link, const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error{ErrorCode::kNotFound, path, "berkas tidak ada atau tidak dapat dibaca"};
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const LaporFile file = TRY(read_lapor_csv(text, profile.zone));
  if (!file.errors.empty()) {
    std::string all;
    for (const Error& error : file.errors) all += "\n  " + error.where + ": " + error.message;
    return Error{ErrorCode::kInvalidArgument, path, "tidak ada yang diambil, perbaiki dahulu:" + all};
  }
  UpstreamConfig config;
  if (!profile.categories.empty()) config.default_category = profile.categories.back().id;
  UpstreamStore store(repository.sql());
  UpstreamDesk desk(repository, workflow, store, profile, config, TRY(importer(repository)));
  ImportResult result;
  for (const LaporRow& row : file.rows) {
    const UpstreamDesk::Brought brought = TRY(desk.bring_report(complaint_of(row), {}, row.received_at));
    ++(brought.is_new ? result.added : result.known);
    // Spread over a day, so that a large file is not asked about all at once.
    if (link) TRY(store.add_theirs(brought.tracking_id, row.tracking_id, system_now() + std::stoll(row.tracking_id) % 1440 * kMinute));
    if (!brought.is_new) continue;
    if (row.status != report::Status::kUnverified) {
      std::string label(report::status_label(row.status));
      if (!row.reason.empty()) label += ", " + row.reason;
      TRY(desk.bring_status(brought.tracking_id, row.status, label, row.received_at));
    }
  }
  return result;
}

}  // namespace titik::serve
