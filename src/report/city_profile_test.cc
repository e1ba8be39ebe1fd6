#include "report/city_profile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <string>

#include "base/json.h"

namespace titik::report {
namespace {

// Two agencies, two categories, two districts: one of everything, and a second to collide with.
constexpr std::string_view kValid = R"({
  "version": 3,
  "id": "kota-jambi",
  "name": "Kota Jambi",
  "code": "15.71",
  "zone": 420,
  "zone_name": "WIB",
  "centre": { "latitude": -1.6101, "longitude": 103.6131 },
  "boundary": [
    { "latitude": -1.5, "longitude": 103.5 },
    { "latitude": -1.5, "longitude": 103.7 },
    { "latitude": -1.7, "longitude": 103.7 }
  ],
  "boundary_indicative": true,
  "emergency_number": "112",
  "sms_prefix": "JAMBI",
  "lapor_base_path": "/lapor/3.0.0",
  "lapor_base_url": "",
  "channel_token": "6F1C2B0A-4D3E-4A57-9B18-1571A0C3E5D1",
  "channel": 7,
  "lapor_ids_are_placeholders": true,
  "agencies": [
    { "id": "pupr", "name": "Dinas PU", "short_name": "PUPR", "short_name_en": "Public Works", "lapor_institution_id": "101", "vertical": false },
    { "id": "pln", "name": "PT PLN", "short_name": "PLN", "lapor_institution_id": "102", "vertical": true }
  ],
  "categories": [
    { "id": "jalan", "name": "Jalan", "name_en": "Roads", "icon": "construction", "agency": "pupr", "hours": 72,
      "lapor_category_id": "201", "evidence_required": true },
    { "id": "listrik", "name": "Listrik", "icon": "zap", "agency": "pln", "hours": 24,
      "lapor_category_id": "202", "evidence_required": false }
  ],
  "districts": [
    { "code": "15.71.01", "name": "Telanaipura", "villages": [
      { "code": "15.71.01.1001", "name": "Simpang IV Sipin" },
      { "code": "15.71.01.1002", "name": "Buluran Kenali" } ] },
    { "code": "15.71.02", "name": "Jambi Selatan", "villages": [ { "code": "15.71.02.1001", "name": "Pasir Putih" } ] }
  ],
  "holidays": [ "2026-01-01", "2026-12-25" ]
})";

Json valid() { return parse_json(kValid).value(); }

// The field an error names, or "" when the profile is taken.
std::string fault(const Json& profile) {
  const Result<CityProfile> result = parse_city_profile(to_text(profile));
  if (result.ok()) return "";
  EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
  EXPECT_FALSE(result.error().message.empty());
  return result.error().where;
}

// The fault after setting the value at a JSON pointer ("/categories/0/hours").
std::string fault_with(const std::string& pointer, const Json& value) {
  Json profile = valid();
  profile[Json::json_pointer(pointer)] = value;
  return fault(profile);
}

// "/categories/2/hours" → "categories[2].hours".
std::string field_at(const std::string& pointer) {
  std::string field;
  std::size_t begin = 1;
  while (begin <= pointer.size()) {
    const std::size_t end = std::min(pointer.find('/', begin), pointer.size());
    const std::string part = pointer.substr(begin, end - begin);
    const bool is_index = part.find_first_not_of("0123456789") == std::string::npos;
    if (is_index) field += "[" + part + "]";
    else field += (field.empty() ? "" : ".") + part;
    begin = end + 1;
  }
  return field;
}

// Calls `visit` with the pointer of every value in the document, its root apart.
void for_each_value(const Json& value, const std::string& pointer,
                    const std::function<void(const std::string&, const Json&)>& visit) {
  if (!pointer.empty()) visit(pointer, value);
  if (value.is_object()) {
    for (auto entry = value.begin(); entry != value.end(); ++entry) {
      for_each_value(entry.value(), pointer + "/" + entry.key(), visit);
    }
  } else if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      for_each_value(value[i], pointer + "/" + std::to_string(i), visit);
    }
  }
}

