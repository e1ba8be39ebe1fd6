// What the handlers work on: one for the whole program, shared by all worker threads.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "report/city_profile.h"
#include "serve/actor.h"
#include "serve/files.h"
#include "serve/gate.h"
#include "serve/http.h"
#include "serve/metrics.h"
#include "serve/partial_files.h"
#include "serve/proof.h"
#include "serve/public_face.h"
#include "serve/repository.h"
#include "serve/static_files.h"
#include "serve/workflow_store.h"

namespace titik::serve {

struct App {
  Repository& repository;  // locks for itself
  FileStore& files;        // holds no state but its folder
  PartialFiles& partial_files;  // locks for itself
  PublicFace& public_face;  // locks for itself, on a connection of its own
  Proofs& proofs;           // locks for itself
  Workflow& workflow;       // locks for itself
  const report::CityProfile profile;
  const std::string profile_json;
  const StaticFiles client;
  // The server's clock; a test brings its own.
  std::function<UnixMillis()> now;
  // One event: a request, or something that happened by itself. Without personal data; the time is added.
  std::function<void(const Json&)> log;
  Gate& gate;  // locks for itself
  Metrics metrics{};
};

// One request that has passed routing, credentials and limits.
struct Call {
  const Request& request;
  std::vector<std::string> ids;  // the values of the pattern's {...}, in order
  Caller caller;                 // unset on routes that anybody may call, and for officers
  Actor actor;                   // who acts: a citizen, a system, an officer; a citizen without id when it is anybody
  std::string body;              // read already, on routes with a small body
  Origin origin;
};

using Handler = Response (*)(App& app, Call& call);

// --- answers that refuse -------------------------------------------------------------------------

Response refusal(int status, std::string_view message, std::vector<lapor::FieldError> errors = {});
// By the error's code. What is a fault of ours goes to the log (Response::fault) and is answered without its message.
Response refusal_of(const Error& error);
// 429, with how long to wait.
Response try_later(UnixMillis wait);

// --- what several handlers need ------------------------------------------------------------------

// Whether this one may know that there is such a report: the one place that decides it. Who is told of a secret report,
// or of one with a name, is written down (serve/access_log.h).
Result<bool> may_see(App& app, const Actor& actor, const StoredReport& report);
// The report, when they may see it; else kNotFound, the same as for one that does not exist.
Result<StoredReport> visible_report(App& app, const Actor& actor, std::string_view tracking_id);

// The same by the report's own id, the Idempotency-Key that it was created with.
Result<StoredReport> own_report(App& app, const Actor& actor, std::string_view report_id);

// The Idempotency-Key in lower case; "" when none was sent; kInvalidArgument when it is not a UUID.
Result<std::string> idempotency_key(const Request& request);

}  // namespace titik::serve
