#include "serve/office.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "serve/crypto.h"
#include "serve/retention.h"

namespace titik::serve {
namespace {

Result<std::string> read_text_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error{ErrorCode::kNotFound, path, "berkas tidak ada atau tidak dapat dibaca"};
  return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

// Another city's agencies and holidays would be worse than none: nothing is taken for it.
Error no_profile(const Config& config) {
  const std::string where = config.database.empty() ? config.database_location() : "database";
  return Error{ErrorCode::kNotFound, where,
               "belum pernah dilayani, jadi profil kotanya belum diketahui. Periksa --data (TITIK_DATA) dan --database "
               "(TITIK_DATABASE), atau sebutkan --profile FILE (TITIK_PROFILE); sesudah `serve` profil itu diingat"};
}

UnixMillis clock_ahead = 0;  // of the machine's, by --clock

UnixMillis machine_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

// The staff act through no token: a random one is hashed and forgotten.
Result<Caller> staff_of(Repository& repository) {
  return repository.known_caller(CallerKind::kOffice, "kantor", sha256_hex(random_hex(32)), system_now());
}

}  // namespace

UnixMillis system_now() { return machine_now() + clock_ahead; }

void set_clock(UnixMillis now) { clock_ahead = now - machine_now(); }

Result<LoadedProfile> load_profile(const Config& config, const std::string& last_served) {
  const std::string path = config.profile.empty() ? last_served : config.profile;
  if (path.empty()) return no_profile(config);
  std::string json = TRY(read_text_file(path));
  Result<report::CityProfile> profile = report::parse_city_profile(json);
  if (!profile.ok()) {
    const Error& bad = profile.error();
    return Error{bad.code, path + ": " + bad.where, bad.message};
  }
  Result<CityRules> rules = CityRules::of(*profile, json);
  if (!rules.ok()) return Error{rules.error().code, path + ": " + rules.error().where, rules.error().message};
  Result<Retention> retention = Retention::of_profile(json);
  if (!retention.ok()) return Error{retention.error().code, path + ": " + retention.error().where, retention.error().message};
  return LoadedProfile{*std::move(profile), std::move(json), *std::move(rules)};
}

Result<Office> open_office(const Config& config) {
  const std::string& data = config.data;
  std::error_code error;
  // A mistyped folder is not made, unless it is told which city it is to be.
  const bool is_new = config.database.empty() && !std::filesystem::exists(config.database_location(), error);
  if (is_new && config.profile.empty()) return no_profile(config);
  std::filesystem::create_directories(data, error);
  if (error) return Error{ErrorCode::kStorage, data, "folder data tidak dapat dibuat"};
  std::unique_ptr<Repository> repository = TRY(Repository::open(config.database_location()));
  FileStore files = TRY(config.open_files(repository->sql()));
  std::unique_ptr<PartialFiles> partial_files = TRY(PartialFiles::open(data + "/partial", files));

  LoadedProfile loaded = TRY(load_profile(config, TRY(repository->setting("profile"))));
  std::unique_ptr<PublicFace> public_face = TRY(PublicFace::open(config.database_location(), loaded.profile));
  TRY(repository->signing_key(system_now()));  // the first start makes it
  Caller staff = TRY(staff_of(*repository));
  auto workflow = std::make_unique<Workflow>(repository->sql(), std::move(loaded.rules));
  return Office{std::move(repository), std::move(files), std::move(partial_files), std::move(public_face), std::move(loaded.profile),
                std::move(loaded.json), std::move(workflow), std::move(staff)};
}

Result<Ok> remember_profile(const Config& config, Repository& repository) {
  if (config.profile.empty()) return Ok{};
  std::error_code error;
  const std::string path = std::filesystem::absolute(config.profile, error).string();
  if (error) return Error{ErrorCode::kStorage, config.profile, error.message()};
  return repository.set_setting("profile", path);
}

}  // namespace titik::serve
