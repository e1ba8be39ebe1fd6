#include "serve/crypto.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "base/id.h"

namespace titik::serve {
namespace {

void fill_random(unsigned char* bytes, std::size_t count) {
  if (RAND_bytes(bytes, static_cast<int>(count)) == 1) return;
  std::fputs("titik-serve: no source of randomness\n", stderr);
  std::abort();
}

void demand(int openssl_result) {
  if (openssl_result == 1) return;
  std::fputs("titik-serve: SHA-256 is not available\n", stderr);
  std::abort();
}

}  // namespace

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  demand(EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr));
}
Sha256::~Sha256() = default;

void Sha256::update(std::string_view bytes) {
  demand(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()));
}

std::string Sha256::finish() {
  std::array<unsigned char, 32> digest{};
  unsigned int size = 0;
  demand(EVP_DigestFinal_ex(state_->context, digest.data(), &size));
  return to_hex(digest.data(), digest.size());
}

std::string sha256_hex(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.finish();
}

std::string random_hex(std::size_t count) {
  std::vector<unsigned char> bytes(count);
  fill_random(bytes.data(), bytes.size());
  return to_hex(bytes.data(), bytes.size());
}

std::string new_uuid(std::int64_t now_ms) {
  std::array<std::uint8_t, 10> random{};
  fill_random(random.data(), random.size());
  return make_uuid_v7(now_ms, random);
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace titik::serve
