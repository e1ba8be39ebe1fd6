#include "report/city_profile.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>

#include "base/id.h"
#include "base/json.h"
#include "base/utf8.h"

namespace titik::report {
namespace {

// A profile comes from a server: limits keep a hostile one from using unbounded memory. The largest
// shipped profile is under 20 KB; a city's exact boundary has a few thousand points.
constexpr std::size_t kMaxProfileBytes = 1024 * 1024;
constexpr std::size_t kMaxBoundaryPoints = 20'000;
constexpr std::size_t kMaxEntries = 1'000;  // of any other list
constexpr std::size_t kMaxText = 200;       // code points of any text

Error invalid(std::string where, std::string message) {
  return Error{ErrorCode::kInvalidArgument, std::move(where), std::move(message)};
}

template <typename Matches>
bool all_of(std::string_view text, Matches matches) {
  return !text.empty() && std::all_of(text.begin(), text.end(), matches);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_slug(std::string_view text) {
  return all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-'; });
}

bool is_sms_prefix(std::string_view text) {
  return all_of(text, [](char c) { return (c >= 'A' && c <= 'Z') || is_digit(c); });
}

bool is_emergency_number(std::string_view text) { return text.size() <= 15 && all_of(text, is_digit); }

// A GUID as LAPOR! gives it to a channel; its hex digits in either case.
bool is_guid(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  }
  return is_uuid(lower);
}

// Digits in groups of the given sizes with dots between: {2, 2} is "15.71".
bool is_code(std::string_view text, std::initializer_list<std::size_t> groups) {
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const std::size_t size = groups.begin()[i];
    if (text.size() < size || !all_of(text.substr(0, size), is_digit)) return false;
    text.remove_prefix(size);
    if (i + 1 == groups.size()) return text.empty();
    if (!text.starts_with('.')) return false;
    text.remove_prefix(1);
  }
  return false;
}

// "15.71.01" lies below "15.71".
bool is_below(std::string_view code, std::string_view parent) {
  return code.starts_with(parent) && code.substr(parent.size()).starts_with('.');
}

bool has_only_url_characters(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < 0x7F && c != '"' && c != '<' && c != '>' && c != '\\' && c != '?' && c != '#';
  });
}

bool is_base_path(std::string_view path) {
  return path.starts_with('/') && !path.starts_with("//") && !path.ends_with('/') &&
         has_only_url_characters(path);
}

// Empty for the same origin. Reports hold personal data, so http is only for a server on this machine.
bool is_base_url(std::string_view url) {
  if (url.empty()) return true;
  if (!has_only_url_characters(url) || url.ends_with('/')) return false;
  if (url.starts_with("https://")) return url.size() > std::string_view("https://").size();
  for (const std::string_view local : {"http://localhost", "http://127.0.0.1"}) {
    if (url.starts_with(local)) {
      const std::string_view rest = url.substr(local.size());
      return rest.empty() || (rest.starts_with(':') && all_of(rest.substr(1), is_digit));
    }
  }
  return false;
}

// The observed names, or a gateway's own. No others: the browser keeps many names to itself ("Cookie", "Host").
bool is_header_name(std::string_view name) {
  if (name == "Authorization" || name == "auth" || name == "token") return true;
  return name.starts_with("X-") && name.size() <= 40 && all_of(name.substr(2), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || is_digit(c) || c == '-';
  });
}

struct Zone {
  std::string_view name;
  ZoneOffset offset;
};
constexpr std::array kZones = {Zone{"WIB", 420}, Zone{"WITA", 480}, Zone{"WIT", 540}};

// Reads the members of one JSON object, and knows the path to it. Every member asked for is noted, so
// that finish() can refuse the ones nobody asked for.
class ObjectReader {
 public:
  // `where` is empty for the document itself.
  ObjectReader(const Json& object, std::string where) : object_(object), where_(std::move(where)) {}

  [[nodiscard]] std::string path(std::string_view key) const {
    return where_.empty() ? std::string(key) : where_ + "." + std::string(key);
  }

  Result<Ok> is_object() const {
    if (!object_.is_object()) return invalid(where_, "must be an object");
    return Ok{};
  }

