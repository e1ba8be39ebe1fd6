// What passes between the city and SP4N-LAPOR!, made of src/lapor's codec: bodies to send, marks to know them again by,
// and answers that only a server reads. Pure. Everything read is untrusted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lapor/lapor.h"
#include "serve/upstream_config.h"

namespace titik::serve {

// The interface has no idempotency keys, and a new follow-up is not answered with its id. So every text that we send
// ends with a mark, "[Titik Lapor kota-jambi 7000001]" or, for what follows, "[Titik Lapor kota-jambi 7000001/512]" with
// the number in the outbox, by which it is known again when it is read there.
struct UpstreamMark {
  std::int64_t tracking_id = 0;
  std::int64_t item = 0;  // 0: the report itself
  friend bool operator==(const UpstreamMark&, const UpstreamMark&) = default;
};
std::string write_upstream_mark(std::string_view city, const UpstreamMark& mark);
// The city's mark that the text ends with, in whatever white space and mark-up the other side has put around it.
std::optional<UpstreamMark> read_upstream_mark(std::string_view text, std::string_view city);

// A complaint with the mark of a report that was received here later: the number was given twice, because the database
// was restored from a backup. Three hours are left for clocks and zones; a time that is not told proves nothing.
inline bool is_older_than_its_report(UnixMillis complaint_at, UnixMillis received_at) {
  return complaint_at != 0 && complaint_at < received_at - 3 * kHour;
}

// The create of a report: without `titik`, and without anybody's name or phone number unless they gave it, are not
// anonymous, and the configuration passes it on. What stood in `titik` and an agency needs is in the words: the landmark.
struct UpstreamCreate {
  lapor::CreateRequest request;  // as stored
  std::int64_t tracking_id = 0;
  std::string agency_id;         // ours
  std::vector<std::string> attachments;  // ids there
};
std::string write_upstream_create(const UpstreamCreate& create, const report::CityProfile& profile, const UpstreamConfig& config);

// Our state that theirs stands for: the status map, by code and by name, then LAPOR!'s labels. Nothing: not known.
std::optional<report::Status> upstream_status(const lapor::Detail& detail, const UpstreamConfig& config);
// The institution that has it there; "" when it is not told.
std::string read_disposition_id(std::string_view detail_json);

// Decimal digits, as of an id; 0 when there are none.
std::int64_t number_of(std::string_view digits);

// The address of a page of the list.
std::string upstream_list_page(std::string_view list_path, std::int64_t page);

// A complaint in a list. Members that are missing are empty.
struct UpstreamComplaint {
  std::string id;
  std::string title;
  std::string content;
  std::string category_id;
  std::string disposition_id;
  report::Classification classification = report::Classification::kComplaint;
  bool is_anonymous = false;
  bool is_secret = false;
  std::optional<report::GeoPoint> point;
  UnixMillis at = 0;
  std::vector<lapor::Attachment> attachments;
  std::string reporter_name;  // these two are told by the file that cities exchange alone
  std::string landmark;
};
struct UpstreamList {
  std::vector<UpstreamComplaint> items;  // as they came; those without an id are left out
  bool more = false;
};
Result<UpstreamList> read_upstream_list(std::string_view json, ZoneOffset zone);

// A UUID (version 8) that is the same for the same words: the Idempotency-Key, here, of what comes from there.
std::string uuid_of(std::string_view words);

}  // namespace titik::serve
