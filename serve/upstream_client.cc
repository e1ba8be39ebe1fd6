#include "serve/upstream_client.h"

// As in http_server.cc: the library was compiled with these.
#define CPPHTTPLIB_OPENSSL_SUPPORT
#define CPPHTTPLIB_ZLIB_SUPPORT
#define CPPHTTPLIB_BROTLI_SUPPORT
#include <httplib.h>

#include <openssl/ssl.h>

#include <algorithm>
#include <chrono>

#include "base/id.h"
#include "base/json.h"
#include "base/utf8.h"
#include "lapor/lapor.h"
#include "serve/crypto.h"

namespace titik::serve {
namespace {

using std::chrono::seconds;

constexpr seconds kConnect{30};
constexpr seconds kRead{30};
constexpr seconds kCreate{90};
constexpr seconds kWhole{150};  // however slowly the bytes drip
constexpr std::size_t kMaxMessage = 300;  // code points of what the server said

// The time that a failed connection leaves no doubt about: not a byte of the request has left.
bool never_left(httplib::Error error) {
  switch (error) {
    case httplib::Error::Connection:
    case httplib::Error::BindIPAddress:
    case httplib::Error::SSLConnection:
    case httplib::Error::SSLLoadingCerts:
    case httplib::Error::SSLServerVerification:
    case httplib::Error::ConnectionTimeout: return true;
    default: return false;
  }
}

UnixMillis seconds_of(const std::string& retry_after) {
  constexpr UnixMillis kLongest = kDay;
  if (!is_lapor_id(retry_after)) return 0;  // a date: our own waiting will do
  return std::min(static_cast<UnixMillis>(std::stoll(retry_after)) * kSecond, kLongest);
}

std::string escaped(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_' || c == '.') {
      out.push_back(c);
    } else {
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return out;
}

}  // namespace

struct UpstreamClient::Call {
  std::string method;
  std::string origin;
  std::string path;
  std::string content_type;
  std::string body;
  seconds read = kRead;
  std::size_t most = kMaxUpstreamText;
  bool with_credentials = true;
};

std::string UpstreamAnswer::brief() const { return status == 0 ? body : "HTTP " + std::to_string(status); }

std::string UpstreamAnswer::reason() const {
  if (status == 0) return body;  // our own words
  std::string said = clean_text(lapor::read_error(body).message, Lines::kOne);
  said = std::string(prefix_of(said, kMaxMessage));
  return brief() + (said.empty() ? "" : ": " + said);
}

UpstreamOutcome outcome_of(int status, std::string_view body) {
  if (status >= 200 && status < 300) {
    const Result<Json> json = parse_json(body);
    if (!json.ok()) return UpstreamOutcome::kUnknown;  // a captive portal, or half an answer
    for (const char* name : {"success", "status"}) {
      const std::string said = string_or(*json, name);
      if (member(*json, name) == Json(false) || said == "error" || said == "failed") return UpstreamOutcome::kRefused;
    }
    return UpstreamOutcome::kDone;
  }
  if (status == 408 || status == 425 || status == 429 || status == 503) return UpstreamOutcome::kNotDone;
  if (status == 401 || status == 403 || (status >= 300 && status < 400)) return UpstreamOutcome::kNoAccess;
  if (status >= 400 && status < 500) return UpstreamOutcome::kRefused;
  return UpstreamOutcome::kUnknown;
}

UpstreamAnswer UpstreamClient::send(const Call& call) {
  httplib::Client client(call.origin);
  client.set_follow_location(false);
  client.set_keep_alive(false);
  client.set_url_encode(false);
  client.set_connection_timeout(kConnect);
  client.set_read_timeout(call.read);
  client.set_write_timeout(kRead);
  if (call.origin.starts_with("https:")) {
    client.enable_server_certificate_verification(true);
    if (!config_.ca_file.empty()) client.set_ca_cert_path(config_.ca_file);
    SSL_CTX_set_min_proto_version(client.ssl_context(), TLS1_2_VERSION);
  }

  httplib::Request request;
  request.method = call.method;
  request.path = call.path;
  request.headers = {{"Accept", "application/json"}, {"User-Agent", "Titik-Lapor/1"}};
  if (call.with_credentials) {
    request.headers.emplace(config_.auth_header, "Bearer " + config_.bearer);
    request.headers.emplace("token", lapor::token_header(config_.token));
  }
  if (!call.content_type.empty()) request.headers.emplace("Content-Type", call.content_type);
  request.body = call.body;

  std::string body;
  UpstreamAnswer answer;
  const auto until = std::chrono::steady_clock::now() + kWhole;
  request.content_receiver = [&](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
    answer.too_long = body.size() + size > call.most;
    answer.too_slow = std::chrono::steady_clock::now() > until;
    if (answer.too_long || answer.too_slow) return false;
    body.append(data, size);
    return true;
  };
  const httplib::Result result = client.send(request);
  answer.is_elsewhere = call.origin != config_.base.origin;
  if (!result) {
    answer.outcome = never_left(result.error()) ? UpstreamOutcome::kNotDone : UpstreamOutcome::kUnknown;
    answer.body = answer.too_long ? "jawaban terlalu panjang" : answer.too_slow ? "jawaban terlalu lama" : "tidak tersambung: " + httplib::to_string(result.error());
    return answer;
  }
  answer.status = result->status;
  answer.body = std::move(body);
  answer.retry_after = seconds_of(result->get_header_value("Retry-After"));
  answer.outcome = outcome_of(answer.status, answer.body);
  return answer;
}

UpstreamAnswer UpstreamClient::get(const std::string& path) {
  return send({.method = "GET", .origin = config_.base.origin, .path = config_.base.path + path});
}

UpstreamAnswer UpstreamClient::post_json(const std::string& path, const std::string& body) {
  return send({.method = "POST", .origin = config_.base.origin, .path = config_.base.path + path,
               .content_type = "application/json", .body = body, .read = kCreate});
}

UpstreamAnswer UpstreamClient::post_form(const std::string& path, const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string body;
  for (const auto& [name, value] : fields) body += (body.empty() ? "" : "&") + escaped(name) + "=" + escaped(value);
  return send({.method = "POST", .origin = config_.base.origin, .path = config_.base.path + path,
               .content_type = "application/x-www-form-urlencoded", .body = body, .read = kCreate});
}

UpstreamAnswer UpstreamClient::post_parts(const std::string& path, const std::vector<UpstreamPart>& parts) {
  const std::string boundary = "titik" + random_hex(16);
  std::string body;
  for (const UpstreamPart& part : parts) {
    if (part.file_name.empty()) {
      body += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + part.name + "\"\r\n\r\n" + part.content + "\r\n";
      continue;
    }
    // Each frame is a form of its own; of its end only the line break is wanted before the next part.
    const lapor::MultipartFrame frame = lapor::frame_file(boundary, part.name, part.file_name, part.mime);
    body += frame.head + part.content + "\r\n";
  }
  body += "--" + boundary + "--\r\n";
  return send({.method = "POST", .origin = config_.base.origin, .path = config_.base.path + path,
               .content_type = "multipart/form-data; boundary=" + boundary, .body = std::move(body), .read = kCreate});
}

std::optional<UpstreamAnswer> UpstreamClient::fetch(const std::string& url) {
  Call call{.method = "GET", .most = static_cast<std::size_t>(report::kMaxFileBytes)};
  if (url.starts_with('/') && !url.starts_with("//")) {
    call.origin = config_.base.origin;
    call.path = url;
  } else {
    const std::size_t scheme = url.find("://");
    if (scheme == url.npos) return std::nullopt;
    const std::size_t slash = std::min(url.find('/', scheme + 3), url.size());
    call.origin = url.substr(0, slash);
    call.path = slash == url.size() ? "/" : url.substr(slash);
    call.with_credentials = call.origin == config_.base.origin;
    const bool is_known = call.with_credentials ||
        std::find(config_.file_hosts.begin(), config_.file_hosts.end(), call.origin) != config_.file_hosts.end();
    if (!is_known) return std::nullopt;
  }
  if (!std::all_of(call.path.begin(), call.path.end(), [](char c) { return c > 0x20 && c < 0x7F; })) return std::nullopt;
  UpstreamAnswer answer = send(call);
  if (answer.status >= 200 && answer.status < 300) answer.outcome = UpstreamOutcome::kDone;  // bytes, not JSON
  return answer;
}

}  // namespace titik::serve