TEST(ParseCityProfile, ReadsEveryMember) {
  const Result<CityProfile> result = parse_city_profile(kValid);
  ASSERT_TRUE(result.ok()) << result.error().where << ": " << result.error().message;
  const CityProfile& city = *result;
  EXPECT_EQ(city.version, 3);
  EXPECT_EQ(city.id, "kota-jambi");
  EXPECT_EQ(city.name, "Kota Jambi");
  EXPECT_EQ(city.code, "15.71");
  EXPECT_EQ(city.zone, 420);
  EXPECT_EQ(city.zone_name, "WIB");
  EXPECT_EQ(city.centre, (GeoPoint{-1.6101, 103.6131}));
  ASSERT_EQ(city.boundary.size(), 3u);
  EXPECT_EQ(city.boundary[2], (GeoPoint{-1.7, 103.7}));
  EXPECT_TRUE(city.boundary_indicative);
  EXPECT_EQ(city.emergency_number, "112");
  EXPECT_EQ(city.sms_prefix, "JAMBI");
  EXPECT_EQ(city.lapor_base_path, "/lapor/3.0.0");
  EXPECT_EQ(city.lapor_base_url, "");
  EXPECT_EQ(city.channel_token, "6F1C2B0A-4D3E-4A57-9B18-1571A0C3E5D1");
  EXPECT_EQ(city.channel, 7);
  EXPECT_TRUE(city.lapor_ids_are_placeholders);
  ASSERT_EQ(city.agencies.size(), 2u);
  EXPECT_EQ(city.agencies[0].name, "Dinas PU");
  EXPECT_EQ(city.agencies[0].short_name, "PUPR");
  EXPECT_EQ(city.agencies[0].lapor_institution_id, "101");
  EXPECT_EQ(city.agencies[0].short_name_en, "Public Works");
  EXPECT_EQ(city.agencies[1].short_name_en, "");
  EXPECT_EQ(city.categories[0].name_en, "Roads");
  EXPECT_EQ(city.categories[1].name_en, "");
  EXPECT_FALSE(city.agencies[0].vertical);
  EXPECT_TRUE(city.agencies[1].vertical);
  ASSERT_EQ(city.categories.size(), 2u);
  EXPECT_EQ(city.categories[0].name, "Jalan");
  EXPECT_EQ(city.categories[0].icon, "construction");
  EXPECT_EQ(city.categories[0].agency, "pupr");
  EXPECT_EQ(city.categories[0].hours, 72);
  EXPECT_EQ(city.categories[0].lapor_category_id, "201");
  EXPECT_TRUE(city.categories[0].evidence_required);
  EXPECT_FALSE(city.categories[1].evidence_required);
  ASSERT_EQ(city.districts.size(), 2u);
  EXPECT_EQ(city.districts[0].name, "Telanaipura");
  ASSERT_EQ(city.districts[0].villages.size(), 2u);
  EXPECT_EQ(city.districts[0].villages[1].code, "15.71.01.1002");
  EXPECT_EQ(city.districts[0].villages[1].name, "Buluran Kenali");
  EXPECT_EQ(city.holidays, (std::vector<std::string>{"2026-01-01", "2026-12-25"}));
}

TEST(ParseCityProfile, FindsById) {
  const CityProfile city = parse_city_profile(kValid).value();
  EXPECT_EQ(city.category("listrik"), &city.categories[1]);
  EXPECT_EQ(city.category("Listrik"), nullptr);
  EXPECT_EQ(city.category(""), nullptr);
  EXPECT_EQ(city.agency("pupr"), &city.agencies[0]);
  EXPECT_EQ(city.agency("x"), nullptr);
  EXPECT_EQ(city.agency_of_category("listrik"), &city.agencies[1]);
  EXPECT_EQ(city.agency_of_category("pupr"), nullptr);
}

TEST(ParseCityProfile, OptionalMembersHaveTheirDocumentedDefault) {
  Json profile = valid();
  profile.erase("districts");
  profile["agencies"][1].erase("vertical");
  profile["categories"][1].erase("evidence_required");
  const CityProfile city = parse_city_profile(to_text(profile)).value();
  EXPECT_TRUE(city.districts.empty());
  EXPECT_FALSE(city.agencies[1].vertical);
  EXPECT_TRUE(city.categories[1].evidence_required);
}

TEST(ParseCityProfile, EveryOtherMemberIsRequired) {
  const std::set<std::string> optional = {"districts", "agencies[0].vertical", "agencies[1].vertical",
                                          "agencies[0].short_name_en", "categories[0].name_en",
                                          "categories[0].evidence_required", "categories[1].evidence_required"};
  int erased = 0;
  for_each_value(valid(), "", [&](const std::string& pointer, const Json&) {
    const std::size_t slash = pointer.rfind('/');
    Json profile = valid();
    Json& parent = profile[Json::json_pointer(pointer.substr(0, slash))];
    if (!parent.is_object()) return;
    parent.erase(pointer.substr(slash + 1));
    const std::string field = field_at(pointer);
    EXPECT_EQ(fault(profile), optional.contains(field) ? "" : field) << pointer;
    ++erased;
  });
  EXPECT_GT(erased, 50);
}