  // One line of text, never blank unless `Blank::kAllowed`.
  enum class Blank { kRefused, kAllowed };
  Result<std::string> text(std::string_view key, Blank blank = Blank::kRefused) {
    const std::optional<std::string> value = optional_string(object_, note(key));
    if (!value) return invalid(path(key), "must be text");
    if (blank == Blank::kRefused && value->empty()) return invalid(path(key), "must not be empty");
    if (value->size() > kMaxText * 4 || count_code_points(*value) > kMaxText) {
      return invalid(path(key), "is too long");
    }
    if (trimmed(clean_text(*value, Lines::kOne)) != *value) {
      return invalid(path(key), "has control characters, or spaces at an end");
    }
    return *value;
  }

  // The name of a header, or `fallback` when there is no such member.
  Result<std::string> header_or(std::string_view key, std::string fallback) {
    if (!has(key)) return fallback;
    return text_of(key, is_header_name, "Authorization, auth, token, or X- and up to 38 letters, digits and hyphens");
  }

  // Like text(), or nothing when there is no such member.
  Result<std::string> text_or_none(std::string_view key) {
    if (!has(key)) return std::string();
    return text(key);
  }

  // Text of a form: `expected` completes "must be ...".
  Result<std::string> text_of(std::string_view key, bool (*matches)(std::string_view), std::string_view expected) {
    std::string value = TRY(text(key, Blank::kAllowed));
    if (!matches(value)) return invalid(path(key), "must be " + std::string(expected));
    return value;
  }

  Result<int> integer(std::string_view key, int minimum, int maximum) {
    const std::optional<std::int64_t> value = optional_integer(object_, note(key));
    if (!value) return invalid(path(key), "must be a whole number");
    if (*value < minimum || *value > maximum) {
      return invalid(path(key), "must be from " + std::to_string(minimum) + " to " + std::to_string(maximum));
    }
    return static_cast<int>(*value);
  }

  Result<double> number(std::string_view key) {
    const std::optional<double> value = optional_number(object_, note(key));
    if (!value) return invalid(path(key), "must be a number");
    return *value;
  }

  Result<bool> flag(std::string_view key) {
    const Json& value = titik::member(object_, note(key));
    if (!value.is_boolean()) return invalid(path(key), "must be true or false");
    return boolean_or(object_, key);
  }
  Result<bool> flag_or(std::string_view key, bool fallback) {
    if (!has(key)) return fallback;
    return flag(key);
  }

  [[nodiscard]] bool has(std::string_view key) const {
    return object_.is_object() && object_.find(key) != object_.end();
  }

  const Json& value(std::string_view key) { return titik::member(object_, note(key)); }

  // Reads a list with `read(item, path)` for each item.
  template <typename Item, typename Read>
  Result<std::vector<Item>> list(std::string_view key, std::size_t minimum, std::size_t maximum, Read read) {
    const Json& items = value(key);
    if (!items.is_array()) return invalid(path(key), "must be a list");
    if (items.size() < minimum) {
      return invalid(path(key), "must have at least " + std::to_string(minimum) + " entries");
    }
    if (items.size() > maximum) {
      return invalid(path(key), "must have at most " + std::to_string(maximum) + " entries");
    }
    std::vector<Item> out;
    out.reserve(items.size());
    for (const Json& item : items) {
      out.push_back(TRY(read(item, path(key) + "[" + std::to_string(out.size()) + "]")));
    }
    return out;
  }

  // Call last: refuses members that were not read.
  Result<Ok> finish() const {
    for (auto entry = object_.begin(); entry != object_.end(); ++entry) {
      if (std::find(known_.begin(), known_.end(), entry.key()) == known_.end()) {
        // The key is foreign text: only as much of it as a person needs to find it.
        const std::string key = clean_text(entry.key(), Lines::kOne);
        return invalid(path(prefix_of(key, 40)), "is not a member of a profile");
      }
    }
    return Ok{};
  }

 private:
  std::string_view note(std::string_view key) {
    known_.push_back(key);
    return key;
  }

  const Json& object_;
  std::string where_;
  std::vector<std::string_view> known_;  // literals of this file
};

constexpr std::string_view kSlugForm = "lower-case letters, digits and hyphens";
constexpr std::string_view kLaporIdForm = "a LAPOR! id of 1 to 10 digits";

Result<GeoPoint> read_point(const Json& json, std::string where) {
  ObjectReader in(json, where);
  TRY(in.is_object());
  GeoPoint point;
  point.latitude = TRY(in.number("latitude"));
  point.longitude = TRY(in.number("longitude"));
  TRY(in.finish());
  if (!is_valid_point(point)) return invalid(std::move(where), "is not a place on the earth");
  return point;
}

