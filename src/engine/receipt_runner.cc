#include "engine/receipt_runner.h"

#include <algorithm>

#include "lapor/signed_receipt.h"

namespace titik::engine {

using report::ReceiptVerdict;

namespace {

// Whether the statement is about this report, with all its photos. Its words are the host's to compare.
bool is_about(const lapor::Statement& statement, const store::StoredReport& report, const report::CityProfile& city) {
  const auto names = [](const std::vector<std::string>& list, const std::string& sha256) {
    return std::find(list.begin(), list.end(), sha256) != list.end();
  };
  for (const report::Photo& photo : report.draft.photos) {
    if (!names(statement.photo_sha256, photo.sha256) && !names(statement.pending_sha256, photo.sha256)) return false;
  }
  return statement.city == city.id && statement.report_id == report.draft.id && statement.tracking_id == report.tracking_id &&
         statement.received_at != 0 &&
         statement.photo_sha256.size() + statement.pending_sha256.size() == report.draft.photos.size();
}

}  // namespace

void ReceiptRunner::run() {
  if (std::exchange(context_.receipt_came, false)) {
    due_ = true;
    keys_are_fresh_ = false;
  }
  if (std::exchange(context_.profile_came, false)) due_ = keys_are_fresh_ = true;
  if (!due_ || asked_ || cannot_ || context_.profile() == nullptr) return;
  due_ = false;
  Result<std::vector<store::StoredReceipt>> unchecked = context_.repository().unchecked_receipts();
  if (!unchecked.ok()) return;
  for (store::StoredReceipt& receipt : *unchecked) {
    const ReceiptVerdict verdict = judge(receipt);
    if (asked_) return;
    if (verdict != ReceiptVerdict::kUnchecked) settle(std::move(receipt), verdict);
  }
}

ReceiptVerdict ReceiptRunner::judge(const store::StoredReceipt& receipt) {
  const Result<std::optional<store::StoredReport>> report = context_.repository().find(receipt.report_id);
  if (!report.ok() || !*report) return ReceiptVerdict::kUnchecked;  // nothing is left to compare it with
  const report::CityProfile& city = *context_.profile();
  // 1. It is a receipt, and about this report.
  const Result<lapor::SignedReceipt> read = lapor::read_signed_receipt(receipt.jws);
  if (!read.ok() || !is_about(read->statement, **report, city)) return ReceiptVerdict::kInvalid;
  // 2. The city has such a key. When it is not known, the profile is asked for once more, and that decides.
  for (const Json& key : lapor::receipt_keys_of(context_.profile_text())) {
    if (string_or(key, "kid") != read->key_id) continue;
    // 3. The key's signature, and our words.
    asked_ = receipt;
    context_.host().check_receipt({receipt.jws, string_or(key, "x"), string_or(key, "y"), lapor::words_of((*report)->draft),
                                   read->statement.words_sha256});
    return ReceiptVerdict::kUnchecked;
  }
  wants_profile_ = !keys_are_fresh_;
  return keys_are_fresh_ ? ReceiptVerdict::kInvalid : ReceiptVerdict::kUnchecked;
}

void ReceiptRunner::checked(ReceiptAnswer answer) {
  std::optional<store::StoredReceipt> receipt = std::exchange(asked_, std::nullopt);
  if (answer == ReceiptAnswer::kCannot) cannot_ = true;
  if (!receipt || cannot_) return;
  due_ = settle(*std::move(receipt), answer == ReceiptAnswer::kRight ? ReceiptVerdict::kValid : ReceiptVerdict::kInvalid);
}

bool ReceiptRunner::settle(store::StoredReceipt receipt, ReceiptVerdict verdict) {
  receipt.verdict = verdict;
  // Not kept when storing fails: the next start has it checked again.
  const bool stored = context_.commit([&] { return context_.repository().judge_receipt(receipt); }).ok();
  context_.report_changed(receipt.report_id);
  return stored;
}

}  // namespace titik::engine
