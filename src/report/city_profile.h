// A city is data, not code: one JSON profile in assets/cities/, described by
// assets/cities/profile.schema.json and read by both the phone and the server.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "report/place.h"

namespace titik::report {

// An agency (OPD) of the city, or a vertical body outside the city's hand (PDAM, PLN).
struct Agency {
  std::string id;          // ours: "pupr"
  std::string name;        // "Dinas Pekerjaan Umum dan Penataan Ruang"
  std::string short_name;  // "Dinas PUPR"
  std::string short_name_en;  // "Public Works (PUPR)"; empty: short_name. For the screen only, never sent
  std::string lapor_institution_id;  // 1–10 digits; a marked placeholder until the city sets its own
  bool vertical = false;   // true: reached through SP4N-LAPOR!, not answerable to the city
};

struct Category {
  std::string id;        // "jalan"
  std::string name;      // "Jalan"
  std::string name_en;   // "Roads"; empty: name. For the screen only, never sent
  std::string icon;      // name of a Lucide icon: "construction"
  std::string agency;    // Agency::id
  int hours = 72;        // target time in hours from receipt: 24, 48 or 72
  std::string lapor_category_id;  // 1–10 digits
  bool evidence_required = true;  // may only be closed with a photo of the place
};

struct Village {
  std::string code;  // Kemendagri: "15.71.01.1001"
  std::string name;
};

struct District {
  std::string code;  // "15.71.01"
  std::string name;
  std::vector<Village> villages;
};

struct CityProfile {
  int version = 0;          // raised with every change
  std::string id;           // "kota-jambi"
  std::string name;         // "Kota Jambi"
  std::string code;         // Kemendagri: "15.71"
  ZoneOffset zone = 420;    // minutes east of UTC
  std::string zone_name;    // "WIB"
  GeoPoint centre;
  std::vector<GeoPoint> boundary;   // one closed ring, last point ≠ first, at least 3 points
  bool boundary_indicative = true;  // coarse: to be replaced by the city's own
  std::string emergency_number;     // "112"
  std::string sms_prefix;           // for SMS 1708: "JAMBI"
  std::string lapor_base_path;      // "/lapor/3.0.0", on the server that served the profile
  std::string lapor_base_url;       // empty: the same origin
  std::string channel_token;        // value of the channel's header, without braces; not a secret
  std::string token_header = "token";         // name of the channel's header
  std::string auth_header = "Authorization";  // name of the header of who asks; older clients: "auth"
  int channel = 0;                  // LAPOR! `channel` number
  bool lapor_ids_are_placeholders = true;  // LAPOR! ids are made up: nothing may be passed on upstream yet
  std::vector<Agency> agencies;     // the vertical bodies among them
  std::vector<Category> categories;
  std::vector<District> districts;
  int privacy_version = 0;          // of the privacy notice that citizens are shown; goes with each report; 0: none
  std::vector<std::string> holidays;  // "2026-12-25", national holidays and joint leave

  // Null when there is none. The pointer lives as long as the profile.
  [[nodiscard]] const Category* category(std::string_view id) const;
  [[nodiscard]] const Agency* agency(std::string_view id) const;
  [[nodiscard]] const Agency* agency_of_category(std::string_view category_id) const;
};

// Reads and checks a profile. On error `where` names the field, as "categories[2].hours".
// Unknown members are refused too: a misspelt optional field must not go unseen. Not all members
// must be there: `districts` may be absent (cmake/build-cities.mjs fills them in), and so may
// `receipt_keys` (lapor::receipt_keys_of() reads it), `acknowledgements`, `areas` and `retention` (the server's), `token_header`,
// `auth_header`, `privacy_version`, `agencies[].vertical`, `agencies[].short_name_en`, `categories[].name_en` and
// `categories[].evidence_required`, which then have their default.
Result<CityProfile> parse_city_profile(std::string_view json);

}  // namespace titik::report
