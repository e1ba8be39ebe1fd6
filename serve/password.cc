#include "serve/password.h"

#include <argon2.h>

#include <array>

#include "base/utf8.h"
#include "serve/crypto.h"

namespace titik::serve {
namespace {

constexpr std::uint32_t kLanes = 1;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;

}  // namespace

Result<Ok> check_new_password(std::string_view password) {
  const auto refused = [](std::string_view message) {
    return Error{ErrorCode::kInvalidArgument, "password", std::string(message)};
  };
  if (password.size() > kMaxPassword) return refused("Kata sandi terlalu panjang: paling banyak 200 huruf.");
  if (clean_text(password, Lines::kOne) != password) return refused("Kata sandi berisi tanda yang tidak dapat diketik.");
  if (count_code_points(password) < kMinPassword) return refused("Kata sandi terlalu pendek: paling sedikit 10 huruf.");
  return Ok{};
}

// One of the few that may work at once.
class PasswordHasher::Place {
 public:
  explicit Place(PasswordHasher& hasher) : hasher_(hasher) {
    std::unique_lock lock(hasher_.mutex_);
    if (hasher_.waiting_ >= kMostWaiting) return;
    ++hasher_.waiting_;
    hasher_.free_.wait(lock, [this] { return hasher_.working_ < kAtOnce; });
    --hasher_.waiting_;
    ++hasher_.working_;
    taken_ = true;
  }
  ~Place() {
    if (!taken_) return;
    const std::lock_guard lock(hasher_.mutex_);
    --hasher_.working_;
    hasher_.free_.notify_one();
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  [[nodiscard]] bool taken() const { return taken_; }

 private:
  PasswordHasher& hasher_;
  bool taken_ = false;
};

PasswordHasher::PasswordHasher(Cost cost) : cost_(cost) {
  Result<std::string> made = make(random_hex(kSaltBytes));
  if (made.ok()) nobody_ = *std::move(made);
}

Result<std::string> PasswordHasher::make(std::string_view password) const {
  const std::string salt = random_hex(kSaltBytes);
  std::array<char, 256> encoded{};
  const int done = argon2id_hash_encoded(cost_.passes, cost_.kibibytes, kLanes, password.data(), password.size(),
                                         salt.data(), salt.size(), kHashBytes, encoded.data(), encoded.size());
  if (done != ARGON2_OK) return Error{ErrorCode::kInternal, "password", argon2_error_message(done)};
  return std::string(encoded.data());
}

Result<std::string> PasswordHasher::hash(std::string_view password) {
  const Place place(*this);
  if (!place.taken()) return Error{ErrorCode::kTooLarge, "password", "too many at once"};
  return make(password);
}

Result<bool> PasswordHasher::verify(std::string_view password, std::string_view hash) {
  const Place place(*this);
  if (!place.taken()) return Error{ErrorCode::kTooLarge, "password", "too many at once"};
  const std::string known(hash.empty() ? std::string_view(nobody_) : hash);
  const int answer = argon2id_verify(known.c_str(), password.data(), password.size());
  if (answer == ARGON2_OK) return !hash.empty();
  if (answer == ARGON2_VERIFY_MISMATCH) return false;
  return Error{ErrorCode::kInternal, "password", argon2_error_message(answer)};
}

}  // namespace titik::serve
