// The key with which this server signs receipts: ECDSA over P-256 with SHA-256, "ES256" of RFC 7518, 3.4.
#pragma once

#include <string>
#include <string_view>

namespace titik::serve {

struct PublicKey {
  std::string id;    // the thumbprint of RFC 7638, base64url
  std::string x, y;  // of the point, base64url
};

struct SigningKey {
  PublicKey public_key;
  std::string private_pem;  // PKCS #8. Never in a log, an answer or an error
};

SigningKey new_signing_key();

// The signature of `text`: r and s, 32 bytes each, base64url. Ends the program when `private_pem` is no such key:
// it comes from our own database.
std::string sign_es256(const std::string& private_pem, std::string_view text);

}  // namespace titik::serve