TEST(ParseCityProfile, NoValueMayHaveAnotherType) {
  const Json strangers[] = {nullptr, true, -1, 1.5, 1e300, "", " ", "x\n", Json::array(), Json::object(),
                            Json::array({nullptr}), Json::object({{"latitude", "1"}}), std::string(1'000, 'x')};
  int tried = 0;
  for_each_value(valid(), "", [&](const std::string& pointer, const Json& original) {
    for (const Json& stranger : strangers) {
      // Some of these are values of the right type; each rule has its own test below.
      if (stranger.type() == original.type() && !stranger.is_object() && !stranger.is_array()) continue;
      if (stranger.is_number() && original.is_number()) continue;
      if (pointer == "/holidays" && stranger == Json::array()) continue;  // none is a list too
      const std::string field = field_at(pointer);
      const std::string found = fault_with(pointer, stranger);
      // The field itself, or what is missing inside it.
      EXPECT_TRUE(found == field || found.starts_with(field + ".") || found.starts_with(field + "["))
          << pointer << " = " << to_text(stranger) << " is blamed on '" << found << "'";
      ++tried;
    }
  });
  EXPECT_GT(tried, 500);
}

TEST(ParseCityProfile, TheDocumentIsAnObject) {
  for (const std::string_view text : {"null", "[]", "1", "\"x\"", "true"}) {
    const Result<CityProfile> result = parse_city_profile(text);
    ASSERT_FALSE(result.ok()) << text;
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
  }
  for (const std::string_view text : {"", "{", "{\"version\":", "\xFF", "nul"}) {
    const Result<CityProfile> result = parse_city_profile(text);
    ASSERT_FALSE(result.ok()) << text;
    EXPECT_EQ(result.error().code, ErrorCode::kMalformed);
  }
}

TEST(ParseCityProfile, EveryPrefixIsRefusedQuietly) {
  for (std::size_t length = 0; length < kValid.size(); ++length) {
    EXPECT_FALSE(parse_city_profile(kValid.substr(0, length)).ok()) << length;
  }
}

TEST(ParseCityProfile, SizeAndDepthAreLimited) {
  const Result<CityProfile> large = parse_city_profile(std::string(1024 * 1024 + 1, ' '));
  ASSERT_FALSE(large.ok());
  EXPECT_EQ(large.error().code, ErrorCode::kTooLarge);
  const Result<CityProfile> deep = parse_city_profile(std::string(100'000, '['));
  ASSERT_FALSE(deep.ok());
  EXPECT_EQ(deep.error().code, ErrorCode::kMalformed);
  Json holidays = Json::array();
  for (int i = 0; i < 1'001; ++i) holidays.push_back("2026-01-01");
  EXPECT_EQ(fault_with("/holidays", holidays), "holidays");
}

TEST(ParseCityProfile, UnknownMembersAreRefusedEverywhere) {
  EXPECT_EQ(fault_with("/boundry", 1), "boundry");
  EXPECT_EQ(fault_with("/centre/accuracy", 1), "centre.accuracy");
  EXPECT_EQ(fault_with("/boundary/1/height", 1), "boundary[1].height");
  EXPECT_EQ(fault_with("/agencies/1/phone", 1), "agencies[1].phone");
  EXPECT_EQ(fault_with("/categories/0/evidence", 1), "categories[0].evidence");
  EXPECT_EQ(fault_with("/districts/1/kode", 1), "districts[1].kode");
  EXPECT_EQ(fault_with("/districts/0/villages/1/kode", 1), "districts[0].villages[1].kode");
  // A long or disguised name is not handed on as it is.
  EXPECT_EQ(fault_with("/" + std::string(5'000, 'z'), 1), std::string(40, 'z'));
  EXPECT_EQ(fault_with("/a\nb", 1), "a b");
}

TEST(ParseCityProfile, KeysOfReceiptsMayComeWithIt) {
  EXPECT_EQ(fault_with("/receipt_keys", Json::array({7})), "");
}

TEST(ParseCityProfile, TheNoticesVersionMayComeWithIt) {
  EXPECT_EQ(fault_with("/privacy_version", 3), "");
  EXPECT_EQ(fault_with("/privacy_version", 0), "privacy_version");
  EXPECT_EQ(fault_with("/privacy_version", "3"), "privacy_version");
  EXPECT_EQ(fault_with("/retention", Json::object()), "");  // serve/retention.h reads it
  EXPECT_EQ(fault_with("/areas", Json::array()), "");       // serve/areas.h does
}

TEST(ParseCityProfile, HoursAre24Or48Or72) {
  for (const int hours : {24, 48, 72}) EXPECT_EQ(fault_with("/categories/0/hours", hours), "") << hours;
  for (const int hours : {0, -24, 1, 25, 36, 71, 96}) {
    EXPECT_EQ(fault_with("/categories/0/hours", hours), "categories[0].hours") << hours;
  }
  for (const double hours : {24.0, 24.5, 1e300}) {  // written with a point or an exponent
    EXPECT_EQ(fault_with("/categories/0/hours", hours), "categories[0].hours") << hours;
  }
  EXPECT_EQ(fault_with("/categories/1/hours", UINT64_MAX), "categories[1].hours");
}

TEST(ParseCityProfile, IdsAreSlugsAndThereOnce) {
  for (const std::string_view id : {"Jalan", "ja lan", "jalan_2", "é", ""}) {
    EXPECT_EQ(fault_with("/categories/0/id", id), "categories[0].id") << id;
    EXPECT_EQ(fault_with("/agencies/0/id", id), "agencies[0].id") << id;
    EXPECT_EQ(fault_with("/id", id), "id") << id;
    EXPECT_EQ(fault_with("/categories/1/icon", id), "categories[1].icon") << id;
  }
  EXPECT_EQ(fault_with("/categories/1/id", "jalan"), "categories[1].id");
  EXPECT_EQ(fault_with("/agencies/1/id", "pupr"), "agencies[1].id");
  EXPECT_EQ(fault_with("/districts/0/villages/1/code", "15.71.01.1001"), "districts[0].villages[1].code");
}

TEST(ParseCityProfile, ACategorysAgencyExists) {
  EXPECT_EQ(fault_with("/categories/1/agency", "pdam"), "categories[1].agency");
  EXPECT_EQ(fault_with("/categories/1/agency", "pupr"), "");
}

TEST(ParseCityProfile, LaporIdsHave1To10Digits) {
  for (const std::string_view id : {"", "x", "-1", "12345678901", "1 "}) {
    EXPECT_EQ(fault_with("/agencies/0/lapor_institution_id", id), "agencies[0].lapor_institution_id") << id;
    EXPECT_EQ(fault_with("/categories/1/lapor_category_id", id), "categories[1].lapor_category_id") << id;
  }
  EXPECT_EQ(fault_with("/agencies/0/lapor_institution_id", "1234567890"), "");
}

TEST(ParseCityProfile, TheChannelTokenIsAGuidWithoutBraces) {
  EXPECT_EQ(fault_with("/channel_token", "6f1c2b0a-4d3e-4a57-9b18-1571a0c3e5d1"), "");
  for (const std::string_view token :
       {"", "{6F1C2B0A-4D3E-4A57-9B18-1571A0C3E5D1}", "6F1C2B0A4D3E4A579B181571A0C3E5D1",
        "6F1C2B0A-4D3E-4A57-9B18-1571A0C3E5DG", "6F1C2B0A-4D3E-4A57-9B18-1571A0C3E5D1\r\nx: y"}) {
    EXPECT_EQ(fault_with("/channel_token", token), "channel_token") << token;
  }
}

TEST(ParseCityProfile, TheZoneAndItsNameAgree) {
  const auto zone = [](int offset, std::string_view name) {
    Json profile = valid();
    profile["zone"] = offset;
    profile["zone_name"] = name;
    return fault(profile);
  };
  EXPECT_EQ(zone(420, "WIB"), "");
  EXPECT_EQ(zone(480, "WITA"), "");
  EXPECT_EQ(zone(540, "WIT"), "");
  EXPECT_EQ(zone(420, "WITA"), "zone_name");
  EXPECT_EQ(zone(540, "WIB"), "zone_name");
  EXPECT_EQ(zone(420, "GMT"), "zone_name");
  EXPECT_EQ(zone(450, "WIB"), "zone");
  EXPECT_EQ(zone(0, "WIB"), "zone");
  EXPECT_EQ(zone(7, "WIB"), "zone");
}

TEST(ParseCityProfile, TheBoundaryIsARingOfValidPoints) {
  EXPECT_EQ(fault_with("/boundary/0/latitude", -91), "boundary[0]");
  EXPECT_EQ(fault_with("/boundary/1/longitude", 181), "boundary[1]");
  EXPECT_EQ(fault_with("/centre/latitude", 103.6), "centre");
  Json profile = valid();
  profile["boundary"].erase(0);
  EXPECT_EQ(fault(profile), "boundary");
  profile = valid();
  profile["boundary"].push_back(profile["boundary"][0]);
  EXPECT_EQ(fault(profile), "boundary[3]");
}

TEST(ParseCityProfile, HolidaysAreDaysOfTheCalendar) {
  for (const std::string_view day : {"2026-02-30", "2026-13-01", "26-01-01", "2026-01-01T00:00:00Z", ""}) {
    EXPECT_EQ(fault_with("/holidays/1", day), "holidays[1]") << day;
  }
  EXPECT_EQ(fault_with("/holidays/1", 20260101), "holidays[1]");
}

TEST(ParseCityProfile, CodesLieWithinEachOther) {
  EXPECT_EQ(fault_with("/code", "1571"), "code");
  EXPECT_EQ(fault_with("/code", "15.71.01"), "code");
  EXPECT_EQ(fault_with("/code", "15.72"), "districts[0].code");
  EXPECT_EQ(fault_with("/districts/1/code", "15.72.02"), "districts[1].villages[0].code");
  EXPECT_EQ(fault_with("/districts/1/code", "15.71.2"), "districts[1].code");
  EXPECT_EQ(fault_with("/districts/0/villages/1/code", "15.71.02.1002"), "districts[0].villages[1].code");
  EXPECT_EQ(fault_with("/districts/0/villages/1/code", "15.71.01.102"), "districts[0].villages[1].code");
}

TEST(ParseCityProfile, AddressesCannotLeadAstray) {
  for (const std::string_view url : {"", "https://lapor.jambikota.go.id", "https://x.id:8443/app",
                                     "http://localhost:8080", "http://127.0.0.1:1", "http://localhost"}) {
    EXPECT_EQ(fault_with("/lapor_base_url", url), "") << url;
  }
  for (const std::string_view url :
       {"http://lapor.jambikota.go.id", "https://", "https://x.id/", "ftp://x", "javascript:alert(1)", "//x.id",
        "https://x.id/?a", "https://x.id/#a", "https://x .id", "http://localhost.evil.id", "http://localhost:80a"}) {
    EXPECT_EQ(fault_with("/lapor_base_url", url), "lapor_base_url") << url;
  }
  for (const std::string_view path : {"", "lapor", "/", "//x.id/lapor", "/lapor/", "/lapor?x", "/la por"}) {
    EXPECT_EQ(fault_with("/lapor_base_path", path), "lapor_base_path") << path;
  }
}

TEST(ParseCityProfile, HeadersHaveTheObservedNamesOrAGatewaysOwn) {
  EXPECT_EQ(parse_city_profile(kValid)->token_header, "token");
  EXPECT_EQ(parse_city_profile(kValid)->auth_header, "Authorization");
  Json profile = valid();
  profile["token_header"] = "X-Kanal-Kota";
  profile["auth_header"] = "auth";
  const Result<CityProfile> city = parse_city_profile(to_text(profile));
  ASSERT_TRUE(city.ok()) << city.error().where;
  EXPECT_EQ(city->token_header, "X-Kanal-Kota");
  EXPECT_EQ(city->auth_header, "auth");
  for (const char* member : {"token_header", "auth_header"}) {
    for (const std::string& name : {std::string(), std::string("X-"), std::string("Cookie"), std::string("Host"), std::string("X-A B"),
                                    std::string("X-A\r\nHost"), std::string("X-Ä"), "X-" + std::string(39, 'a')}) {
      EXPECT_EQ(fault_with(std::string("/") + member, name), member) << name;
    }
    EXPECT_EQ(fault_with(std::string("/") + member, "X-" + std::string(38, 'a')), "");
  }
  EXPECT_EQ(fault_with("/auth_header", "token"), "auth_header");
}

TEST(ParseCityProfile, TextsAreCleanAndOfModestLength) {
  for (const char* pointer : {"/name", "/agencies/0/name", "/agencies/0/short_name", "/agencies/0/short_name_en",
                              "/categories/0/name", "/categories/0/name_en",
                              "/districts/0/name", "/districts/0/villages/0/name"}) {
    for (const std::string& text : {std::string(), std::string(" x"), std::string("x\n"), std::string("a\u202Eb"),
                                    std::string("a\x01"), std::string(201, 'x')}) {
      EXPECT_EQ(fault_with(pointer, text), field_at(pointer)) << pointer << " " << text;
    }
    EXPECT_EQ(fault_with(pointer, std::string(200, 'x')), "");
  }
}

TEST(ParseCityProfile, NumbersAndCodesHaveTheirForm) {
  EXPECT_EQ(fault_with("/version", 0), "version");
  EXPECT_EQ(fault_with("/version", 1.5), "version");
  EXPECT_EQ(fault_with("/version", UINT64_MAX), "version");
  EXPECT_EQ(fault_with("/channel", -1), "channel");
  EXPECT_EQ(fault_with("/channel", 10'000'000'000), "channel");
  EXPECT_EQ(fault_with("/emergency_number", "tel:112"), "emergency_number");
  EXPECT_EQ(fault_with("/emergency_number", std::string(16, '1')), "emergency_number");
  EXPECT_EQ(fault_with("/sms_prefix", "jambi"), "sms_prefix");
  EXPECT_EQ(fault_with("/sms_prefix", ""), "sms_prefix");
}

// --- The profiles that are shipped. Tests run from the source root.

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.good()) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

constexpr const char* kShipped[] = {"kota-jambi", "kota-kotamobagu", "kota-palangka-raya"};

CityProfile shipped(const std::string& id) {
  const Result<CityProfile> result = parse_city_profile(read_file("assets/cities/" + id + ".json"));
  if (!result.ok()) {
    ADD_FAILURE() << id << ": " << result.error().where << ": " << result.error().message;
    return {};
  }
  return *result;
}

TEST(ShippedProfiles, AreNamedAfterTheirFiles) {
  for (const char* id : kShipped) EXPECT_EQ(shipped(id).id, id);
}

TEST(ShippedProfiles, SayThatTheirIdsAndBoundariesAreNotReal) {
  for (const char* id : kShipped) {
    const CityProfile city = shipped(id);
    EXPECT_TRUE(city.lapor_ids_are_placeholders) << id;
    EXPECT_TRUE(city.boundary_indicative) << id;
    EXPECT_GE(city.boundary.size(), 12u) << id;
  }
}

TEST(ShippedProfiles, LeadWithTheSixCategoriesOfTheFirstScreen) {
  const char* const expected[] = {"jalan", "lampu-jalan", "sampah", "air-bersih", "banjir", "parkir"};
  for (const char* id : kShipped) {
    const CityProfile city = shipped(id);
    ASSERT_GE(city.categories.size(), std::size(expected)) << id;
    for (std::size_t i = 0; i < std::size(expected); ++i) EXPECT_EQ(city.categories[i].id, expected[i]) << id;
    EXPECT_EQ(city.categories.back().id, "lainnya") << id;
  }
}

TEST(ShippedProfiles, EveryCategoryHasAnIconOfTheFont) {
  const Json icons = parse_json(read_file("node_modules/lucide-static/font/codepoints.json")).value();
  for (const char* id : kShipped) {
    for (const Category& category : shipped(id).categories) {
      EXPECT_TRUE(optional_integer(icons, category.icon)) << id << " " << category.id << ": " << category.icon;
    }
  }
}

TEST(ShippedProfiles, KnowTheirVerticalBodies) {
  for (const char* id : kShipped) {
    const CityProfile city = shipped(id);
    for (const Category& category : city.categories) {
      const Agency* const agency = city.agency(category.agency);
      ASSERT_NE(agency, nullptr) << id;
      EXPECT_EQ(agency->vertical, category.id == "air-bersih" || category.id == "listrik") << id << " " << category.id;
    }
  }
}

TEST(ShippedProfiles, HolidaysAreInOrderAndThereOnce) {
  for (const char* id : kShipped) {
    const CityProfile city = shipped(id);
    EXPECT_FALSE(city.holidays.empty()) << id;
    for (std::size_t i = 1; i < city.holidays.size(); ++i) EXPECT_LT(city.holidays[i - 1], city.holidays[i]) << id;
  }
}

TEST(ShippedProfiles, HaveChannelTokensOfTheirOwn) {
  std::set<std::string> tokens;
  for (const char* id : kShipped) tokens.insert(shipped(id).channel_token);
  EXPECT_EQ(tokens.size(), 3u);
}

}  // namespace
}  // namespace titik::report
