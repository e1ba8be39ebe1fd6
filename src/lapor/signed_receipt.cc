#include "lapor/signed_receipt.h"

#include "base/base64.h"
#include "base/number.h"
#include "lapor/reading.h"

namespace titik::lapor {
namespace {

constexpr std::string_view kType = "titik-receipt+jwt";
constexpr std::string_view kAlgorithm = "ES256";
constexpr std::size_t kSignatureBytes = 64;

Error malformed(std::string_view where) { return Error{ErrorCode::kMalformed, std::string(where), "not a receipt"}; }

// The part before the next dot, taken off the front, as JSON.
Result<Json> take_json(std::string_view& rest) {
  const std::string_view part = rest.substr(0, rest.find('.'));
  rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  const std::optional<std::string> text = from_base64url(part);
  if (!text) return malformed("base64url");
  return parse_json(*text);
}

}  // namespace

std::string words_of(const report::Draft& draft) {
  const std::string latitude = draft.place ? with_places(draft.place->point.latitude, 6) : "";
  const std::string longitude = draft.place ? with_places(draft.place->point.longitude, 6) : "";
  // A text holds no zero byte (clean_text()), so that no two reports have the same words.
  std::string words(1, static_cast<char>('0' + static_cast<int>(draft.classification)));
  for (const std::string* text : {&draft.category_id, &draft.title, &draft.content, &draft.incident_date, &draft.landmark,
                                  &latitude, &longitude}) {
    words += '\0';
    words += *text;
  }
  return words + '\0';
}

std::string signing_input(std::string_view key_id, const Statement& statement) {
  const Json header = {{"alg", kAlgorithm}, {"kid", key_id}, {"typ", kType}};
  const Json payload = {{"city", statement.city},
                        {"report_id", statement.report_id},
                        {"tracking_id", statement.tracking_id},
                        {"received_at", statement.received_at},
                        {"words_sha256", statement.words_sha256},
                        {"photo_sha256", statement.photo_sha256},
                        {"pending_sha256", statement.pending_sha256}};
  return to_base64url(to_text(header)) + "." + to_base64url(to_text(payload));
}

Result<SignedReceipt> read_signed_receipt(std::string_view jws) {
  if (jws.size() > kMaxSignedReceipt) return malformed("size");
  const Json header = TRY(take_json(jws));
  const Json payload = TRY(take_json(jws));
  const std::optional<std::string> signature = from_base64url(jws);
  if (!signature || signature->size() != kSignatureBytes) return malformed("signature");
  // Whoever made it does not choose how it is checked (RFC 8725, 3.1).
  if (string_or(header, "alg") != kAlgorithm || string_or(header, "typ") != kType || !member(header, "crit").is_null()) return malformed("header");
  SignedReceipt receipt{.key_id = string_or(header, "kid"), .signature = std::string(jws)};
  Statement& statement = receipt.statement;
  statement.city = string_or(payload, "city");
  statement.report_id = string_or(payload, "report_id");
  statement.tracking_id = string_or(payload, "tracking_id");
  statement.received_at = millis_of(payload, "received_at");
  statement.words_sha256 = string_or(payload, "words_sha256");
  statement.photo_sha256 = hashes_of(payload, "photo_sha256");
  statement.pending_sha256 = hashes_of(payload, "pending_sha256");
  return receipt;
}

Json receipt_keys_of(std::string_view profile) {
  const Result<Json> read = parse_json(profile);
  return read.ok() ? member(*read, "receipt_keys") : Json();
}

}  // namespace titik::lapor