Result<Agency> read_agency(const Json& json, std::string where) {
  ObjectReader in(json, std::move(where));
  TRY(in.is_object());
  Agency agency;
  agency.id = TRY(in.text_of("id", is_slug, kSlugForm));
  agency.name = TRY(in.text("name"));
  agency.short_name = TRY(in.text("short_name"));
  agency.short_name_en = TRY(in.text_or_none("short_name_en"));
  agency.lapor_institution_id = TRY(in.text_of("lapor_institution_id", is_lapor_id, kLaporIdForm));
  agency.vertical = TRY(in.flag_or("vertical", false));
  TRY(in.finish());
  return agency;
}

Result<Category> read_category(const Json& json, std::string where) {
  ObjectReader in(json, std::move(where));
  TRY(in.is_object());
  Category category;
  category.id = TRY(in.text_of("id", is_slug, kSlugForm));
  category.name = TRY(in.text("name"));
  category.name_en = TRY(in.text_or_none("name_en"));
  category.icon = TRY(in.text_of("icon", is_slug, "the name of a Lucide icon"));
  category.agency = TRY(in.text("agency"));
  category.hours = TRY(in.integer("hours", 24, 72));
  if (category.hours % 24 != 0) return invalid(in.path("hours"), "must be 24, 48 or 72");
  category.lapor_category_id = TRY(in.text_of("lapor_category_id", is_lapor_id, kLaporIdForm));
  category.evidence_required = TRY(in.flag_or("evidence_required", true));
  TRY(in.finish());
  return category;
}

Result<Village> read_village(const Json& json, std::string where) {
  ObjectReader in(json, std::move(where));
  TRY(in.is_object());
  Village village;
  village.code = TRY(in.text_of(
      "code", [](std::string_view code) { return is_code(code, {2, 2, 2, 4}); }, "a code as 15.71.01.1001"));
  village.name = TRY(in.text("name"));
  TRY(in.finish());
  return village;
}

Result<District> read_district(const Json& json, std::string where) {
  ObjectReader in(json, std::move(where));
  TRY(in.is_object());
  District district;
  district.code = TRY(in.text_of(
      "code", [](std::string_view code) { return is_code(code, {2, 2, 2}); }, "a code as 15.71.01"));
  district.name = TRY(in.text("name"));
  district.villages = TRY(in.list<Village>("villages", 1, kMaxEntries, read_village));
  TRY(in.finish());
  for (std::size_t i = 0; i < district.villages.size(); ++i) {
    if (!is_below(district.villages[i].code, district.code)) {
      return invalid(in.path("villages") + "[" + std::to_string(i) + "].code", "is not of this district");
    }
  }
  return district;
}

Result<std::string> read_holiday(const Json& json, std::string where) {
  const std::optional<std::string> text = json.is_string() ? scalar_text(json) : std::nullopt;
  if (!text || !parse_date(*text)) return invalid(std::move(where), "must be a date as 2026-12-25");
  return *text;
}

// Refuses the second of two entries with the same `member`.
template <typename Item>
Result<Ok> check_unique(const std::vector<Item>& items, std::string Item::*member, std::string_view list,
                        std::string_view name) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (items[i].*member == items[j].*member) {
        return invalid(std::string(list) + "[" + std::to_string(i) + "]." + std::string(name),
                       "is there twice: " + items[i].*member);
      }
    }
  }
  return Ok{};
}

// What no single member can say about itself.
Result<Ok> check_whole(const CityProfile& profile) {
  const auto zone = std::find_if(kZones.begin(), kZones.end(),
                                 [&](const Zone& candidate) { return candidate.offset == profile.zone; });
  if (zone == kZones.end()) return invalid("zone", "must be 420, 480 or 540");
  if (zone->name != profile.zone_name) {
    return invalid("zone_name", "must be " + std::string(zone->name) + ", which zone says");
  }
  if (profile.boundary.front() == profile.boundary.back()) {
    return invalid("boundary[" + std::to_string(profile.boundary.size() - 1) + "]",
                   "repeats the first point: the ring closes by itself");
  }
  TRY(check_unique(profile.agencies, &Agency::id, "agencies", "id"));
  TRY(check_unique(profile.categories, &Category::id, "categories", "id"));
  TRY(check_unique(profile.districts, &District::code, "districts", "code"));
  for (std::size_t i = 0; i < profile.categories.size(); ++i) {
    if (profile.agency(profile.categories[i].agency) == nullptr) {
      return invalid("categories[" + std::to_string(i) + "].agency", "is not the id of an agency");
    }
  }
  for (std::size_t i = 0; i < profile.districts.size(); ++i) {
    const std::string where = "districts[" + std::to_string(i) + "]";
    if (!is_below(profile.districts[i].code, profile.code)) {
      return invalid(where + ".code", "is not of this city");
    }
    TRY(check_unique(profile.districts[i].villages, &Village::code, where + ".villages", "code"));
  }
  return Ok{};
}

