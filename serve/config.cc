#include "serve/config.h"

#include <array>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

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
    Setting{"client", "TITIK_CLIENT", &Config::client},
    Setting{"host", "TITIK_HOST", &Config::host},
    Setting{"port", "TITIK_PORT", &Config::port},
    Setting{"monitor-port", "TITIK_MONITOR_PORT", &Config::monitor_port},
    Setting{"trusted-proxies", "TITIK_TRUSTED_PROXIES", &Config::trusted_proxies},
    Setting{"upstream", "TITIK_UPSTREAM", &Config::upstream},
};

// A port is a number to whoever writes JSON; everything else is a text.
std::optional<std::string> text_of(const Setting& setting, const Json& value) {
  const bool is_number = setting.value == &Config::port || setting.value == &Config::monitor_port;
  return value.is_string() || (is_number && value.is_number_integer()) ? scalar_text(value) : std::nullopt;
}

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
    const std::optional<std::string> given = text_of(*setting, value);
    if (!given) return Error{ErrorCode::kInvalidArgument, path + ": " + name, "harus teks"};
    config.*setting->value = *given;
  }
  return Ok{};
}

bool is_host(std::string_view text) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:-";
  return !text.empty() && text.find_first_not_of(kLetters) == text.npos;
}

}  // namespace

bool is_port(std::string_view text) {
  int port = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port >= 0 && port <= 65535;
}

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
  for (const auto& [name, port] : {std::pair{"port", &config.port}, std::pair{"monitor-port", &config.monitor_port}}) {
    const bool is_none = port == &config.monitor_port && port->empty();
    if (!is_none && !is_port(*port)) return Error{ErrorCode::kInvalidArgument, name, "harus angka 0 sampai 65535; 0 memilih yang bebas"};
  }
  if (!is_host(config.host)) {
    return Error{ErrorCode::kInvalidArgument, "host", "harus satu alamat atau nama mesin, misalnya 127.0.0.1, ::1, atau 0.0.0.0 untuk semua"};
  }
  TRY(TrustedProxies::parse(config.trusted_proxies));
  return config;
}

}  // namespace titik::serve
