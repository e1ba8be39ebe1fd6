#include "serve/workflow.h"

#include "base/utf8.h"

namespace titik::serve {

using report::Status;

bool is_open(Status status) {
  switch (status) {
    case Status::kUnverified:
    case Status::kVerified:
    case Status::kInProcess:
    case Status::kAnsweredByCitizen:
    case Status::kOnHold: return true;
    case Status::kClosedByAdmin:
    case Status::kClosedBySystem:
    case Status::kArchivedByAdmin:
    case Status::kArchivedBySystem: return false;
  }
  return false;
}

bool may_change(Status from, Status to) {
  if (!is_open(from) || from == to) return false;
  switch (to) {
    case Status::kUnverified: return false;
    case Status::kVerified: return from == Status::kUnverified || from == Status::kOnHold;
    case Status::kInProcess:
      return from == Status::kVerified || from == Status::kAnsweredByCitizen || from == Status::kOnHold;
    case Status::kAnsweredByCitizen: return from == Status::kInProcess;
    case Status::kClosedByAdmin:
    case Status::kClosedBySystem:
      return from == Status::kVerified || from == Status::kInProcess || from == Status::kAnsweredByCitizen;
    case Status::kOnHold: return true;
    case Status::kArchivedByAdmin:
    case Status::kArchivedBySystem:
      return from == Status::kUnverified || from == Status::kVerified || from == Status::kOnHold;
  }
  return false;
}

Result<std::vector<Status>> steps_to_process(Status from) {
  switch (from) {
    case Status::kInProcess: return std::vector<Status>{};
    case Status::kUnverified: return std::vector{Status::kVerified, Status::kInProcess};
    default:
      if (may_change(from, Status::kInProcess)) return std::vector{Status::kInProcess};
      return Error{ErrorCode::kConflict, "status", "Laporan sudah selesai, jadi tidak dapat ditindaklanjuti lagi."};
  }
}

Result<Ok> check_close(Status from, Evidence evidence, std::string_view reason) {
  if (!is_open(from)) return Error{ErrorCode::kConflict, "status", "Laporan sudah selesai."};
  if (!may_change(from, Status::kClosedByAdmin)) {
    return Error{ErrorCode::kConflict, "status",
                 "Laporan yang masih " + std::string(report::status_label(from)) +
                     " tidak dapat ditutup; verifikasi dahulu."};
  }
  if (evidence == Evidence::kNone && trimmed(reason).empty()) {
    return Error{ErrorCode::kInvalidArgument, "reason",
                 "Laporan hanya dapat ditutup dengan bukti (tindak lanjut berfoto) atau alasan."};
  }
  return Ok{};
}

}  // namespace titik::serve
