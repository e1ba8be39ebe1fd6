#include "serve/csv_exchange.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/utf8.h"
#include "report/validation.h"
#include "serve/access_log.h"
#include "serve/lapor_csv.h"
#include "serve/office.h"
#include "serve/upstream_desk.h"

namespace titik::serve {
namespace {

constexpr int kBatch = 500;

Error cannot_write(const std::string& path) { return Error{ErrorCode::kStorage, path, "berkas tidak dapat ditulis"}; }

struct Exported {
  std::int64_t tracking_id = 0;
  std::string request, agency_id, status, reason;
  UnixMillis received_at = 0;
  int rating = 0;
  bool is_secret = false;
};

Result<std::vector<Exported>> next_batch(Sql& sql, std::int64_t after, const ExportChoice& choice) {
  const SqlLock lock(sql.mutex());
  Statement row = TRY(sql.prepare(
      "SELECT tracking_id, request, agency_id, status, received_at, "
      "coalesce((SELECT text FROM history WHERE history.tracking_id = report.tracking_id AND history.status_new = report.status "
      "AND report.status IN ('tunda', 'diarsipkan_admin', 'diarsipkan_sistem') ORDER BY id DESC LIMIT 1), ''), "
      "rating, is_secret "
      "FROM report WHERE tracking_id > ?1 AND (is_secret = 0 OR ?2 = 1) ORDER BY tracking_id LIMIT ?3"));
  TRY(row.bind_all(after, choice.secret ? 1 : 0, kBatch));
  std::vector<Exported> batch;
  while (TRY(row.step())) {
    batch.push_back({row.integer(0), row.text(1), row.text(2), row.text(3), row.text(5), row.integer(4), static_cast<int>(row.integer(6)), row.flag(7)});
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
                  .title = draft.title, .content = draft.content, .is_anonymous = draft.is_anonymous, .is_secret = report.is_secret,
                  .source = "Titik Lapor", .institution_id = agency ? agency->lapor_institution_id : "",
                  .institution = agency ? agency->name : "",
                  .status = report::status_from_name(report.status).value_or(report::Status::kUnverified), .reason = report.reason,
                  .city = profile.name, .rating = report.rating};
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

// Without white space, which comes and goes on the way.
std::string squeezed(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) > 0x20) out.push_back(c);
  }
  return out;
}

// What of a row is wrong for us, though it can be read: the others go on.
bool is_refusal(const Error& error) {
  return error.code == ErrorCode::kConflict || error.code == ErrorCode::kInvalidArgument || error.code == ErrorCode::kNotFound ||
         error.code == ErrorCode::kForbidden;
}

// Takes rows in, one after the other. The last step of each says that it was done; until then it is done again.
class Importer {
 public:
  enum class Taken { kNew, kKnown, kOurs };

  Importer(Repository& repository, Workflow& workflow, const report::CityProfile& profile, const UpstreamConfig& config, const Caller& caller, bool is_link)
      : repository_(repository), profile_(profile), store_(repository.sql()), desk_(repository, workflow, store_, profile, config, caller), is_link_(is_link) {}

  // An error that is_refusal(): this row cannot be taken.
  Result<Taken> take(const LaporRow& row) {
    for (const std::string* words : {&row.content, &row.final_content}) {
      const auto mark = read_upstream_mark(*words, profile_.id);
      if (!mark) continue;
      if (TRY(is_with_our_mark(row, *mark))) return Taken::kOurs;
    }
    const std::optional<UpstreamReport> there = TRY(store_.report_there(row.tracking_id));
    if (there && (is_link_ || TRY(is_same(there->tracking_id, row)))) {
      if (is_link_) TRY(finish(there->tracking_id, row));
      return there->is_theirs ? Taken::kKnown : Taken::kOurs;
    }
    const std::int64_t number = std::stoll(row.tracking_id);  // ours, in a file that we wrote
    const Result<StoredReport> own = repository_.report(number);
    if (!own.ok() && own.error().code != ErrorCode::kNotFound) return own.error();
    // Two cities begin to count alike: one that was taken in may have its own number here.
    const bool was_taken = own.ok() && TRY(desk_.is_brought(*own, row.tracking_id));
    if (own.ok() && !was_taken && TRY(is_same(number, row))) return Taken::kOurs;
    return is_link_ ? take_for_link(row) : take_of_others(row);
  }

 private:
  // With our own mark: it comes back. What was not known of it, because nothing was heard when it was sent, is told here.
  // False: the mark was copied.
  Result<bool> is_with_our_mark(const LaporRow& row, const UpstreamMark& mark) {
    const Result<StoredReport> report = repository_.report(mark.tracking_id);
    if (!report.ok() && report.error().code == ErrorCode::kNotFound) {
      return Error{ErrorCode::kNotFound, place_in_file(row.line, row.tracking_id, 8),
                   "bertanda laporan kami nomor " + std::to_string(mark.tracking_id) +
                       ", yang tidak ada di sini; pulihkan dari cadangan, atau hapus tandanya agar diambil sebagai laporan baru"};
    }
    if (!report.ok()) return report.error();
    if (!is_link_) return true;
    if (TRY(store_.report_there(row.tracking_id))) return false;  // known by its number
    // A row may tell the day alone.
    const bool has_time = (row.received_at + profile_.zone * kMinute) % kDay != 0;
    const UpstreamStore::Whose whose = TRY(store_.whose(mark, row.received_at + (has_time ? 0 : kDay)));
    if (whose != UpstreamStore::Whose::kMissed) return whose == UpstreamStore::Whose::kOurs;
    const UnixMillis now = system_now();
    TRY(store_.set_upstream_id(mark.tracking_id, row.tracking_id, now, now));
    return true;
  }

