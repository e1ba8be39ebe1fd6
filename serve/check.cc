#include "serve/check.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "report/city_profile.h"
#include "serve/backup.h"
#include "serve/crypto.h"
#include "serve/office.h"
#include "serve/schema.h"
#include "serve/static_files.h"
#include "serve/upstream_config.h"
#include "serve/working_days.h"

namespace titik::serve {
namespace {

using Weight = Finding::Weight;
constexpr std::int64_t kPlenty = std::int64_t{2} * 1024 * 1024 * 1024;  // bytes
constexpr UnixMillis kHolidaysAhead = 60 * kDay;  // the longest clock, with room

// The database, when it can be asked. `is_current`: all of its tables are as this program knows them.
std::unique_ptr<Sql> check_database(const Config& config, bool& is_current, std::vector<Finding>& findings) {
  const bool is_file = config.database.empty();
  if (is_file && !std::filesystem::exists(config.database_location())) {
    findings.push_back({Weight::kWarning, "basis data", config.database_location() + " belum ada; dibuat saat server pertama kali berjalan"});
    return nullptr;
  }
  Result<std::unique_ptr<Sql>> sql = is_file ? open_sqlite_to_read(config.database_location()) : open_postgresql_to_read(config.database);
  if (!sql.ok()) {
    findings.push_back({Weight::kWrong, "basis data", sql.error().message + (is_file ? "; periksa hak akses berkasnya" : "; periksa alamat, kata sandi dan apakah PostgreSQL berjalan")});
    return nullptr;
  }
  const SqlLock lock((*sql)->mutex());
  const Result<std::int64_t> version = schema_version(**sql);
  if (!version.ok()) {
    findings.push_back({Weight::kWrong, "basis data", version.error().message});
    return nullptr;
  }
  if (*version == 0) {
    findings.push_back({Weight::kWarning, "basis data", "masih kosong; diisi saat server pertama kali berjalan"});
    return std::move(*sql);
  }
  const std::string told = "skema versi " + std::to_string(*version);
  if (*version > kSchemaVersion) {
    findings.push_back({Weight::kWrong, "basis data", told + " lebih baru daripada program ini (" + std::to_string(kSchemaVersion) + "); pasang titik-serve yang lebih baru"});
  } else if (*version < kSchemaVersion) {
    findings.push_back({Weight::kWarning, "basis data", told + "; saat server berjalan diperbarui ke " + std::to_string(kSchemaVersion) + ". Buat cadangan dahulu"});
  } else {
    is_current = true;
    findings.push_back({Weight::kGood, "basis data", (is_file ? "SQLite, " : "PostgreSQL, ") + told});
  }
  return std::move(*sql);
}

void check_folder(const Config& config, std::vector<Finding>& findings) {
  std::error_code error;
  if (!std::filesystem::is_directory(config.data, error)) {
    findings.push_back({Weight::kWarning, "folder data", config.data + " belum ada; dibuat saat server pertama kali berjalan"});
    return;
  }
  using std::filesystem::perms;
  const perms mode = std::filesystem::status(config.data, error).permissions();
  if ((mode & (perms::others_read | perms::others_exec)) != perms::none) {
    findings.push_back({Weight::kWarning, "folder data", config.data + " dapat dibuka semua pengguna mesin ini; jalankan chmod 700"});
  }
  const std::filesystem::space_info space = std::filesystem::space(config.data, error);
  const bool little = error || static_cast<std::int64_t>(space.available) < kPlenty;
  findings.push_back({little ? Weight::kWarning : Weight::kGood, "folder data",
                      std::to_string(space.available / (1024 * 1024)) + " MB kosong" + (little ? "; sediakan ruang untuk foto" : "")});
}

// The profile that was served here last; empty when that is not known.
std::string last_served(Sql* sql) {
  if (!sql) return "";
  const SqlLock lock(sql->mutex());
  Result<Statement> row = sql->prepare("SELECT value FROM setting WHERE name = 'profile'");
  if (!row.ok()) return "";
  const Result<bool> found = row->step();
  return found.ok() && *found ? row->text(0) : "";
}

void check_profile(const Config& config, Sql* sql, UnixMillis now, std::vector<Finding>& findings) {
  const Result<LoadedProfile> loaded = load_profile(config, last_served(sql));
  if (!loaded.ok()) {
    findings.push_back({Weight::kWrong, "profil kota", loaded.error().where + ": " + loaded.error().message});
    return;
  }
  const report::CityProfile* profile = &loaded->profile;
  findings.push_back({Weight::kGood, "profil kota", profile->name + ", versi " + std::to_string(profile->version)});
  if (profile->lapor_ids_are_placeholders) {
    findings.push_back({Weight::kWarning, "profil kota", "nomor instansi dan kategori LAPOR! masih contoh: tidak ada yang diteruskan ke SP4N-LAPOR! sampai diganti"});
  }
  if (profile->boundary_indicative) {
    findings.push_back({Weight::kWarning, "profil kota", "batas wilayah masih kasar; ganti dengan GeoJSON kota"});
  }
  if (!config.upstream.empty()) {
    const Result<UpstreamConfig> upstream = read_upstream_config(config.upstream, *profile);
    if (upstream.ok()) findings.push_back({Weight::kGood, "SP4N-LAPOR!", upstream->base.origin + upstream->base.path});
    else findings.push_back({Weight::kWrong, "SP4N-LAPOR!", upstream.error().where + ": " + upstream.error().message});
  }
  const std::string gaps = gaps_in_words(WorkingDays(*profile).gaps(now, now + kHolidaysAhead));
  if (!gaps.empty()) findings.push_back({Weight::kWarning, "hari libur", gaps});
}

// As FileStore::read(), whose FileStore makes folders and a table as it opens, and sweeps.
Result<std::string> stored_file(const Config& config, Sql& sql, const std::string& hash) {
  if (config.files == "database") {
    const SqlLock lock(sql.mutex());
    Statement row = TRY(sql.prepare("SELECT bytes FROM blob WHERE sha256 = ?1"));
    TRY(row.bind(1, hash));
    return TRY(row.step()) ? row.bytes(0) : "";
  }
  std::ifstream in(config.data + "/files/" + hash.substr(0, 2) + "/" + hash, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

void check_files(const Config& config, Sql& sql, std::vector<Finding>& findings) {
  const Result<std::vector<std::string>> hashes = stored_hashes(sql);
  if (!hashes.ok()) {
    findings.push_back({Weight::kWrong, "foto", hashes.error().message});
    return;
  }
  std::int64_t good = 0;
  for (const std::string& hash : *hashes) {
    const Result<std::string> bytes = stored_file(config, sql, hash);
    if (bytes.ok() && sha256_hex(*bytes) == hash) ++good;
    else findings.push_back({Weight::kWrong, "foto", hash + " hilang atau rusak; pulihkan dari cadangan"});
  }
  findings.push_back({Weight::kGood, "foto", std::to_string(good) + " berkas utuh"});
}

void check_client(const std::string& client, std::vector<Finding>& findings) {
  const Result<StaticFiles> files = StaticFiles::load(client);
  if (files.ok()) findings.push_back({Weight::kGood, "aplikasi", client});
  else findings.push_back({Weight::kWrong, "aplikasi", files.error().where + ": " + files.error().message});
}

}  // namespace

std::vector<Finding> check_city(const Config& config, bool all_files, UnixMillis now) {
  std::vector<Finding> findings;
  check_folder(config, findings);
  bool is_current = false;
  const std::unique_ptr<Sql> sql = check_database(config, is_current, findings);
  check_profile(config, sql.get(), now, findings);
  if (!config.client.empty()) check_client(config.client, findings);
  if (all_files && is_current) check_files(config, *sql, findings);
  return findings;
}

}  // namespace titik::serve
