#include "serve/upstream_config.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <initializer_list>
#include <iterator>

#include "base/id.h"
#include "base/json.h"
#include "base/utf8.h"

namespace titik::serve {
namespace {

constexpr std::size_t kMaxFile = 1 << 20;

Error bad(std::string_view where, std::string_view message) {
  return Error{ErrorCode::kInvalidArgument, std::string(where), std::string(message)};
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

std::string lower(std::string_view text) {
  std::string out(trimmed(text));
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// What may stand in a header's value.
bool is_header_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

Result<std::string> text_in(const Json& json, const char* name, std::string fallback = {}) {
  const Json& value = member(json, name);
  if (value.is_null()) return fallback;
  const auto text = optional_string(json, name);
  if (!text) return bad(name, "harus teks");
  return std::string(trimmed(*text));
}

Result<std::string> id_in(const Json& json, const char* name) {
  const auto text = scalar_text(member(json, name));
  if (!text || !is_lapor_id(*text)) return bad(name, "wajib diisi: 1 sampai 10 angka");
  return *text;
}

Result<bool> flag_in(const Json& json, const char* name, bool fallback) {
  const Json& value = member(json, name);
  if (value.is_null()) return fallback;
  if (!value.is_boolean()) return bad(name, "harus true atau false");
  return value.get<bool>();
}

// A number of `unit`s, fractions too.
Result<UnixMillis> duration_in(const Json& json, const char* name, UnixMillis unit, UnixMillis fallback) {
  if (member(json, name).is_null()) return fallback;
  const auto number = optional_number(json, name);
  constexpr double kMost = 1e6;
  if (!number || !(*number > 0) || *number > kMost) return bad(name, "harus angka di atas 0");
  return std::max<UnixMillis>(1, static_cast<UnixMillis>(*number * static_cast<double>(unit)));
}

Result<std::map<std::string, std::string>> texts_in(const Json& json, const char* name) {
  std::map<std::string, std::string> out;
  const Json& object = member(json, name);
  if (object.is_null()) return out;
  if (!object.is_object()) return bad(name, "harus objek");
  for (const auto& [key, value] : object.items()) {
    const auto text = scalar_text(value);
    if (!text) return bad(std::string(name) + "." + key, "harus teks");
    out[key] = std::string(trimmed(*text));
  }
  return out;
}

Result<Ok> read_tables(const Json& json, const report::CityProfile& profile, UpstreamConfig& config) {
  config.institutions = TRY(texts_in(json, "institutions"));
  for (const auto& [agency, id] : config.institutions) {
    if (!profile.agency(agency)) return bad("institutions." + agency, "instansi ini tidak ada di profil kota");
    if (!is_lapor_id(id)) return bad("institutions." + agency, "harus 1 sampai 10 angka");
  }
  config.categories = TRY(texts_in(json, "categories"));
  for (const auto& [category, id] : config.categories) {
    if (!profile.category(category)) return bad("categories." + category, "kategori ini tidak ada di profil kota");
    if (!is_lapor_id(id)) return bad("categories." + category, "harus 1 sampai 10 angka");
  }
  for (const auto& [theirs, ours] : TRY(texts_in(json, "status_map"))) {
    const auto status = report::status_from_name(ours);
    if (!status) return bad("status_map." + theirs, "status tidak dikenal: " + ours);
    config.status_map[lower(theirs)] = *status;
  }
  config.templates = TRY(texts_in(json, "templates"));
  for (const auto& [status, code] : config.templates) {
    if (!report::status_from_name(status)) return bad("templates." + status, "status tidak dikenal");
  }
  const Json& hosts = member(json, "file_hosts");
  if (!hosts.is_null() && !hosts.is_array()) return bad("file_hosts", "harus daftar");
  for (const Json& host : hosts) {
    const auto text = scalar_text(host);
    const auto url = parse_upstream_url(text.value_or(""));
    if (!url.ok() || !url->path.empty()) return bad("file_hosts", "harus alamat seperti https://contoh.go.id");
    config.file_hosts.push_back(url->origin);
  }
  return Ok{};
}

constexpr std::array<std::string_view, 21> kMembers = {
    "base_url", "auth_header", "bearer", "token", "user_id", "institution_id", "channel", "send", "send_identity",
    "dispose_on_create", "list_path", "default_category", "institutions", "categories", "status_map", "templates",
    "file_hosts", "ca_file", "poll_first_minutes", "poll_longest_minutes", "photos_wait_hours"};

Result<Ok> check_credentials(const UpstreamConfig& config) {
  if (config.bearer.empty()) return bad("bearer", "wajib diisi (atau TITIK_UPSTREAM_BEARER)");
  if (config.token.empty()) return bad("token", "wajib diisi (atau TITIK_UPSTREAM_TOKEN)");
  if (!is_header_text(config.bearer)) return bad("bearer", "berisi spasi atau huruf yang tidak boleh");
  if (!is_header_text(config.token)) return bad("token", "berisi spasi atau huruf yang tidak boleh");
  return Ok{};
}

Result<UpstreamConfig> parse(std::string_view text, const report::CityProfile& profile) {
  const Result<Json> parsed = parse_json(text);
  if (!parsed.ok() || !parsed->is_object()) return bad("", "bukan JSON yang sah");
  const Json& json = *parsed;
  for (const auto& [key, value] : json.items()) {
    if (std::find(kMembers.begin(), kMembers.end(), key) == kMembers.end()) return bad(key, "isian tidak dikenal");
  }
  UpstreamConfig config;
  const auto base = parse_upstream_url(TRY(text_in(json, "base_url")));
  if (!base.ok()) return bad("base_url", base.error().message);
  config.base = *base;
  config.auth_header = TRY(text_in(json, "auth_header", config.auth_header));
  if (!is_one_of(config.auth_header, {"Authorization", "auth"})) return bad("auth_header", "harus Authorization atau auth");
  config.bearer = TRY(text_in(json, "bearer"));
  config.token = TRY(text_in(json, "token"));
  if (config.token.starts_with('{') && config.token.ends_with('}')) config.token = config.token.substr(1, config.token.size() - 2);
  config.user_id = TRY(id_in(json, "user_id"));
  config.institution_id = TRY(id_in(json, "institution_id"));
  config.channel = static_cast<int>(std::clamp<std::int64_t>(integer_or(json, "channel", profile.channel), 0, 1'000'000));
  const std::string send = TRY(text_in(json, "send", "all"));
  if (!is_one_of(send, {"all", "vertical"})) return bad("send", "harus all atau vertical");
  config.send = send == "all" ? UpstreamConfig::Send::kAll : UpstreamConfig::Send::kVertical;
  config.send_identity = TRY(flag_in(json, "send_identity", config.send_identity));
  config.dispose_on_create = TRY(flag_in(json, "dispose_on_create", config.dispose_on_create));
  config.list_path = TRY(text_in(json, "list_path"));
  if (!config.list_path.empty() && (!config.list_path.starts_with('/') || !is_header_text(config.list_path))) {
    return bad("list_path", "harus diawali garis miring, seperti /complaints");
  }
  config.default_category = TRY(text_in(json, "default_category"));
  if (config.default_category.empty() && !profile.categories.empty()) config.default_category = profile.categories.back().id;
  if (!profile.category(config.default_category)) return bad("default_category", "kategori ini tidak ada di profil kota");
  TRY(read_tables(json, profile, config));
  config.ca_file = TRY(text_in(json, "ca_file"));
  config.poll_first = TRY(duration_in(json, "poll_first_minutes", kMinute, config.poll_first));
  config.poll_longest = TRY(duration_in(json, "poll_longest_minutes", kMinute, config.poll_longest));
  config.photos_wait = TRY(duration_in(json, "photos_wait_hours", kHour, config.photos_wait));
  if (config.poll_longest < config.poll_first) return bad("poll_longest_minutes", "tidak boleh kurang dari poll_first_minutes");
  return config;
}

Result<Ok> refuse_placeholders(const report::CityProfile& profile) {
  if (!profile.lapor_ids_are_placeholders) return Ok{};
  return Error{ErrorCode::kUnsupported, "lapor_ids_are_placeholders",
               "profil kota masih memakai nomor LAPOR! buatan sendiri, jadi laporan tidak akan sampai ke instansi mana pun. "
               "Isi lapor_institution_id dan lapor_category_id dengan nomor dari SP4N-LAPOR!, lalu ubah "
               "lapor_ids_are_placeholders menjadi false."};
}

}  // namespace

Result<UpstreamUrl> parse_upstream_url(std::string_view text) {
  const auto malformed = [](std::string_view message) { return Error{ErrorCode::kMalformed, "", std::string(message)}; };
  const bool secure = text.starts_with("https://");
  if (!secure && !text.starts_with("http://")) return malformed("harus alamat yang diawali https://");
  const std::size_t host_at = secure ? 8 : 7;
  const std::size_t slash = std::min(text.find('/', host_at), text.size());
  const std::string_view authority = text.substr(host_at, slash - host_at);
  std::string_view host = authority;
  if (const std::size_t colon = authority.rfind(':'); colon != authority.npos) {
    host = authority.substr(0, colon);
    const std::string_view port = authority.substr(colon + 1);
    if (port.empty() || port.size() > 5 || !std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; })) {
      return malformed("porta tidak sah");
    }
  }
  const auto is_host_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  if (host.empty() || !std::all_of(host.begin(), host.end(), is_host_letter)) return malformed("nama server tidak sah");
  if (!secure && !is_one_of(host, {"localhost", "127.0.0.1"})) {
    return malformed("harus https: kode akses tidak boleh lewat jaringan tanpa sandi");
  }
  std::string_view path = text.substr(slash);
  while (path.ends_with('/')) path.remove_suffix(1);
  if (!is_header_text(path) || path.find_first_of("?#") != path.npos) return malformed("alamat tidak sah");
  return UpstreamUrl{std::string(text.substr(0, slash)), std::string(path)};
}

std::string UpstreamConfig::institution_of(const report::CityProfile& profile, std::string_view agency_id) const {
  if (const auto own = institutions.find(std::string(agency_id)); own != institutions.end()) return own->second;
  const report::Agency* agency = profile.agency(agency_id);
  return agency ? agency->lapor_institution_id : std::string();
}

std::string UpstreamConfig::category_of(const report::CityProfile& profile, std::string_view category_id) const {
  if (const auto own = categories.find(std::string(category_id)); own != categories.end()) return own->second;
  const report::Category* category = profile.category(category_id);
  return category ? category->lapor_category_id : std::string();
}

Result<UpstreamConfig> parse_upstream_config(std::string_view json, const report::CityProfile& profile) {
  TRY(refuse_placeholders(profile));
  UpstreamConfig config = TRY(parse(json, profile));
  TRY(check_credentials(config));
  return config;
}

Result<UpstreamConfig> read_upstream_config(const std::string& path, const report::CityProfile& profile) {
  struct stat info = {};
  std::ifstream in(path, std::ios::binary);
  if (!in || stat(path.c_str(), &info) != 0) return Error{ErrorCode::kNotFound, path, "berkas tidak ada atau tidak dapat dibaca"};
  if ((info.st_mode & S_IRWXO) != 0) {
    return Error{ErrorCode::kForbidden, path, "berkas ini berisi kode akses tetapi dapat dibaca semua orang; jalankan chmod 600"};
  }
  if (info.st_size > static_cast<off_t>(kMaxFile)) return Error{ErrorCode::kTooLarge, path, "berkas terlalu besar"};
  const std::string text(std::istreambuf_iterator<char>(in), {});
  TRY(refuse_placeholders(profile));
  Result<UpstreamConfig> config = parse(text, profile);
  if (config.ok()) {
    if (const char* bearer = std::getenv("TITIK_UPSTREAM_BEARER")) config->bearer = bearer;
    if (const char* token = std::getenv("TITIK_UPSTREAM_TOKEN")) config->token = token;
    if (const Result<Ok> checked = check_credentials(*config); !checked.ok()) config = Result<UpstreamConfig>(checked.error());
  }
  if (config.ok()) return config;
  return Error{config.error().code, path + (config.error().where.empty() ? "" : ": " + config.error().where), config.error().message};
}

}  // namespace titik::serve
