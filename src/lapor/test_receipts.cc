#include "lapor/test_receipts.h"

// The older interface, with the numbers in hand: another way than the server's.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <openssl/sha.h>

#include <array>

#include "base/base64.h"
#include "base/id.h"

namespace titik::lapor {
namespace {

std::array<unsigned char, 32> digest_of(std::string_view text) {
  std::array<unsigned char, 32> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return digest;
}

std::string bytes_of(const BIGNUM* number) {
  std::string bytes(32, '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()), 32);
  return bytes;
}

EC_KEY* empty_key() { return EC_KEY_new_by_curve_name(NID_X9_62_prime256v1); }

}  // namespace

std::string test_sha256(std::string_view bytes) {
  const auto digest = digest_of(bytes);
  return to_hex(digest.data(), digest.size());
}

TestSigner::TestSigner() {
  EC_KEY* made = empty_key();
  EC_KEY_generate_key(made);
  char* scalar = BN_bn2hex(EC_KEY_get0_private_key(made));
  private_ = scalar;
  OPENSSL_free(scalar);
  BIGNUM* x = BN_new();
  BIGNUM* y = BN_new();
  EC_POINT_get_affine_coordinates(EC_KEY_get0_group(made), EC_KEY_get0_public_key(made), x, y, nullptr);
  key_ = {.id = "", .x = to_base64url(bytes_of(x)), .y = to_base64url(bytes_of(y))};
  const auto thumbprint = digest_of(R"({"crv":"P-256","kty":"EC","x":")" + key_.x + R"(","y":")" + key_.y + "\"}");
  key_.id = to_base64url({reinterpret_cast<const char*>(thumbprint.data()), thumbprint.size()});
  BN_free(x);
  BN_free(y);
  EC_KEY_free(made);
}

std::string TestSigner::sign_text(const std::string& input) const {
  EC_KEY* key = empty_key();
  BIGNUM* scalar = nullptr;
  BN_hex2bn(&scalar, private_.c_str());
  EC_KEY_set_private_key(key, scalar);
  const auto digest = digest_of(input);
  ECDSA_SIG* signature = ECDSA_do_sign(digest.data(), static_cast<int>(digest.size()), key);
  const std::string raw = bytes_of(ECDSA_SIG_get0_r(signature)) + bytes_of(ECDSA_SIG_get0_s(signature));
  ECDSA_SIG_free(signature);
  BN_free(scalar);
  EC_KEY_free(key);
  return input + "." + to_base64url(raw);
}

bool test_verify(std::string_view jws, const TestKey& public_key) {
  const std::size_t dot = jws.rfind('.');
  if (dot == std::string_view::npos) return false;
  const auto raw = from_base64url(jws.substr(dot + 1));
  const auto x = from_base64url(public_key.x);
  const auto y = from_base64url(public_key.y);
  if (!raw || raw->size() != 64 || !x || !y) return false;
  const auto number = [](const std::string& bytes, std::size_t from) {
    return BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()) + from, 32, nullptr);
  };
  EC_KEY* key = empty_key();
  BIGNUM* bx = number(*x, 0);
  BIGNUM* by = number(*y, 0);
  bool right = EC_KEY_set_public_key_affine_coordinates(key, bx, by) == 1;
  ECDSA_SIG* signature = ECDSA_SIG_new();
  ECDSA_SIG_set0(signature, number(*raw, 0), number(*raw, 32));
  const auto digest = digest_of(jws.substr(0, dot));
  right = right && ECDSA_do_verify(digest.data(), static_cast<int>(digest.size()), signature, key) == 1;
  ECDSA_SIG_free(signature);
  BN_free(bx);
  BN_free(by);
  EC_KEY_free(key);
  return right;
}

}  // namespace titik::lapor
