// How to reach SP4N-LAPOR!, and what is passed on: a JSON file of the operator's (docs/upstream.md), never the
// public profile. Without one the link is off. It holds credentials: the file must not be readable by everybody,
// and nothing of it goes into a log or an error but the names of its members.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "report/city_profile.h"
#include "report/report.h"

namespace titik::serve {

struct UpstreamUrl {
  std::string origin;  // "https://host:port", without a slash at its end
  std::string path;    // "/lapor/3.0.0", or ""
};
// https, or http to this machine alone. kMalformed otherwise.
Result<UpstreamUrl> parse_upstream_url(std::string_view text);

struct UpstreamConfig {
  enum class Send {
    kAll,       // every report of the city's
    kVertical,  // only those of bodies that the city has no authority over
  };

  UpstreamUrl base;
  std::string auth_header = "Authorization";  // older ones name it "auth"
  std::string bearer;                         // without the word "Bearer"
  std::string token;                          // without its braces
  std::string user_id;                        // the city's account there: in whose name it speaks
  std::string institution_id;                 // the city itself, or its coordinator
  int channel = 0;                            // 0: the profile's
  Send send = Send::kAll;
  // Names and phone numbers of those who gave them and are not anonymous.
  bool send_identity = false;
  bool dispose_on_create = true;  // to the agency of the category
  // Where complaints disposed to the city are listed. No public client was seen to ask for such a list, so there
  // is none by default: what is written there is then only known through `titik-serve import-csv`.
  std::string list_path;
  std::string default_category;  // of ours, for what comes from there with one that the profile does not have
  std::map<std::string, std::string> institutions;  // Agency::id → id there; without one the profile's
  std::map<std::string, std::string> categories;    // Category::id → id there; without one the profile's
  std::map<std::string, report::Status> status_map; // their code, or name in lower case → our state; first of all
  std::map<std::string, std::string> templates;     // our status_name → template_code of the follow-up that tells it
  std::vector<std::string> file_hosts;  // origins besides the base's that photos are fetched from, without credentials
  std::string ca_file;                  // PEM; empty: the system's
  UnixMillis poll_first = 10 * kMinute;  // after news
  UnixMillis poll_longest = kDay;
  UnixMillis photos_wait = 6 * kHour;    // so long a report waits for photos that follow

  [[nodiscard]] std::string institution_of(const report::CityProfile& profile, std::string_view agency_id) const;
  [[nodiscard]] std::string category_of(const report::CityProfile& profile, std::string_view category_id) const;
};

// Reads and checks the text of the file. Errors are in Indonesian, for the operator; `where` names the member.
// kUnsupported when the profile says that its LAPOR! ids are placeholders: reports would go to nobody.
Result<UpstreamConfig> parse_upstream_config(std::string_view json, const report::CityProfile& profile);
// The same from the file, whose mode is checked. TITIK_UPSTREAM_BEARER and TITIK_UPSTREAM_TOKEN in the
// environment go before what it says.
Result<UpstreamConfig> read_upstream_config(const std::string& path, const report::CityProfile& profile);

}  // namespace titik::serve
