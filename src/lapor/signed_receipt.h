// The receipt as proof: what the city's server signs of a report that it has taken in, so that anybody can
// check it with the city's public key, without the phone and without the server (docs/api.md, "Signed
// receipts"). A JWS in its compact form (RFC 7515), signed with ES256 (RFC 7518, 3.4). Nothing here signs or
// verifies: the server has OpenSSL for it, the phone WebCrypto.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "report/report.h"

namespace titik::lapor {

// What is signed.
struct Statement {
  std::string city;          // CityProfile::id
  std::string report_id;     // the Idempotency-Key; empty when the client sent none
  std::string tracking_id;
  UnixMillis received_at = 0;  // by the server's clock
  std::string words_sha256;    // of words_of(), 64 hex digits
  std::vector<std::string> photo_sha256;    // of every photo held
  std::vector<std::string> pending_sha256;  // of every photo that is still to come
};

// The words and the place of a report as the bytes whose SHA-256 the receipt names. Not who wrote them.
// `draft` is normalised (report/validation.h).
std::string words_of(const report::Draft& draft);

// "header.payload": what the signature is made of. With "." and the signature it is the receipt.
std::string signing_input(std::string_view key_id, const Statement& statement);

struct SignedReceipt {
  std::string key_id;
  Statement statement;
  std::string signature;  // 64 bytes, base64url
};
// kMalformed: no receipt of this kind. Whether the signature is right is not asked.
Result<SignedReceipt> read_signed_receipt(std::string_view jws);

// The member `receipt_keys` of a city's profile, as it is; null when there is none: public keys for signed receipts, JWKs
// (RFC 7517) with `kid`, `x` and `y`, which the server adds when it hands the profile out. Apart from the profile,
// because only the engine has a use for them.
Json receipt_keys_of(std::string_view profile);

}  // namespace titik::lapor
