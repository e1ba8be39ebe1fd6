// A city that signs receipts, and a verifier that trusts nobody, for tests: OpenSSL, apart from the server's.
#pragma once

#include <string>
#include <string_view>

#include "lapor/signed_receipt.h"

namespace titik::lapor {

// A public key as a JWK has it.
struct TestKey {
  std::string id, x, y;
  friend bool operator==(const TestKey&, const TestKey&) = default;
};

std::string test_sha256(std::string_view bytes);  // hex

class TestSigner {
 public:
  TestSigner();  // with a key of its own
  [[nodiscard]] const TestKey& key() const { return key_; }
  [[nodiscard]] std::string sign(const Statement& statement) const { return sign_text(signing_input(key_.id, statement)); }
  // "header.payload", whatever is in them.
  [[nodiscard]] std::string sign_text(const std::string& input) const;

 private:
  TestKey key_;
  std::string private_;  // the scalar, hex
};

// Whether the signature at the end of `jws` is this key's.
bool test_verify(std::string_view jws, const TestKey& key);

}  // namespace titik::lapor
