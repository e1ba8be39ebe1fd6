#include <utility>

#include "base/id.h"
#include "base/json.h"
#include "lapor/lapor.h"
#include "lapor/reading.h"

namespace titik::lapor {

std::string write_created(const Receipt& receipt) {
  Json titik = {{"report_id", receipt.report_id},
                {"tracking_id", receipt.tracking_id},
                {"received_at", receipt.received_at},
                {"follow_up_due_at", receipt.follow_up_due_at},
                {"photo_sha256", receipt.photo_sha256},
                {"pending_sha256", receipt.pending_sha256}};
  if (!receipt.jws.empty()) titik["receipt"] = receipt.jws;
  return to_text({{"message", "Laporan diterima."},
                  {"complaint_id", receipt.tracking_id},
                  {"data", {{"complaint_id", receipt.tracking_id}}},
                  {"results", {{"complaint", {{"id", receipt.tracking_id}}}}},
                  {"titik", std::move(titik)}});
}

Result<Receipt> read_created(std::string_view json) {
  const Json body = TRY(parse_json(json));
  const Json& titik = member(body, "titik");
  const Json& results = member(body, "results");
  Receipt receipt;
  for (const std::string& id :
       {id_of(body, "complaint_id"), id_of(member(body, "data"), "complaint_id"),
        id_of(member(results, "complaint"), "id"), id_of(results, "complaint_id"), id_of(titik, "tracking_id")}) {
    if (!id.empty()) {
      receipt.tracking_id = id;
      break;
    }
  }
  if (receipt.tracking_id.empty()) {
    return Error{ErrorCode::kMalformed, "complaint_id", "the answer names no complaint"};
  }
  receipt.report_id = string_or(titik, "report_id");
  if (!is_uuid(receipt.report_id)) receipt.report_id.clear();
  receipt.received_at = millis_of(titik, "received_at");
  receipt.follow_up_due_at = millis_of(titik, "follow_up_due_at");
  receipt.photo_sha256 = hashes_of(titik, "photo_sha256");
  receipt.pending_sha256 = hashes_of(titik, "pending_sha256");
  receipt.jws = string_or(titik, "receipt");
  if (receipt.jws.size() > kMaxSignedReceipt) receipt.jws.clear();
  return receipt;
}

}  // namespace titik::lapor
