// Open311 GeoReport v2 (https://wiki.open311.org/GeoReport_v2/): the form of its answers. One tree is written as JSON or
// as XML; what an element of a list is called is XML's alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/time.h"
#include "serve/app.h"

namespace titik::serve::open311 {

enum class Format { kJson, kXml };
// By the end of the address: "requests.xml".
Format format_of(std::string_view target);

// `body` as JSON, or under <root>: the elements of a list as <item>.
Response answer(Format format, int status, const Json& body, std::string_view root, std::string_view item = {});
// A refusal of ours (app.h) in this form, [{"code", "description"}] or <errors><error>: one error for each field. The routes
// say so of every answer, whoever has refused; what is no refusal stays as it is.
Response refusal_from(Format format, Response response);

// W3C date and time: "2026-11-21T00:00:00Z", "2026-11-21T07:00:00+07:00". Without a time it is midnight there.
std::optional<UnixMillis> read_time(std::string_view text, ZoneOffset zone);

std::string to_xml(const Json& body, std::string_view root, std::string_view item);

}  // namespace titik::serve::open311
