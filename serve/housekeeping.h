// What is swept by itself: sessions that have ended, the access log's oldest rows, uploads that expired, photos that no
// report ever named, contents that no row names any more, and what the city's retention says. The scheduler calls it (scheduler.h).
//
// Two rules keep it from taking what somebody is about to use. A photo's row goes in one statement that looks again
// whether it is still unclaimed, so a report that is created with it comes either before (it stays) or after (the phone
// is told to send it again). Bytes go only when no row names them and they were not kept within the last hour, which is
// longer than any request takes; FileStore::remove() looks at that once more when they are out of reach.
#pragma once

#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "serve/files.h"
#include "serve/partial_files.h"
#include "serve/repository.h"
#include "serve/retention.h"

namespace titik::serve {

inline constexpr UnixMillis kUploadLifetime = 7 * kDay;     // of a photo without a report, from when it last came
inline constexpr UnixMillis kAccessLogLife = 2 * 365 * kDay;
inline constexpr UnixMillis kFreshBytes = kHour;

struct Swept {
  int uploads = 0;   // expired
  int files = 0;     // photos that no report named
  int contents = 0;  // bytes that no row names
  int retained = 0;  // reports out of which the city's retention took something
  std::vector<Error> faults;  // of single reports, whose time is over and that could not be taken out
  [[nodiscard]] int all() const { return uploads + files + contents + retained; }
  Swept& operator+=(const Swept& other) {
    uploads += other.uploads;
    files += other.files;
    contents += other.contents;
    retained += other.retained;
    faults.insert(faults.end(), other.faults.begin(), other.faults.end());
    return *this;
  }
};

class Housekeeping {
 public:
  // What is given must outlive it. Without `retention` nothing goes for its age.
  Housekeeping(Repository& repository, FileStore& files, PartialFiles& partial_files, RetentionSweep* retention = nullptr)
      : repository_(repository), files_(files), partial_files_(partial_files), retention_(retention) {}

  // What is in the database, once an hour, whoever did it last. For the holder of the lease "clocks".
  Result<Swept> sweep_database(UnixMillis now);
  // What lies on this machine's disk, once an hour for each process: a sixteenth of the files each time.
  Result<Swept> sweep_disk(UnixMillis now);

 private:
  Result<int> sweep_files(UnixMillis now);
  Result<int> sweep_contents(std::string_view shelf, UnixMillis now);
  Result<Ok> sweep_pictures(std::string_view shelf);

  Repository& repository_;
  FileStore& files_;
  PartialFiles& partial_files_;
  RetentionSweep* retention_;
  UnixMillis disk_swept_at_ = 0;
};

// Rows, and what had come of them; answers how many. What cannot be removed on the disk is left to sweep_disk().
Result<int> remove_expired_uploads(Repository& repository, PartialFiles& partial_files, UnixMillis now);

}  // namespace titik::serve
