// What comes from SP4N-LAPOR!, brought into the city: reports, follow-ups, states. Everything once, however often it is
// brought: reports and follow-ups have keys made of their ids there.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lapor/lapor.h"
#include "serve/files.h"
#include "serve/repository.h"
#include "serve/upstream_config.h"
#include "serve/upstream_store.h"
#include "serve/upstream_wire.h"
#include "serve/workflow_store.h"

namespace titik::serve {

// The caller of this name, made when there is none: the same for whoever asks, also when two processes ask at once. It has no
// token: what is hashed is forgotten at once.
Result<Caller> named_caller(Repository& repository, CallerKind kind, std::string_view name, UnixMillis now);
// In whose name the link acts. What is this caller's never goes there.
Result<Caller> upstream_caller(Repository& repository, UnixMillis now);

class UpstreamDesk {
 public:
  // All must outlive it. `caller`: in whose name the link acts.
  UpstreamDesk(Repository& repository, Workflow& workflow, UpstreamStore& store, const report::CityProfile& profile, const UpstreamConfig& config, Caller caller)
      : repository_(repository), workflow_(workflow), store_(store), profile_(profile), config_(config), caller_(std::move(caller)) {}

  // A complaint disposed to the city, with its photos, received `now`. In one step with it are its line of history, what
  // Arrival says, and, in the link's name, that it is theirs: whoever changes the report from then on is told there.
  struct Brought {
    std::int64_t tracking_id = 0;
    bool is_new = false;
  };
  struct Arrival {
    UnixMillis poll_at = 0;              // when the link asks about it first
    std::vector<std::string_view> seen;  // what upstream_seen has of it from the first
  };
  Result<Brought> bring_report(const UpstreamComplaint& complaint, const std::vector<NewFile>& photos, const Arrival& arrival, UnixMillis now);
  // Whether this report here is the one that the complaint became.
  Result<bool> is_brought(const StoredReport& report, const std::string& id);
  // `id`: of the follow-up, in the thread of `upstream_id`. The city's own rules say what it does to the report. From
  // then on it was seen; it is left alone when the report was erased meanwhile.
  Result<Ok> bring_follow_up(const UpstreamReport& report, const std::string& id, const lapor::FollowUp& follow_up,
                             const std::vector<NewFile>& files, UnixMillis now);
  // What has become of a report there.
  struct News {
    std::string once;  // whatever is written about it is written once, though it be brought again: an id in upstream_seen
    UnixMillis now = 0;
  };
  struct StateThere {
    report::Status status = report::Status::kUnverified;
    std::string_view label;                // as they call it
    std::optional<report::Status> before;  // what it was when it was last seen: a hold of theirs ends with theirs
    bool is_over = false;                  // told by a file: nobody will do the rest, so it may be closed with that as the reason
  };
  // Taken as far as the city's rules let it, else noted. A report that has neither evidence nor a refusal is not closed
  // because it is closed there.
  Result<Ok> bring_status(std::int64_t tracking_id, const StateThere& there, const News& news);
  // Another institution has it there: one of the city's agencies, or one outside.
  Result<Ok> bring_disposition(std::int64_t tracking_id, std::string_view institution_id, std::string_view name, const News& news);

  // Whether a complaint with this disposition is for the city.
  [[nodiscard]] bool is_ours(std::string_view institution_id) const;

 private:
  const report::Agency* agency_there(std::string_view institution_id) const;
  const report::Category& category_there(std::string_view category_id) const;

  [[nodiscard]] Actor actor(Role role) const;
  // The step, in such a way that its state, which comes from there, is not told there.
  Result<Done> take_told(std::int64_t tracking_id, Action action, report::Status to, const std::string& reason, UnixMillis now);
  // The Idempotency-Key, here, of the report that this complaint becomes. A file's numbers are another city's.
  Result<std::string> key_of_report(const std::string& id);

  Repository& repository_;
  Workflow& workflow_;
  UpstreamStore& store_;
  const report::CityProfile& profile_;
  const UpstreamConfig& config_;
  Caller caller_;
};

}  // namespace titik::serve
