#include "base/json.h"
#include "lapor/lapor.h"
#include "lapor/reading.h"

namespace titik::lapor {
namespace {

// An object, or the first object of an array.
const Json& one_object(const Json& value) {
  if (value.is_array() && !value.empty()) return value.front();
  return value;
}

std::vector<LogEntry> read_data_logs(const Json& logs, ZoneOffset zone) {
  std::vector<LogEntry> out;
  if (!logs.is_array()) return out;
  for (const Json& item : logs) {
    if (out.size() == kMaxListItems) break;
    if (!item.is_object()) continue;
    LogEntry entry;
    entry.text = fill_template(text_of(item, "content"), item);
    entry.at = first_time(item, {"date", "created_at", "timestamp"}, zone);
    entry.status_new = name_of(item, "status_new");
    entry.institution = name_of(item, "institution_from");
    if (entry.institution.empty()) entry.institution = name_of(item, "institution");
    if (!entry.text.empty() || !entry.status_new.empty()) out.push_back(std::move(entry));
  }
  return out;
}

// The poorer list that some answers have instead.
std::vector<LogEntry> read_status_logs(const Json& logs, ZoneOffset zone) {
  std::vector<LogEntry> out;
  if (!logs.is_array()) return out;
  for (auto item = logs.rbegin(); item != logs.rend() && out.size() < kMaxListItems; ++item) {
    LogEntry entry;
    entry.text = text_of(*item, "note");
    entry.at = first_time(*item, {"timestamp", "date", "created_at"}, zone);
    if (!entry.text.empty()) out.push_back(std::move(entry));
  }
  return out;
}

}  // namespace

Json detail_json(const Detail& detail, ZoneOffset zone) {
  Json data_logs = Json::array();
  Json status_logs = Json::array();  // newest first
  for (const LogEntry& entry : detail.log) {
    const std::string time = format_lapor_time(entry.at, zone);
    Json item = {{"content", entry.text}, {"institution_from_name", entry.institution}, {"date", time}};
    if (!entry.status_new.empty()) item["status_new"] = {{"name", entry.status_new}};
    data_logs.push_back(std::move(item));
    status_logs.insert(status_logs.begin(), Json{{"note", entry.text}, {"timestamp", time}});
  }
  return {{"results",
           {{"data",
             {{"status_code", detail.status_code},
              {"status_name", detail.status_name},
              {"disposition_id", detail.disposition_id},
              {"disposition_name", detail.disposition_name},
              {"status_logs", std::move(status_logs)}}},
            {"data_logs", std::move(data_logs)}}},
          {"titik",
           {{"received_at", detail.received_at},
            {"follow_up_due_at", detail.follow_up_due_at},
            {"follow_up_stopped_at", detail.follow_up_stopped_at},
            {"photos_pending", detail.photos_pending}}}};
}

std::string write_detail(const Detail& detail, ZoneOffset zone) { return to_text(detail_json(detail, zone)); }

Result<Detail> read_detail(std::string_view json, ZoneOffset zone) {
  const Json body = TRY(parse_json(json));
  return detail_of(body, zone);
}

Result<Detail> detail_of(const Json& body, ZoneOffset zone) {
  const Json& results = member(body, "results").is_object() ? member(body, "results") : body;
  const Json& data = one_object(member(results, "data"));
  const Json& logs = member(results, "data_logs").is_array() ? member(results, "data_logs")
                                                             : member(data, "data_logs");
  Detail detail;
  detail.status_code = text_of(data, "status_code");
  detail.status_name = name_of(data, "status");
  detail.disposition_name = name_of(data, "disposition");
  detail.log = read_data_logs(logs, zone);
  if (detail.log.empty()) detail.log = read_status_logs(member(data, "status_logs"), zone);
  sort_oldest_first(detail.log);
  if (detail.status_code.empty() && detail.status_name.empty() && detail.log.empty()) {
    return Error{ErrorCode::kMalformed, "results.data", "the answer tells nothing of the complaint"};
  }
  const Json& titik = member(body, "titik");
  detail.received_at = millis_of(titik, "received_at");
  detail.follow_up_due_at = millis_of(titik, "follow_up_due_at");
  detail.follow_up_stopped_at = millis_of(titik, "follow_up_stopped_at");
  detail.photos_pending = static_cast<int>(integer_of(titik, "photos_pending", 0, 0, 100));
  return detail;
}

}  // namespace titik::lapor
