#include "serve/config.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/json.h"
#include "serve/sql.h"

namespace titik::serve {
namespace {

// Every setting that is one text: its name on the command line and in the file, and in the environment.
struct Setting {
  const char* name;
  const char* variable;
  std::string Config::* value;
};
constexpr std::array kSettings = {
    Setting{"data", "TITIK_DATA", &Config::data},
    Setting{"profile", "TITIK_PROFILE", &Config::profile},
    Setting{"database", "TITIK_DATABASE", &Config::database},
    Setting{"files", "TITIK_FILES", &Config::files},
    Setting{"trusted-proxies", "TITIK_TRUSTED_PROXIES", &Config::trusted_proxies},
    Setting{"upstream", "TITIK_UPSTREAM", &Config::upstream},
};

Result<Ok> read_file(Config& config, const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error{ErrorCode::kNotFound, path, "berkas konfigurasi tidak ada atau tidak dapat dibaca"};
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const Result<Json> json = parse_json(text);
  if (!json.ok() || !json->is_object()) return Error{ErrorCode::kMalformed, path, "bukan objek JSON"};
  for (const auto& [name, value] : json->items()) {
    const Setting* setting = nullptr;
    for (const Setting& one : kSettings) {
      if (name == one.name) setting = &one;
    }
    if (!setting) return Error{ErrorCode::kInvalidArgument, path + ": " + name, "pengaturan tidak dikenal"};
    const std::optional<std::string> given = optional_string(*json, name);
    if (!given) return Error{ErrorCode::kInvalidArgument, path + ": " + name, "harus teks"};
    config.*setting->value = *given;
  }
  return Ok{};
}

}  // namespace

Result<FileStore> Config::open_files(Sql& sql) const {
  return files == "database" ? FileStore::in_database(data + "/files", sql) : FileStore::open(data + "/files");
}

std::string process_environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

Result<Config> read_config(const Options& options, const Environment& environment) {
  Config config;
  const std::string file = options.value("config", environment("TITIK_CONFIG"));
  if (!file.empty()) TRY(read_file(config, file));
  for (const Setting& setting : kSettings) {
    const std::string given = options.value(setting.name, environment(setting.variable));
    if (!given.empty()) config.*setting.value = given;
  }
  if (!config.database.empty() && !Sql::is_postgresql(config.database)) {
    return Error{ErrorCode::kInvalidArgument, "database", "harus berbentuk postgresql://…; tanpa itu dipakai SQLite di folder data"};
  }
  if (!config.files.empty() && config.files != "folder" && config.files != "database") {
    return Error{ErrorCode::kInvalidArgument, "files", "harus \"folder\" (bawaan) atau \"database\""};
  }
  TRY(TrustedProxies::parse(config.trusted_proxies));
  return config;
}

}  // namespace titik::serve
