#include "base/json.h"
#include "lapor/lapor.h"
#include "lapor/reading.h"

namespace titik::lapor {

std::string write_error(const ErrorBody& body) {
  Json json = {{"message", body.message}};
  if (!body.errors.empty()) {
    Json errors = Json::array();
    for (const FieldError& error : body.errors) {
      errors.push_back({{"field", error.field}, {"code", error.code}, {"message", error.message}});
    }
    json["errors"] = std::move(errors);
  }
  return to_text(json);
}

ErrorBody read_error(std::string_view json) {
  ErrorBody body;
  const Result<Json> parsed = parse_json(json);
  if (!parsed.ok()) return body;
  body.message = first_text(*parsed, {"message", "error"});
  const Json& errors = member(*parsed, "errors");
  if (!errors.is_array()) return body;
  for (const Json& error : errors) {
    if (body.errors.size() == kMaxListItems) break;
    if (!error.is_object()) continue;
    body.errors.push_back({text_of(error, "field"), text_of(error, "code"), text_of(error, "message")});
  }
  return body;
}

}  // namespace titik::lapor
