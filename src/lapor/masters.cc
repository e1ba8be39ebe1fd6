#include "base/json.h"
#include "lapor/lapor.h"
#include "lapor/reading.h"

namespace titik::lapor {
namespace {

// `results.data[]`; also seen nested less: `results[]`, `data[]`.
Result<Json> read_list(std::string_view json) {
  Json parsed = TRY(parse_json(json));
  const Json& results = member(parsed, "results");
  for (const Json* list : {&member(results, "data"), &results, &member(parsed, "data")}) {
    if (!list->is_array()) continue;
    if (list->size() > kMaxListItems) return Error{ErrorCode::kTooLarge, "results.data", "list too long"};
    return Json(*list);
  }
  return Error{ErrorCode::kMalformed, "results.data", "no list in the answer"};
}

}  // namespace

std::string write_institutions(const std::vector<Institution>& institutions) {
  Json data = Json::array();
  for (const Institution& one : institutions) data.push_back({{"id", one.id}, {"name", one.name}});
  return to_text({{"results", {{"data", std::move(data)}}}});
}

Result<std::vector<Institution>> read_institutions(std::string_view json) {
  const Json list = TRY(read_list(json));
  std::vector<Institution> out;
  for (const Json& item : list) {
    Institution one{id_of(item, "id"), text_of(item, "name")};
    if (!one.id.empty()) out.push_back(std::move(one));
  }
  return out;
}

std::string write_templates(const std::vector<ReplyTemplate>& templates) {
  Json data = Json::array();
  for (const ReplyTemplate& one : templates) {
    data.push_back({{"template_code", one.template_code},
                    {"title", one.title},
                    {"type", one.type},
                    {"content", one.content}});
  }
  return to_text({{"results", {{"data", std::move(data)}}}});
}

Result<std::vector<ReplyTemplate>> read_templates(std::string_view json) {
  const Json list = TRY(read_list(json));
  std::vector<ReplyTemplate> out;
  for (const Json& item : list) {
    ReplyTemplate one{text_of(item, "template_code"), text_of(item, "title"), text_of(item, "type"),
                      text_of(item, "content")};
    if (!one.template_code.empty()) out.push_back(std::move(one));
  }
  return out;
}

}  // namespace titik::lapor
