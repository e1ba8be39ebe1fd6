#include "serve/signing_key.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include "base/base64.h"
#include "serve/crypto.h"

namespace titik::serve {
namespace {

constexpr int kCoordinateBytes = 32;

template <auto free_function>
struct Freed {
  template <typename Object>
  void operator()(Object* object) const { free_function(object); }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;

void demand(bool done) {
  if (done) return;
  std::fputs("titik-serve: a receipt could not be signed\n", stderr);
  std::abort();
}

std::string fixed_bytes(const BIGNUM* number) {
  std::string bytes(kCoordinateBytes, '\0');
  demand(BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()), kCoordinateBytes) == kCoordinateBytes);
  return bytes;
}

std::string coordinate(const Key& key, const char* name) {
  BIGNUM* found = nullptr;
  demand(EVP_PKEY_get_bn_param(key.get(), name, &found) == 1);
  const Number number(found);
  return to_base64url(fixed_bytes(number.get()));
}

}  // namespace

SigningKey new_signing_key() {
  const Key key(EVP_EC_gen("P-256"));
  demand(key != nullptr);
  SigningKey made;
  PublicKey& open = made.public_key;
  open.x = coordinate(key, OSSL_PKEY_PARAM_EC_PUB_X);
  open.y = coordinate(key, OSSL_PKEY_PARAM_EC_PUB_Y);
  // RFC 7638: the required members alone, in the order of their names, without spaces.
  Digest thumbprint;
  thumbprint.update(R"({"crv":"P-256","kty":"EC","x":")" + open.x + R"(","y":")" + open.y + "\"}");
  open.id = to_base64url(thumbprint.finish_bytes());

  const Bio out(BIO_new(BIO_s_mem()));
  demand(PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  made.private_pem.assign(text, static_cast<std::size_t>(size));
  return made;
}

std::string sign_es256(const std::string& private_pem, std::string_view text) {
  const Bio in(BIO_new_mem_buf(private_pem.data(), static_cast<int>(private_pem.size())));
  const Key key(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
  demand(key != nullptr);
  const DigestContext context(EVP_MD_CTX_new());
  demand(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1);
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = 0;
  demand(EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) == 1);
  std::vector<unsigned char> der(size);
  demand(EVP_DigestSign(context.get(), der.data(), &size, bytes, text.size()) == 1);
  // OpenSSL speaks DER, JWS the two numbers side by side.
  const unsigned char* at = der.data();
  const Signature signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)));
  demand(signature != nullptr);
  return to_base64url(fixed_bytes(ECDSA_SIG_get0_r(signature.get())) + fixed_bytes(ECDSA_SIG_get0_s(signature.get())));
}

}  // namespace titik::serve
