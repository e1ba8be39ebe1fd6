// libFuzzer target of the wire: lapor_fuzz CORPUS
// An input is JSON of somebody else's, and goes through everything that reads it: the create of a phone, what
// SP4N-LAPOR! answers, what a server answers a phone. Checked, beyond "no sanitizer report", what lapor/lapor.h and
// serve/upstream_wire.h promise: what was read can be written and is read as the same; ids are ids, points lie on
// Earth, addresses can be fetched; nothing grows far beyond what was sent; a mark is known again after any words; no
// name goes upstream with an anonymous report.
#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "base/id.h"
#include "base/json.h"
#include "base/utf8.h"
#include "lapor/lapor.h"
#include "lapor/reading.h"
#include "lapor/signed_receipt.h"
#include "serve/upstream_wire.h"

namespace {

using namespace titik;
using namespace titik::lapor;

constexpr ZoneOffset kZone = 420;
constexpr std::string_view kCity = "kota-uji";
// What a text may become by its placeholders, whatever stands for them.
constexpr std::size_t kMostFilled = 64 * 1024;
// Years that the thread's form of time can say in any zone.
constexpr UnixMillis kFirstTime = -62'000'000'000'000, kLastTime = 253'000'000'000'000;

void require(bool truth, std::string_view what) {
  if (truth) return;
  std::cerr << "broken: " << what << "\n";
  std::abort();
}

bool is_sayable(UnixMillis time) { return time > kFirstTime && time < kLastTime; }
bool is_id_or_nothing(const std::string& id) { return id.empty() || is_lapor_id(id); }
bool may_be_fetched(const std::string& path) {
  return !path.starts_with("//") && (path.starts_with('/') || path.starts_with("http://") || path.starts_with("https://"));
}
// A text is trimmed and filled in where it is read. What then has placeholders or blanks of its own is not the same when
// it is read again.
bool is_final(const std::string& text) { return text.find("{{") == text.npos && trimmed(text) == text; }

report::CityProfile profile() {
  report::CityProfile city;
  city.id = kCity;
  city.lapor_ids_are_placeholders = false;
  city.agencies = {{.id = "pupr", .name = "Dinas Pekerjaan Umum", .short_name = "Dinas PUPR", .lapor_institution_id = "101"}};
  city.categories = {{.id = "jalan", .name = "Jalan", .agency = "pupr", .lapor_category_id = "11"}};
  return city;
}

// --- A thread -------------------------------------------------------------------------------------

void check_follow_up(const FollowUp& one, std::size_t sent) {
  require(is_id_or_nothing(one.id), "a follow-up's id");
  require(one.content.size() <= 2 * sent + kMostFilled, "a follow-up longer than what was sent");
  for (const Attachment& file : one.attachments) {
    require(may_be_fetched(file.path) && (file.thumbnail.empty() || may_be_fetched(file.thumbnail)), "an address to fetch");
    require(file.sha256.empty() || is_sha256(file.sha256), "an attachment's hash");
    require(file.bytes >= 0, "an attachment's size");
  }
}

void check_same(const FollowUp& one, const FollowUp& same) {
  require(one.id == same.id && one.kind == same.kind && one.institution_from == same.institution_from &&
              one.institution_to == same.institution_to && one.template_code == same.template_code && trimmed(one.content) == same.content,
          "a follow-up is read otherwise than it was written");
  require(!is_sayable(one.at) || one.at == same.at, "a follow-up's time is read otherwise");
  // Pictures before documents.
  std::vector<Attachment> files = one.attachments;
  std::stable_partition(files.begin(), files.end(), [](const Attachment& file) { return file.extension != "pdf"; });
  require(files.size() == same.attachments.size(), "an attachment is lost");
  for (std::size_t i = 0; i < files.size(); ++i) {
    require(files[i].path == same.attachments[i].path && files[i].sha256 == same.attachments[i].sha256 &&
                files[i].bytes == same.attachments[i].bytes && files[i].thumbnail == same.attachments[i].thumbnail,
            "an attachment is read otherwise");
  }
}

void check_thread(std::string_view json) {
  const auto page = read_follow_ups(json, kZone);
  if (!page.ok()) return;
  require(page->page >= 1 && page->last_page >= page->page, "pages");
  for (std::size_t i = 0; i < page->items.size(); ++i) {
    check_follow_up(page->items[i], json.size());
    require(i == 0 || page->items[i - 1].at <= page->items[i].at, "the thread's order");
  }
  const auto again = read_follow_ups(write_follow_ups(*page, "/lapor/3.0.0/complaints/1/followups", kZone), kZone);
  require(again.ok() && again->items.size() == page->items.size() && again->page == page->page, "the thread again");
  const bool in_order = std::all_of(page->items.begin(), page->items.end(), [](const FollowUp& one) { return is_sayable(one.at); });
  for (std::size_t i = 0; in_order && i < page->items.size(); ++i) check_same(page->items[i], again->items[i]);
}

// --- A complaint's state --------------------------------------------------------------------------

void check_detail(std::string_view json, const serve::UpstreamConfig& config) {
  require(is_id_or_nothing(serve::read_disposition_id(json)), "an institution's id");
  const auto detail = read_detail(json, kZone);
  if (!detail.ok()) return;
  (void)serve::upstream_status(*detail, config);
  for (std::size_t i = 0; i < detail->log.size(); ++i) {
    require(i == 0 || detail->log[i - 1].at <= detail->log[i].at, "the log's order");
    require(detail->log[i].text.size() <= 2 * json.size() + kMostFilled, "a line of the log longer than what was sent");
  }
  const auto again = read_detail(write_detail(*detail, kZone), kZone);
  require(again.ok() && again->status_code == detail->status_code && again->status_name == detail->status_name &&
              again->disposition_name == detail->disposition_name && again->received_at == detail->received_at &&
              again->follow_up_due_at == detail->follow_up_due_at && again->follow_up_stopped_at == detail->follow_up_stopped_at &&
              again->photos_pending == detail->photos_pending,
          "a detail is read otherwise than it was written");
  const bool is_plain = std::all_of(detail->log.begin(), detail->log.end(),
                                    [](const LogEntry& entry) { return is_sayable(entry.at) && is_final(entry.text); });
  if (!is_plain) return;
  require(again->log.size() == detail->log.size(), "a line of the log is lost");
  for (std::size_t i = 0; i < detail->log.size(); ++i) {
    require(again->log[i].text == detail->log[i].text && again->log[i].at == detail->log[i].at &&
                again->log[i].status_new == detail->log[i].status_new && again->log[i].institution == detail->log[i].institution,
            "a line of the log is read otherwise");
  }
}

// --- What was written there -----------------------------------------------------------------------

void check_list(std::string_view json) {
  const auto list = serve::read_upstream_list(json, kZone);
  if (!list.ok()) return;
  require(list->items.size() <= kMaxListItems, "a list longer than any");
  for (const serve::UpstreamComplaint& one : list->items) {
    require(is_lapor_id(one.id), "a complaint without an id");
    require(is_id_or_nothing(one.category_id) && is_id_or_nothing(one.disposition_id), "a complaint's ids");
    require(!one.point || report::is_valid_point(*one.point), "a complaint not on Earth");
    const auto mark = serve::read_upstream_mark(one.content, kCity);
    require(!mark || (mark->tracking_id > 0 && mark->item >= 0), "a mark without a number");
    require(is_uuid(serve::uuid_of(one.content)), "a key");
  }
}

void check_answers(std::string_view json) {
  if (const auto created = read_created(json); created.ok()) {
    require(is_lapor_id(created->tracking_id), "a receipt without a number");
    const auto again = read_created(write_created(*created));
    require(again.ok() && again->tracking_id == created->tracking_id && again->photo_sha256 == created->photo_sha256 &&
                again->pending_sha256 == created->pending_sha256,
            "a receipt is read otherwise than it was written");
    if (!created->jws.empty()) (void)read_signed_receipt(created->jws);
  }
  if (const auto uploaded = read_uploaded(json); uploaded.ok()) {
    for (const auto* files : {&uploaded->images, &uploaded->documents}) {
      for (const UploadedFile& file : *files) require(is_lapor_id(file.id), "an upload's id");
    }
  }
  if (const auto changes = read_changes(json, kZone); changes.ok()) {
    const auto again = read_changes(write_changes(*changes, kZone), kZone);
    require(again.ok() && again->cursor == changes->cursor && again->more == changes->more, "changes again");
  }
  if (const auto reports = read_public_reports(json); reports.ok()) {
    const auto again = read_public_reports(write_public_reports(*reports));
    require(again.ok() && again->size() == reports->size(), "the public list again");
  }
  (void)read_error(json);
  (void)read_institutions(json);
  (void)read_templates(json);
  (void)read_device(json);
  (void)read_counts(json);
  (void)read_signed_receipt(json);
  (void)receipt_keys_of(json);
}

// --- A create -------------------------------------------------------------------------------------

void check_create(std::string_view json, const report::CityProfile& city, const serve::UpstreamConfig& config) {
  const auto request = read_create(json, city);
  if (!request.ok()) return;
  const report::Draft& draft = request->draft;
  require(!draft.place || report::is_valid_point(draft.place->point), "a report not on Earth");
  require(draft.id.empty() || is_uuid(draft.id), "a report's id");
  const auto again = read_create(write_create(*request), city);
  require(again.ok(), "a create cannot be read again");
  report::Draft expected = draft;
  if (draft.is_anonymous) expected.reporter_name.clear(), expected.reporter_phone.clear();
  require(again->draft == expected && again->attachments == request->attachments && again->photos_follow == request->photos_follow &&
              again->sms_at == request->sms_at && again->privacy_version == request->privacy_version &&
              again->channel == request->channel,
          "a create is read otherwise than it was written");

  serve::UpstreamCreate create{.request = *request, .tracking_id = 7000001, .agency_id = "pupr", .attachments = {"501"}};
  const auto sent = parse_json(serve::write_upstream_create(create, city, config));
  require(sent.ok() && member(*sent, "titik").is_null(), "what goes upstream");
  require(!draft.is_anonymous || (member(*sent, "nameUser").is_null() && member(*sent, "phoneUser").is_null()), "a name goes upstream");
  require(serve::read_upstream_mark(string_or(*sent, "content"), kCity) == serve::UpstreamMark{.tracking_id = 7000001},
          "a report's mark is not known again");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const report::CityProfile city = profile();
  static const serve::UpstreamConfig config = serve::parse_upstream_config(
      R"({"base_url": "https://api.example.go.id", "bearer": "b", "token": "t", "user_id": "77", "institution_id": "900",
          "channel": 13, "send_identity": true, "status_map": {"9": "ditutup_admin", "dalam pengerjaan": "proses"}})", city).value();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_thread(text);
  check_detail(text, config);
  check_list(text);
  check_answers(text);
  check_create(text, city, config);
  return 0;
}