template <typename Item>
const Item* find_by_id(const std::vector<Item>& items, std::string_view id) {
  const auto found = std::find_if(items.begin(), items.end(), [&](const Item& item) { return item.id == id; });
  return found == items.end() ? nullptr : &*found;
}

}  // namespace

const Category* CityProfile::category(std::string_view wanted) const { return find_by_id(categories, wanted); }

const Agency* CityProfile::agency(std::string_view wanted) const { return find_by_id(agencies, wanted); }

const Agency* CityProfile::agency_of_category(std::string_view category_id) const {
  const Category* const found = category(category_id);
  return found == nullptr ? nullptr : agency(found->agency);
}

Result<CityProfile> parse_city_profile(std::string_view json) {
  if (json.size() > kMaxProfileBytes) return Error{ErrorCode::kTooLarge, "", "the profile is over 1 MB"};
  const Json document = TRY(parse_json(json));
  ObjectReader in(document, "");
  TRY(in.is_object());

  CityProfile profile;
  profile.version = TRY(in.integer("version", 1, 1'000'000'000));
  profile.id = TRY(in.text_of("id", is_slug, kSlugForm));
  profile.name = TRY(in.text("name"));
  profile.code = TRY(in.text_of(
      "code", [](std::string_view code) { return is_code(code, {2, 2}); }, "a Kemendagri code as 15.71"));
  profile.zone = TRY(in.integer("zone", 420, 540));
  profile.zone_name = TRY(in.text("zone_name"));
  profile.centre = TRY(read_point(in.value("centre"), "centre"));
  profile.boundary = TRY(in.list<GeoPoint>("boundary", 3, kMaxBoundaryPoints, read_point));
  profile.boundary_indicative = TRY(in.flag("boundary_indicative"));
  profile.emergency_number = TRY(in.text_of("emergency_number", is_emergency_number, "1 to 15 digits"));
  profile.sms_prefix = TRY(in.text_of("sms_prefix", is_sms_prefix, "capital letters and digits"));
  profile.lapor_base_path =
      TRY(in.text_of("lapor_base_path", is_base_path, "a path with a slash in front and none at the end"));
  profile.lapor_base_url = TRY(in.text_of(
      "lapor_base_url", is_base_url, "empty, or an https address without a slash at the end"));
  profile.channel_token = TRY(in.text_of("channel_token", is_guid, "a GUID without braces"));
  profile.token_header = TRY(in.header_or("token_header", std::move(profile.token_header)));
  profile.auth_header = TRY(in.header_or("auth_header", std::move(profile.auth_header)));
  if (profile.auth_header == profile.token_header) return invalid("auth_header", "must not be the same as token_header");
  profile.channel = TRY(in.integer("channel", 0, 1'000'000'000));
  profile.lapor_ids_are_placeholders = TRY(in.flag("lapor_ids_are_placeholders"));
  profile.agencies = TRY(in.list<Agency>("agencies", 1, kMaxEntries, read_agency));
  profile.categories = TRY(in.list<Category>("categories", 1, kMaxEntries, read_category));
  if (in.has("districts")) {
    profile.districts = TRY(in.list<District>("districts", 1, kMaxEntries, read_district));
  }
  profile.holidays = TRY(in.list<std::string>("holidays", 0, kMaxEntries, read_holiday));
  (void)in.value("receipt_keys");      // lapor::receipt_keys_of()
  (void)in.value("acknowledgements");  // the server's alone (serve/acknowledgement.h)
  (void)in.value("areas");             // and these (serve/areas.h)
  (void)in.value("retention");         // and this (serve/retention.h)
  if (in.has("privacy_version")) profile.privacy_version = TRY(in.integer("privacy_version", 1, 1'000'000'000));
  TRY(in.finish());
  TRY(check_whole(profile));
  return profile;
}

}  // namespace titik::report