  // Spread over a day, so that a large file is not asked about all at once.
  Result<Taken> take_for_link(const LaporRow& row) {
    const UpstreamDesk::Brought brought = TRY(bring(row, system_now() + std::stoll(row.tracking_id) % 1440 * kMinute));
    TRY(finish(brought.tracking_id, row));
    return brought.is_new ? Taken::kNew : Taken::kKnown;
  }

  Result<Taken> take_of_others(const LaporRow& row) {
    const UpstreamDesk::Brought brought = TRY(bring(row, 0));
    if (!brought.is_new && !TRY(is_same(brought.tracking_id, row))) {
      return Error{ErrorCode::kConflict, place_in_file(row.line, row.tracking_id, 0),
                   "nomor ini sudah dipakai di sini untuk isi yang lain, laporan " + std::to_string(brought.tracking_id) +
                       "; kalau ini laporan lain, beri nomor lain"};
    }
    TRY(finish(brought.tracking_id, row));
    return brought.is_new ? Taken::kNew : Taken::kKnown;
  }

  Result<UpstreamDesk::Brought> bring(const LaporRow& row, UnixMillis poll_at) {
    UpstreamDesk::Arrival arrival{.poll_at = poll_at, .seen = {kFromFile}};
    if (row.status != report::Status::kUnverified) arrival.seen.push_back(kCameWithHistory);
    return desk_.bring_report(complaint_of(row), {}, arrival, row.received_at);
  }

  // The state that the file tells, once. Of what the link has from elsewhere the state comes from there alone.
  Result<Ok> finish(std::int64_t tracking_id, const LaporRow& row) {
    if (TRY(store_.was_seen(tracking_id, kStateTaken))) return Ok{};
    if (is_link_ && !TRY(store_.was_seen(tracking_id, kFromFile))) return Ok{};
    TRY(take_status(tracking_id, row));
    return store_.set_seen(tracking_id, kStateTaken);
  }

  Result<Ok> take_status(std::int64_t tracking_id, const LaporRow& row) {
    if (row.status == report::Status::kUnverified) return Ok{};
    std::string label(report::status_label(row.status));
    if (!row.reason.empty()) label += ", " + row.reason;
    return desk_.bring_status(tracking_id, {.status = row.status, .label = label, .before = {}, .is_over = true},
                              {.once = std::string(kStateNoted), .now = row.received_at});
  }

  // The words of the report here are the row's; long ones are cut here.
  Result<bool> is_same(std::int64_t tracking_id, const LaporRow& row) {
    const lapor::CreateRequest request = TRY(lapor::read_create(TRY(repository_.report(tracking_id)).request, profile_));
    if (!row.title.empty() && squeezed(prefix_of(row.title, report::kMaxTitle)) != squeezed(request.draft.title)) return false;
    return squeezed(prefix_of(row.content, report::kMaxContent)) == squeezed(request.draft.content);
  }

  // In upstream_seen, where no follow-up of theirs has such an id: it came with a file; the state that the file told was
  // taken; and it was noted.
  static constexpr std::string_view kFromFile = "berkas/baru";
  static constexpr std::string_view kStateTaken = "berkas";
  static constexpr std::string_view kStateNoted = "berkas/status";

  Repository& repository_;
  const report::CityProfile& profile_;
  UpstreamStore store_;
  UpstreamDesk desk_;
  bool is_link_;
};

}  // namespace

Result<int> export_csv(Repository& repository, const report::CityProfile& profile, const ExportChoice& choice, const Actor& reader, const std::string& path) {
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
    for (const Exported& report : batch) {
      const LaporRow row = TRY(row_of(report, profile, choice));
      if (row.is_secret || (!row.reporter_name.empty() && !row.is_anonymous)) {
        TRY(AccessLog(repository.sql()).note_shown(reader, report.tracking_id, system_now()));
      }
      out << write_lapor_row(row, profile.zone);
    }
    count += static_cast<int>(batch.size());
    after = batch.back().tracking_id;
  }
  out.close();
  if (!out) return cannot_write(path);
  return count;
}

Result<ImportResult> import_csv(Repository& repository, Workflow& workflow, const report::CityProfile& profile, const UpstreamConfig* link,
                                const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error{ErrorCode::kNotFound, path, "berkas tidak ada atau tidak dapat dibaca"};
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  LaporFile file = TRY(read_lapor_csv(text, profile.zone));
  UpstreamConfig config = link ? *link : UpstreamConfig();
  if (config.default_category.empty() && !profile.categories.empty()) config.default_category = profile.categories.back().id;
  // What comes from SP4N-LAPOR! is the link's own, so that it never goes there as if it were new.
  const Caller caller = TRY(link ? upstream_caller(repository, system_now()) : named_caller(repository, CallerKind::kOffice, kFileCaller, system_now()));
  Importer importer(repository, workflow, profile, config, caller, link != nullptr);
  ImportResult result{.refused = file.bad_rows, .errors = std::move(file.errors)};
  for (const LaporRow& row : file.rows) {
    const Result<Importer::Taken> taken = importer.take(row);
    if (!taken.ok()) {
      Error error = taken.error();
      if (!is_refusal(error)) return error;
      ++result.refused;
      if (error.where.empty() || !error.where.starts_with("baris ")) error.where = place_in_file(row.line, row.tracking_id, 0);
      if (result.errors.size() < kMostCsvErrors) result.errors.push_back(std::move(error));
      continue;
    }
    switch (*taken) {
      case Importer::Taken::kNew: ++result.added; break;
      case Importer::Taken::kKnown: ++result.known; break;
      case Importer::Taken::kOurs: ++result.ours; break;
    }
  }
  return result;
}

}  // namespace titik::serve
