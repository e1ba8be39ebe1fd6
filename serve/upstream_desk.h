// What comes from SP4N-LAPOR!, brought into the city: reports, follow-ups, states. Everything once, however often it is
// brought: reports and follow-ups have keys made of their ids there.
#pragma once

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

// In whose name the link acts. What is this caller's never goes there.
Result<Caller> upstream_caller(Repository& repository, UnixMillis now);

class UpstreamDesk {
 public:
  // All must outlive it. `caller`: in whose name the link acts.
  UpstreamDesk(Repository& repository, Workflow& workflow, UpstreamStore& store, const report::CityProfile& profile, const UpstreamConfig& config, Caller caller)
      : repository_(repository), workflow_(workflow), store_(store), profile_(profile), config_(config), caller_(std::move(caller)) {}

  // A complaint disposed to the city, with its photos, received `now`. Answers its tracking id. The link to it is
  // add_theirs()'s.
  struct Brought {
    std::int64_t tracking_id = 0;
    bool is_new = false;
  };
  Result<Brought> bring_report(const UpstreamComplaint& complaint, const std::vector<NewFile>& photos, UnixMillis now);
  // Whether this report here is the one that the complaint became.
  Result<bool> is_brought(const StoredReport& report, const std::string& id);
  // `id`: of the follow-up, in the thread of `upstream_id`. The city's own rules say what it does to the report. From
  // then on it was seen; it is left alone when the report was erased meanwhile.
  Result<Ok> bring_follow_up(const UpstreamReport& report, const std::string& id, const lapor::FollowUp& follow_up,
                             const std::vector<NewFile>& files, UnixMillis now);
  // The state there has become `status`. What the city's rules do not let happen here is noted.
  Result<Ok> bring_status(std::int64_t tracking_id, report::Status status, std::string_view label, UnixMillis now);
  // Another institution has it there: one of the city's agencies, or one outside.
  Result<Ok> bring_disposition(std::int64_t tracking_id, std::string_view institution_id, std::string_view name, UnixMillis now);

  // Whether a complaint with this disposition is for the city.
  [[nodiscard]] bool is_ours(std::string_view institution_id) const;

 private:
  const report::Agency* agency_there(std::string_view institution_id) const;
  const report::Category& category_there(std::string_view category_id) const;

  [[nodiscard]] Actor actor(Role role) const;
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
