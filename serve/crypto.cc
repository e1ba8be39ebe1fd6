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
  std::fputs("titik-serve: a digest is not available\n", stderr);
  std::abort();
}

}  // namespace

struct Digest::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

Digest::Digest(Algorithm algorithm) : state_(std::make_unique<State>()) {
  demand(EVP_DigestInit_ex(state_->context, algorithm == Algorithm::kSha1 ? EVP_sha1() : EVP_sha256(), nullptr));
}
Digest::~Digest() = default;

void Digest::update(std::string_view bytes) {
  demand(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()));
}

std::string Digest::finish_bytes() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  demand(EVP_DigestFinal_ex(state_->context, digest.data(), &size));
  return std::string(digest.begin(), digest.begin() + size);
}

std::string Digest::finish() {
  const std::string bytes = finish_bytes();
  return to_hex(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  if (text.find('=') < text.size() - padding) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (size != static_cast<int>(bytes.size())) return std::nullopt;
  bytes.resize(bytes.size() - padding);
  return bytes;
}

std::string sha256_hex(std::string_view bytes) {
  Digest hash;
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
