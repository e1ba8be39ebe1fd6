// Answers for anybody: what their questions may ask, and the form in which they are told (JSON or CSV, with ETag).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "serve/app.h"
#include "serve/public_face.h"

namespace titik::serve {

// Short enough that a city's page is fresh, long enough that a thousand readers are one question behind a proxy.
inline constexpr int kPublicSeconds = 60;

// Brings what is public up to date. A refusal when that fails, or while it is built anew (another version of the program,
// a restored database): 503, rather than the figures of half a city.
std::optional<Response> not_current(App& app);

// With ETag and Cache-Control; 304 when the caller has this already.
Response public_answer(const Call& call, std::string content_type, std::string body);
Response public_json(const Call& call, const Json& body);

// `rows` of texts under `header`, as RFC 4180 with CRLF. A cell that a spreadsheet would take for a formula is
// preceded by an apostrophe: titles are written by strangers.
std::string csv_of(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows);
bool wants_csv(const Call& call);  // ?format=csv

// Reads status, category, agency, village, from, to, bbox, after, limit. kInvalidArgument names the parameter.
Result<PublicFilter> public_filter(const App& app, const Request& request);
Result<GeoBox> read_box(std::string_view text);  // "west,south,east,north", degrees
// The days of from and to (YYYY-MM-DD, both meant); without them all there are.
struct Days {
  std::int64_t first = -4'000'000, last = 4'000'000;
};
Result<Days> read_days(const Request& request);

Json item_json(const App& app, const PublicItem& item);
std::string_view group_name(report::StatusGroup group);  // "belum", "proses", "selesai"
// Degrees from text; nothing for anything that is not a finite number.
std::optional<double> read_degrees(std::string_view text);
std::string village_name(const report::CityProfile& profile, std::string_view code);  // "" when there is none

}  // namespace titik::serve
