// Taking a citizen's data out, on request or because its time is over (retention.h). What is left of an erased report is
// its number, category, agency, states and times, as the statistics count them: no words, no place, no photo, no name,
// no phone. It is archived or closed first, if it is open, listed nowhere, and nobody's.
//
// Bytes go with the last row that names them. Those that came within the last ten minutes may be about to be named by
// another request, and are left to the housekeeping.
//
// What was passed on to SP4N-LAPOR! must be asked for there, by a person. Nothing more of it is sent; its number there
// stays known, so that a list that shows it brings nothing back, and to_erase_upstream() names it until somebody says
// that it is gone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "serve/files.h"
#include "serve/partial_files.h"
#include "serve/repository.h"
#include "serve/workflow_store.h"

namespace titik::serve {

struct PassedOn {
  std::int64_t tracking_id = 0;
  std::string upstream_id;  // "": it may have arrived there, the number is not known
};

struct Erased {
  std::vector<std::int64_t> reports;
  std::vector<PassedOn> passed_on;
  int contents = 0;  // bytes taken away
  int left = 0;      // too young, or another report's too
  std::vector<Error> faults;  // of the disk, when all rows were gone: the housekeeping takes what it left
};

class Erasure {
 public:
  Erasure(Repository& repository, FileStore& files, PartialFiles& partial_files, Workflow& workflow)
      : repository_(repository), files_(files), partial_files_(partial_files), workflow_(workflow) {}

  // A device with all that it has sent. kNotFound: there is no such device. After any other error nothing of it is gone
  // and its token is good, so that it can ask again. The public face is brought up to date by
  // its next question; what it holds of words goes here.
  Result<Erased> person(std::int64_t caller_id, const Actor& by, UnixMillis now);
  // One report, whatever way it came; what else its phone has sent stays. `reports` is empty when it was erased before.
  Result<Erased> report(std::int64_t tracking_id, const Actor& by, UnixMillis now);
  // Name, phone and address of who wrote it or for whom it was entered.
  Result<Ok> identity(std::int64_t tracking_id, UnixMillis now);
  // The citizen's photos; evidence of the agencies stays.
  Result<Erased> photos(std::int64_t tracking_id, UnixMillis now);
  // What was written over is in SQLite's journal still, and goes with this. While others read it stays there, until it is
  // next emptied. person() does it by itself; whoever takes out many reports does it once.
  Result<Ok> empty_journal();

 private:
  enum class Scope { kDevice, kReport };
  struct Gone {
    Erased erased;
    std::vector<std::string> hashes;
    std::vector<std::int64_t> uploads;
  };
  Result<std::vector<std::int64_t>> reports_in(Scope scope, std::int64_t id);
  Result<Ok> empty_rows(Scope scope, std::int64_t id, const Actor& by, UnixMillis now, Gone& gone);
  Result<bool> remove_content(const std::string& sha256, UnixMillis now);
  void finish(const Gone& gone, UnixMillis now, Erased& erased);
  Result<Ok> end_case(std::int64_t tracking_id, UnixMillis now);
  // With the mutex held, in a transaction. Hashes that may have lost their last row are put into `hashes` or `gone`.
  Result<Ok> run(const char* statement, std::int64_t first);
  Result<Ok> run(const char* statement, std::int64_t first, std::int64_t second);
  Result<std::int64_t> nobody(UnixMillis now);
  Result<Ok> empty_report(std::int64_t tracking_id, const Actor& by, UnixMillis now, Gone& gone);
  Result<Ok> seal_for_link(std::int64_t tracking_id, Erased& erased);
  Result<Ok> remove_files(const std::string& where, std::int64_t value, std::vector<std::string>& hashes);
  Result<Ok> remove_uploads(std::string_view report_id, Gone& gone);
  Result<Ok> remove_device(std::int64_t caller_id, std::int64_t nobody, Gone& gone);

  Repository& repository_;
  FileStore& files_;
  PartialFiles& partial_files_;
  Workflow& workflow_;
};

// The reports that a device has made or sent too. For the command line, and export_person.h.
Result<std::vector<std::int64_t>> reports_of_device(Sql& sql, std::int64_t caller_id);
// The device that a report came from. kNotFound: no such report, or it came from no phone.
Result<std::int64_t> device_of_report(Sql& sql, std::int64_t tracking_id);

// What was erased here and is still, or may be, at SP4N-LAPOR!: oldest first.
Result<std::vector<PassedOn>> to_erase_upstream(Sql& sql);
// Somebody says that it is gone there too. `upstream_id`: its number there, if that was not known; else "". Errors are
// for the operator.
Result<Ok> erased_upstream(Sql& sql, std::int64_t tracking_id, std::string_view upstream_id);

}  // namespace titik::serve
