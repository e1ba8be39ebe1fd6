// Requests to SP4N-LAPOR! over HTTP(S): the two headers on every call, timeouts as seen in its clients (connect
// 30 s, create 90 s, else 30 s), answers of bounded size and time, certificates checked, redirects not followed.
// One connection a request. It may be used from one thread at a time.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "serve/upstream_config.h"

namespace titik::serve {

inline constexpr std::size_t kMaxUpstreamText = 4 << 20;  // bytes of an answer

// What became of a request.
enum class UpstreamOutcome {
  kDone,       // 2xx
  kNotDone,    // certainly nothing has happened there: no connection, 408, 425, 429, 503
  kUnknown,    // it may have been done: the connection broke, or another 5xx (a gateway's, too)
  kNoAccess,   // 401, 403, 3xx: the configuration is wrong; no request will fare better
  kRefused,    // any other 4xx: this request, as it is, will never be taken
};
struct UpstreamAnswer {
  UpstreamOutcome outcome = UpstreamOutcome::kNotDone;
  int status = 0;        // 0: none
  std::string body;
  UnixMillis retry_after = 0;  // told by the server; 0: not told
  // We ended it, so that the connection is well though there is no status.
  bool too_long = false;
  bool too_slow = false;
  bool is_elsewhere = false;   // of another host than the base's
  // For the officer: the status, or how the connection failed, and what the server said.
  [[nodiscard]] std::string reason() const;
  // For the log: without what the server said, which may be anybody's words.
  [[nodiscard]] std::string brief() const;
};
// A 2xx that says no in its body (`success` or `status` false, "error", "failed") is a refusal.
UpstreamOutcome outcome_of(int status, std::string_view body);

struct UpstreamPart {
  std::string name;
  std::string file_name;  // empty: a plain field
  std::string mime;
  std::string content;
};

class UpstreamClient {
 public:
  explicit UpstreamClient(const UpstreamConfig& config) : config_(config) {}

  // Paths are below the base, as lapor::kCreatePath.
  UpstreamAnswer get(const std::string& path);
  UpstreamAnswer post_json(const std::string& path, const std::string& body);
  UpstreamAnswer post_form(const std::string& path, const std::vector<std::pair<std::string, std::string>>& fields);
  UpstreamAnswer post_parts(const std::string& path, const std::vector<UpstreamPart>& parts);

  // A file that an answer named, at most report::kMaxFileBytes. Only from the base's host (with the credentials)
  // or one of `file_hosts` (without); nothing for any other.
  std::optional<UpstreamAnswer> fetch(const std::string& url);

 private:
  struct Call;
  UpstreamAnswer send(const Call& call);

  const UpstreamConfig& config_;
};

}  // namespace titik::serve
