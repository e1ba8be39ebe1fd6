#include <algorithm>
#include <array>
#include <utility>

#include "base/id.h"
#include "base/json.h"
#include "lapor/lapor.h"
#include "lapor/reading.h"

namespace titik::lapor {
namespace {

constexpr std::size_t kMaxAttachments = 100;
constexpr int kMaxPage = 1'000'000;

constexpr std::array kKinds = {
    std::pair{FollowUpKind::kCitizen, std::string_view("citizen")},
    std::pair{FollowUpKind::kAnswer, std::string_view("answer")},
    std::pair{FollowUpKind::kAction, std::string_view("action")},
    std::pair{FollowUpKind::kDisposition, std::string_view("disposition")},
};

// --- Writing ------------------------------------------------------------------------------------

Json attachment_json(const Attachment& attachment) {
  Json json = {{"path", attachment.path},
               {"file_name", attachment.file_name},
               {"extension", attachment.extension}};
  if (!attachment.sha256.empty()) json["sha256"] = attachment.sha256;
  if (attachment.bytes > 0) json["bytes"] = attachment.bytes;
  if (!attachment.thumbnail.empty()) json["thumbnail"] = attachment.thumbnail;
  return json;
}

// Images under "0", "1", …; documents under "docs".
Json attachments_json(const std::vector<Attachment>& attachments) {
  Json json = {{"docs", Json::array()}};
  int index = 0;
  for (const Attachment& attachment : attachments) {
    if (attachment.extension == "pdf") json["docs"].push_back(attachment_json(attachment));
    else json[std::to_string(index++)] = attachment_json(attachment);
  }
  return json;
}

// --- Reading ------------------------------------------------------------------------------------

// Only what may be fetched: an absolute path on the same server, or http(s). "//host/..." would send
// the phone's credentials to a host nobody named.
bool is_fetchable(std::string_view path) {
  if (path.starts_with("//")) return false;
  return path.starts_with('/') || path.starts_with("https://") || path.starts_with("http://");
}

void read_attachment(const Json& item, std::vector<Attachment>& out) {
  Attachment attachment;
  attachment.path = first_text(item, {"path", "url"});
  if (!is_fetchable(attachment.path) || out.size() == kMaxAttachments) return;
  attachment.file_name = first_text(item, {"file_name", "name"});
  attachment.extension = text_of(item, "extension");
  if (attachment.extension.empty()) {
    const std::size_t dot = attachment.file_name.rfind('.');
    if (dot != std::string::npos) attachment.extension = attachment.file_name.substr(dot + 1);
  }
  if (attachment.extension.starts_with('.')) attachment.extension.erase(0, 1);
  for (char& c : attachment.extension) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  attachment.sha256 = text_of(item, "sha256");
  if (!is_sha256(attachment.sha256)) attachment.sha256.clear();
  attachment.bytes = std::max<std::int64_t>(0, integer_or(item, "bytes"));
  attachment.thumbnail = text_of(item, "thumbnail");
  if (!is_fetchable(attachment.thumbnail)) attachment.thumbnail.clear();
  out.push_back(std::move(attachment));
}

// An object with keys "0", "1", … plus "docs"; also a plain list.
std::vector<Attachment> read_attachments(const Json& value) {
  std::vector<Attachment> out;
  if (value.is_array()) {
    for (const Json& item : value) read_attachment(item, out);
    return out;
  }
  if (!value.is_object()) return out;
  for (std::size_t digits = 1; digits <= 10; ++digits) {  // "2" before "10"; of one length they are in order
    for (const auto& [key, item] : value.items()) {
      if (key.size() == digits && is_lapor_id(key)) read_attachment(item, out);
    }
  }
  if (const Json& documents = member(value, "docs"); documents.is_structured()) {
    for (const Json& item : documents) read_attachment(item, out);
  }
  return out;
}

FollowUpKind read_kind(const Json& item, const FollowUp& follow_up) {
  const std::string told = string_or(member(item, "titik"), "kind");
  for (const auto& [kind, name] : kKinds) {
    if (name == told) return kind;
  }
  if (follow_up.template_code == "disposition") return FollowUpKind::kDisposition;
  if (follow_up.institution_from.empty()) return FollowUpKind::kCitizen;
  return follow_up.attachments.empty() ? FollowUpKind::kAnswer : FollowUpKind::kAction;
}

FollowUp read_follow_up(const Json& item, ZoneOffset zone) {
  FollowUp follow_up;
  follow_up.id = id_of(item, "id");
  follow_up.institution_from = name_of(item, "institution_from");
  follow_up.institution_to = name_of(item, "institution_to");
  follow_up.at = first_time(item, {"created_at", "date"}, zone);
  follow_up.template_code = text_of(item, "template_code");
  follow_up.content = text_of(item, "content");
  if (follow_up.content.empty()) follow_up.content = fill_template(text_of(item, "template_content"), item);
  follow_up.attachments = read_attachments(member(item, "attachments"));
  follow_up.kind = read_kind(item, follow_up);
  return follow_up;
}

}  // namespace

std::string_view follow_up_kind_name(FollowUpKind kind) {
  switch (kind) {
    case FollowUpKind::kAcknowledgement: return "acknowledgement";
    case FollowUpKind::kRefusal: return "refusal";
    case FollowUpKind::kQuestion: return "question";
    default: break;
  }
  for (const auto& [known, name] : kKinds) {
    if (known == kind) return name;
  }
  return "answer";
}

namespace {

// Phones know four kinds; what an answer is more exactly stands beside it.
Json kind_json(FollowUpKind kind) {
  const bool known = std::any_of(kKinds.begin(), kKinds.end(), [&](const auto& one) { return one.first == kind; });
  if (known) return {{"kind", follow_up_kind_name(kind)}};
  return {{"kind", "answer"}, {"answer", follow_up_kind_name(kind)}};
}

}  // namespace

Json follow_ups_json(const FollowUpPage& page, std::string_view path, ZoneOffset zone) {
  Json data = Json::array();
  for (const FollowUp& follow_up : page.items) {
    data.push_back({{"id", follow_up.id},
                    {"institution_from_name", follow_up.institution_from},
                    {"institution_to_name", follow_up.institution_to},
                    {"created_at", format_lapor_time(follow_up.at, zone)},
                    {"template_code", follow_up.template_code},
                    {"template_content", ""},
                    {"content", follow_up.content},
                    {"attachments", attachments_json(follow_up.attachments)},
                    {"titik", kind_json(follow_up.kind)}});
  }
  const auto url = [&](int number) { return Json(std::string(path) + "?page=" + std::to_string(number)); };
  return {{"results",
           {{"current_page", page.page},
            {"data", std::move(data)},
            {"last_page", page.last_page},
            {"next_page_url", page.page < page.last_page ? url(page.page + 1) : Json()},
            {"prev_page_url", page.page > 1 ? url(page.page - 1) : Json()}}}};
}

std::string write_follow_ups(const FollowUpPage& page, std::string_view path, ZoneOffset zone) {
  return to_text(follow_ups_json(page, path, zone));
}

Result<FollowUpPage> read_follow_ups(std::string_view json, ZoneOffset zone) {
  const Json body = TRY(parse_json(json));
  return follow_ups_of(body, zone);
}

Result<FollowUpPage> follow_ups_of(const Json& body, ZoneOffset zone) {
  const Json& results = member(body, "results");
  const Json& paginator = results.is_object() ? results : body;
  const Json& data = results.is_array() ? results : member(paginator, "data");
  if (!data.is_array()) return Error{ErrorCode::kMalformed, "results.data", "no list in the answer"};
  if (data.size() > kMaxListItems) return Error{ErrorCode::kTooLarge, "results.data", "list too long"};
  FollowUpPage page;
  for (const Json& item : data) {
    if (item.is_object()) page.items.push_back(read_follow_up(item, zone));
  }
  sort_oldest_first(page.items);
  page.page = static_cast<int>(integer_of(paginator, "current_page", 1, 1, kMaxPage));
  page.last_page = static_cast<int>(integer_of(paginator, "last_page", 0, 1, kMaxPage));
  const bool more = !text_of(paginator, "next_page_url").empty();
  page.last_page = std::max(page.last_page, page.page + (more && page.last_page == 0 ? 1 : 0));
  return page;
}

}  // namespace titik::lapor
