#include "engine/requests.h"

#include "base/base64.h"
#include "lapor/lapor.h"

namespace titik::engine {
namespace {

HttpRequest request(const Address& address, const char* method, std::string url) {
  HttpRequest request{.method = method, .url = std::move(url)};
  request.headers.emplace_back("Accept", "application/json");
  if (!address.language.empty()) request.headers.emplace_back("Accept-Language", address.language);
  const report::CityProfile& profile = address.profile;
  request.headers.emplace_back(profile.token_header, lapor::token_header(profile.channel_token));
  if (!address.token.empty()) request.headers.emplace_back(profile.auth_header, "Bearer " + address.token);
  return request;
}

std::string own_url(const Address& address, std::string_view path) {
  return address.profile.lapor_base_url + std::string(path);
}

std::string lapor_url(const Address& address, std::string_view path) {
  return address.profile.lapor_base_url + address.profile.lapor_base_path + std::string(path);
}

// The URL of a file that the server named: on the same server, or none.
std::optional<std::string> file_url(const Address& address, std::string_view path) {
  const std::string& base = address.profile.lapor_base_url;
  if (path.size() > 2000) return std::nullopt;
  for (const char c : path) {
    if (c <= ' ' || c == '\\' || c == 0x7F) return std::nullopt;
  }
  // "//host/…" would be another server.
  if (path.size() >= 2 && path[0] == '/' && path[1] != '/') return base + std::string(path);
  if (!base.empty() && path.starts_with(base) && path.substr(base.size()).starts_with('/')) return std::string(path);
  return std::nullopt;
}

std::string file_name(int number) { return "foto-" + std::to_string(number) + ".jpg"; }

HttpRequest tus_request(const Address& address, const char* method, std::string_view path) {
  HttpRequest result = request(address, method, own_url(address, path));
  result.headers.emplace_back("Tus-Resumable", "1.0.0");
  return result;
}

}  // namespace

HttpRequest register_request(const Address& address) {
  HttpRequest result = request({address.profile, {}, {}}, "POST", own_url(address, lapor::kDevicesPath));
  result.headers.emplace_back("Content-Type", "application/json");
  result.body.push_back({.text = "{}"});
  return result;
}

HttpRequest ask_request(const Address& address, std::string_view report_id) {
  return request(address, "GET", own_url(address, lapor::own_report_path(report_id)));
}

HttpRequest upload_request(const Address& address, const store::OutboxPhoto& photo, int number, std::string_view boundary) {
  const lapor::MultipartFrame frame = lapor::frame_file(
      boundary, "attachments[]", file_name(number), "image/jpeg");
  HttpRequest result = request(address, "POST", lapor_url(address, lapor::kFilePath));
  result.headers.emplace_back("Content-Type", frame.content_type);
  result.body.push_back({.text = frame.head});
  result.body.push_back({.blob_sha256 = photo.sha256, .bytes = photo.bytes});
  result.body.push_back({.text = frame.tail});
  result.timeout = 90 * kSecond;  // 2 MB at 3G's 256 kbit/s take a minute
  return result;
}

HttpRequest create_request(const Address& address, const store::StoredReport& stored,
                           const std::vector<store::OutboxPhoto>& photos, Photos when) {
  const report::Draft& draft = stored.draft;
  lapor::CreateRequest create{.draft = draft, .channel = address.profile.channel, .user_id = address.user_id};
  if (const report::Category* category = address.profile.category(draft.category_id)) {
    create.lapor_category_id = category->lapor_category_id;
  }
  create.photos_follow = when == Photos::kFollow;
  create.sms_at = stored.sms_at;
  create.privacy_version = address.profile.privacy_version;
  for (const store::OutboxPhoto& photo : photos) {
    if (when == Photos::kSent) create.attachments.push_back(photo.upload_id);
  }
  HttpRequest result = request(address, "POST", lapor_url(address, lapor::kCreatePath));
  result.headers.emplace_back("Content-Type", "application/json");
  result.headers.emplace_back("Idempotency-Key", draft.id);
  result.body.push_back({.text = lapor::write_create(create)});
  result.timeout = 90 * kSecond;
  return result;
}

HttpRequest way_request(const Address& address) { return request(address, "OPTIONS", own_url(address, lapor::kUploadsPath)); }

HttpRequest thumbnail_request(const Address& address, std::string_view report_id, const store::OutboxPhoto& photo) {
  HttpRequest result = request(address, "POST", own_url(address, lapor::thumbnail_path(report_id, photo.sha256)));
  result.headers.emplace_back("Content-Type", "image/jpeg");
  result.body.push_back({.blob_sha256 = photo.thumbnail_sha256, .bytes = photo.thumbnail_bytes});
  return result;
}

HttpRequest begin_request(const Address& address, std::string_view report_id, const store::OutboxPhoto& photo, int number) {
  HttpRequest result = tus_request(address, "POST", lapor::kUploadsPath);
  result.headers.emplace_back("Upload-Length", std::to_string(photo.bytes));
  result.headers.emplace_back("Upload-Metadata", "filename " + to_base64(file_name(number)) + ",sha256 " +
                                                     to_base64(photo.sha256) + ",report " + to_base64(report_id));
  return result;
}

HttpRequest offset_request(const Address& address, const store::OutboxPhoto& photo) {
  return tus_request(address, "HEAD", photo.upload_id);
}

// No checksum of the piece: the whole photo is held to its hash, and so part of a piece counts.
HttpRequest bytes_request(const Address& address, const store::OutboxPhoto& photo, std::int64_t from, std::int64_t bytes) {
  HttpRequest result = tus_request(address, "PATCH", photo.upload_id);
  result.headers.emplace_back("Content-Type", "application/offset+octet-stream");
  result.headers.emplace_back("Upload-Offset", std::to_string(from));
  result.body.push_back({.blob_sha256 = photo.sha256, .from = from, .bytes = bytes});
  result.timeout = 90 * kSecond;  // what came before it is kept
  return result;
}

std::optional<HttpRequest> question_request(const Address& address, const sync::Question& question, std::string_view cursor) {
  using sync::Topic;
  switch (question.topic) {
    case Topic::kProfile: return request(address, "GET", own_url(address, lapor::kProfilePath));
    case Topic::kCounts: return request(address, "GET", own_url(address, lapor::kCountsPath));
    case Topic::kPublicReports: return request(address, "GET", own_url(address, lapor::kPublicReportsPath));
    case Topic::kChanges: {
      if (cursor.empty()) cursor = "0";
      HttpRequest result = request(address, "GET", own_url(address, lapor::changes_path(cursor)));
      result.headers.emplace_back("If-None-Match", "\"" + std::string(cursor) + "\"");
      return result;
    }
    case Topic::kDetail: return request(address, "GET", lapor_url(address, lapor::detail_path(question.tracking_id)));
    case Topic::kFollowUps:
      return request(address, "GET", lapor_url(address, lapor::follow_ups_path(question.tracking_id, question.page)));
    case Topic::kEvidence: {
      std::optional<std::string> url = file_url(address, question.path);
      if (!url) return std::nullopt;
      HttpRequest result = request(address, "GET", *std::move(url));
      result.headers[0].second = "*/*";
      result.blob_for_report = question.report_id;
      result.timeout = 90 * kSecond;
      return result;
    }
  }
  return std::nullopt;
}

}  // namespace titik::engine
