#include "serve/export_person.h"

#include <filesystem>
#include <fstream>

#include "base/json.h"
#include "serve/access_log.h"
#include "serve/erasure.h"

namespace titik::serve {
namespace {

using std::filesystem::perms;

Error cannot_write(const std::string& path) { return Error{ErrorCode::kStorage, path, "tidak dapat ditulis"}; }

Result<Ok> write_private(const std::string& path, std::string_view bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  std::error_code refused;
  std::filesystem::permissions(path, perms::owner_read | perms::owner_write, refused);
  out << bytes;
  out.close();
  if (!out || refused) return cannot_write(path);
  return Ok{};
}

Result<Ok> make_private_folder(const std::string& folder) {
  std::error_code error;
  if (!std::filesystem::create_directories(folder, error)) {
    return Error{ErrorCode::kConflict, folder, error ? error.message() : "folder sudah ada; sebutkan yang belum ada"};
  }
  std::filesystem::permissions(folder, perms::owner_all, error);
  if (error) return cannot_write(folder);
  return Ok{};
}

// The rows of a question about one number, each as an object whose members are called as the columns: `names` has them
// in their order; those that end with "#" are numbers, with "{" JSON.
Result<Json> rows(Sql& sql, const char* statement, std::int64_t value, const std::vector<std::string_view>& names) {
  Statement row = TRY(sql.prepare(statement));
  TRY(row.bind(1, value));
  Json list = Json::array();
  while (TRY(row.step())) {
    Json one = Json::object();
    for (std::size_t i = 0; i < names.size(); ++i) {
      const int column = static_cast<int>(i);
      std::string_view name = names[i];
      const char kind = name.back();
      if (kind == '#' || kind == '{') name.remove_suffix(1);
      Json& cell = one[std::string(name)];
      if (row.is_null(column)) continue;
      if (kind == '#') cell = row.integer(column);
      else if (kind == '{') cell = TRY(parse_json(row.text(column)));
      else cell = row.text(column);
    }
    list.push_back(std::move(one));
  }
  return list;
}

Result<Json> report_json(Sql& sql, std::int64_t id) {
  Json found = TRY(rows(sql, "SELECT tracking_id, report_id, request, status, agency_id, received_at, closed_at, rating, "
                             "(SELECT upstream_id FROM upstream_report WHERE upstream_report.tracking_id = report.tracking_id) "
                             "FROM report WHERE tracking_id = ?1", id,
                        {"tracking_id", "report_id", "as_sent{", "status", "agency", "received_at#", "closed_at#", "rating#", "sp4n_lapor_id"}));
  if (found.empty()) return Error{ErrorCode::kNotFound, "", "Laporan tidak ditemukan."};
  Json report = found[0];
  report["receipt"] = TRY(rows(sql, "SELECT jws FROM signed_receipt WHERE tracking_id = ?1", id, {"jws"}));
  report["entered"] = TRY(rows(sql, "SELECT channel, consent, contact_name, contact_phone, entered_at FROM entered_report WHERE tracking_id = ?1",
                               id, {"channel", "consent", "name", "phone", "at#"}));
  report["history"] = TRY(rows(sql, "SELECT at, text, note, status_new, institution, actor_role FROM history WHERE tracking_id = ?1 ORDER BY id", id,
                               {"at#", "text", "note", "status", "institution", "by"}));
  report["thread"] = TRY(rows(sql, "SELECT id, kind, institution_from, at, content, rating FROM follow_up WHERE tracking_id = ?1 ORDER BY id", id,
                              {"id", "kind", "from", "at#", "content", "rating#"}));
  report["photos_awaited"] = TRY(rows(sql, "SELECT sha256, (SELECT jpeg FROM pending_thumbnail WHERE pending_thumbnail.tracking_id = ?1 "
                                           "AND pending_thumbnail.sha256 = pending_photo.sha256) FROM pending_photo WHERE tracking_id = ?1 ORDER BY position", id,
                                      {"sha256", "small_jpeg_base64"}));
  report["followed_by_code_since"] = TRY(rows(sql, "SELECT at FROM watcher WHERE tracking_id = ?1 ORDER BY at", id, {"at#"}));
  // Which offices looked at it, not which persons.
  report["read_by"] = TRY(rows(sql, "SELECT actor_kind, first_at, last_at, times FROM access_log WHERE tracking_id = ?1 ORDER BY first_at", id,
                               {"kind", "first_at#", "last_at#", "times#"}));
  return report;
}

struct FileToWrite {
  std::string sha256, name;
};

constexpr std::string_view kFilesOfDevice =
    "caller_id = ?1 OR tracking_id IN "
    "(SELECT tracking_id FROM report WHERE caller_id = ?1 UNION SELECT tracking_id FROM follower WHERE caller_id = ?1)";
constexpr std::string_view kFilesOfReport = "tracking_id = ?1";

Result<Json> file_list(Sql& sql, std::string_view where, std::int64_t value, std::vector<FileToWrite>& files) {
  Statement row = TRY(sql.prepare("SELECT id, sha256, mime, file_name, uploaded_at, tracking_id, follow_up_id FROM file WHERE " +
                                  std::string(where) + " ORDER BY id"));
  TRY(row.bind(1, value));
  Json list = Json::array();
  while (TRY(row.step())) {
    const std::optional<FileType> type = file_type_from_mime(row.text(2));
    const std::string name = "files/" + row.text(0) + "." + std::string(type ? type->extension : "bin");
    files.push_back({row.text(1), name});
    list.push_back({{"path", name}, {"sha256", row.text(1)}, {"name", row.text(3)}, {"uploaded_at", row.integer(4)},
                    {"tracking_id", row.is_null(5) ? Json() : Json(row.text(5))}, {"thread_id", row.is_null(6) ? Json() : Json(row.text(6))}});
  }
  return list;
}

Result<Json> person_json(Sql& sql, std::int64_t caller_id, const std::vector<std::int64_t>& reports, std::vector<FileToWrite>& files) {
  Json found = TRY(rows(sql, "SELECT id, created_at, revoked_at FROM caller WHERE id = ?1 AND kind = 'device'", caller_id,
                        {"number", "created_at#", "revoked_at#"}));
  if (found.empty()) return Error{ErrorCode::kNotFound, "", "Perangkat ini tidak ada."};
  Json person = {{"device", found[0]}, {"reports", Json::array()}};
  for (const std::int64_t id : reports) person["reports"].push_back(TRY(report_json(sql, id)));
  person["files"] = TRY(file_list(sql, kFilesOfDevice, caller_id, files));
  person["uploads"] = TRY(rows(sql, "SELECT file_name, length, expires_at FROM upload WHERE caller_id = ?1 ORDER BY id", caller_id,
                               {"name", "bytes#", "expires_at#"}));
  person["affected"] = TRY(rows(sql, "SELECT tracking_id, at FROM affected WHERE caller_id = ?1 ORDER BY at", caller_id, {"tracking_id", "at#"}));
  person["confirmations"] = TRY(rows(sql, "SELECT tracking_id, works, distance_m, at FROM confirmation WHERE caller_id = ?1 ORDER BY at", caller_id,
                                     {"tracking_id", "works#", "distance_m#", "at#"}));
  person["follows_by_code"] = TRY(rows(sql, "SELECT tracking_id, at FROM watcher WHERE caller_id = ?1 ORDER BY at", caller_id, {"tracking_id", "at#"}));
  return person;
}

Result<Json> one_report_json(Sql& sql, std::int64_t tracking_id, std::vector<FileToWrite>& files) {
  Json one = {{"reports", Json::array()}};
  one["reports"].push_back(TRY(report_json(sql, tracking_id)));
  one["files"] = TRY(file_list(sql, kFilesOfReport, tracking_id, files));
  return one;
}

struct Collected {
  std::vector<std::int64_t> reports;
  std::vector<FileToWrite> files;
  Json data;
};

Result<ExportedPerson> write_out(Sql& sql, const FileStore& files, const Collected& collected, const Actor& reader, const std::string& folder,
                                 UnixMillis now) {
  for (const std::int64_t id : collected.reports) TRY(AccessLog(sql).note_shown(reader, id, now));
  TRY(make_private_folder(folder));
  TRY(make_private_folder(folder + "/files"));
  for (const FileToWrite& file : collected.files) TRY(write_private(folder + "/" + file.name, TRY(files.read(file.sha256))));
  TRY(write_private(folder + "/data.json", to_text(collected.data)));
  return ExportedPerson{static_cast<int>(collected.reports.size()), static_cast<int>(collected.files.size())};
}

}  // namespace

Result<ExportedPerson> export_person(Repository& repository, const FileStore& files, std::int64_t caller_id, const Actor& reader,
                                     const std::string& folder, UnixMillis now) {
  Sql& sql = repository.sql();
  Collected all;
  all.reports = TRY(reports_of_device(sql, caller_id));
  {
    const SqlLock lock(sql.mutex());
    all.data = TRY(sql.snapshot([&] { return person_json(sql, caller_id, all.reports, all.files); }));
  }
  return write_out(sql, files, all, reader, folder, now);
}

Result<ExportedPerson> export_report(Repository& repository, const FileStore& files, std::int64_t tracking_id, const Actor& reader,
                                     const std::string& folder, UnixMillis now) {
  Sql& sql = repository.sql();
  Collected all;
  all.reports = {tracking_id};
  {
    const SqlLock lock(sql.mutex());
    all.data = TRY(sql.snapshot([&] { return one_report_json(sql, tracking_id, all.files); }));
  }
  return write_out(sql, files, all, reader, folder, now);
}

}  // namespace titik::serve
