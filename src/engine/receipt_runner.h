// Has every receipt that the city signed checked, once: "Receipts" in docs/sync-protocol.md.
#pragma once

#include <optional>

#include "engine/context.h"

namespace titik::engine {

class ReceiptRunner {
 public:
  explicit ReceiptRunner(Context& context) : context_(context) {}

  // Judges what is stored and not judged, as far as it can be; one is with the host at a time.
  void run();
  void checked(ReceiptAnswer answer);
  // A receipt names a key that the profile does not have: true once for each receipt that came.
  bool take_profile_wish() { return std::exchange(wants_profile_, false); }

 private:
  // kUnchecked: the host was asked, or the key is not known.
  report::ReceiptVerdict judge(const store::StoredReceipt& receipt);
  bool settle(store::StoredReceipt receipt, report::ReceiptVerdict verdict);  // false: it could not be stored

  Context& context_;
  std::optional<store::StoredReceipt> asked_;  // the one that the host has
  bool due_ = true;             // there may be some that are not judged: left by an earlier life
  bool keys_are_fresh_ = false; // the profile was told after the last receipt came
  bool wants_profile_ = false;
  bool cannot_ = false;         // no WebCrypto
};

}  // namespace titik::engine
