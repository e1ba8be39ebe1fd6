// How long a city keeps what its citizens sent, from the day a case was closed or archived: `retention` in its profile,
// every member optional and in months; without it nothing goes by itself. The phone is not told of it.
//
//   "retention": {"identity_months": 12, "photos_months": 24, "report_months": 60}
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "serve/erasure.h"

namespace titik::serve {

struct Retention {
  int identity_months = 0;  // then name, phone and address go; 0: never
  int photos_months = 0;    // then the citizen's photos go
  int report_months = 0;    // then all goes that is not counted (erasure.h)

  // kInvalidArgument names the member: unknown, no whole number of 1 to 600, or of no effect, because the report itself
  // goes sooner.
  static Result<Retention> of_profile(std::string_view json);
};

// `months` before `now` in the city's calendar: of 31 March one month is 28 or 29 February.
UnixMillis months_before(UnixMillis now, int months, ZoneOffset zone);

struct Retained {
  int identities = 0, photos = 0, reports = 0;  // taken out
  std::vector<Error> faults;  // of single reports; they keep nobody else's from being taken out
};

class RetentionSweep {
 public:
  RetentionSweep(Sql& sql, Erasure& erasure, Retention retention, ZoneOffset zone)
      : sql_(sql), erasure_(erasure), retention_(retention), zone_(zone) {}

  // An error: nothing could be asked. At most a few hundred of each kind: the rest the next time.
  Result<Retained> sweep(UnixMillis now);

 private:
  Result<std::vector<std::int64_t>> due(std::string_view column, UnixMillis closed_before);

  Sql& sql_;
  Erasure& erasure_;
  Retention retention_;
  ZoneOffset zone_;
};

}  // namespace titik::serve
