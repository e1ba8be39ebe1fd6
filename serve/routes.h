// Which path answers to whom, with what body: the whole surface in one table (routes.cc). Credentials are
// checked before a byte of the body is read.
#pragma once

#include <cstdint>

#include "serve/app.h"
#include "serve/http.h"

namespace titik::serve {

inline constexpr std::int64_t kMaxJsonBody = 256 * 1024;  // bytes
// Five files of 10 MiB, their headers and the fields beside them.
inline constexpr std::int64_t kMaxUploadBody = 5 * report::kMaxFileBytes + 256 * 1024;

// Answers one request and logs it: method, pattern, status, milliseconds.
Response handle(App& app, const Request& request);

// The body in memory. kTooLarge past `limit`, decided by the Content-Length when there is one;
// kMalformed when it does not come whole.
Result<std::string> read_body(const Request& request, std::int64_t limit);

enum class Access {
  kAnybody,
  kChannel,        // who knows the channel's token: every phone
  kCaller,         // a device or another system, by its token
  kIntegration,    // another system alone
  kOffice,         // an officer's session, or another system; what each role may is the workflow's to say
  kOfficer,        // an officer's session
};
// For the tests that try every route with every wrong credential, and as every role.
struct RouteSummary {
  std::string method;
  std::string pattern;
  Access access;
};
std::vector<RouteSummary> all_routes();

}  // namespace titik::serve
