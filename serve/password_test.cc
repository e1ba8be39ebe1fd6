#include "serve/password.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace titik::serve {
namespace {

TEST(Password, IsKnownAgainAndNoOtherIs) {
  PasswordHasher hasher({.kibibytes = 64, .passes = 1});
  const std::string hash = hasher.hash("kuda baterai staples").value();
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$")) << hash;
  EXPECT_TRUE(hasher.verify("kuda baterai staples", hash).value());
  EXPECT_FALSE(hasher.verify("kuda baterai staple", hash).value());
  EXPECT_FALSE(hasher.verify("", hash).value());
  EXPECT_NE(hash, hasher.hash("kuda baterai staples").value());  // its own salt
  // Of a time when passwords cost something else.
  EXPECT_TRUE(PasswordHasher({.kibibytes = 128, .passes = 2}).verify("kuda baterai staples", hash).value());
  EXPECT_FALSE(hasher.verify("x", "no hash").ok());
}

TEST(Password, NobodysIsNeverRight) {
  PasswordHasher hasher({.kibibytes = 64, .passes = 1});
  EXPECT_FALSE(hasher.verify("", "").value());
  EXPECT_FALSE(hasher.verify("anything", "").value());
}

TEST(Password, NobodysTakesAsLongAsAWrongOne) {
  PasswordHasher hasher({.kibibytes = 16 * 1024, .passes = 2});
  const std::string hash = hasher.hash("kuda baterai staples").value();
  const auto time_of = [&](const std::string& known) {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 5; ++i) EXPECT_FALSE(hasher.verify("wrong", known).value());
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  EXPECT_GT(time_of(""), time_of(hash) / 4);  // without the work it would be a thousandth
}

TEST(Password, RulesForNewOnes) {
  EXPECT_TRUE(check_new_password("sepuluh ✓✓").ok());
  EXPECT_FALSE(check_new_password("sembilan9").ok());
  EXPECT_FALSE(check_new_password(std::string(201, 'x')).ok());
  EXPECT_FALSE(check_new_password("dua baris\nlebih").ok());
  EXPECT_FALSE(check_new_password(std::string("\xFFsepuluh huruf")).ok());
}

// Two are worked on, six wait, and the rest are told to come back: memory and threads are bounded.
TEST(Password, ManyAtOnceAreTurnedAway) {
  PasswordHasher hasher({.kibibytes = 32 * 1024, .passes = 3});
  std::atomic<int> turned_away = 0;
  std::atomic<int> looked_at = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 30; ++i) {
    threads.emplace_back([&] {
      const Result<bool> answer = hasher.verify("wrong", "");
      if (answer.ok()) ++looked_at;
      else if (answer.error().code == ErrorCode::kTooLarge) ++turned_away;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(looked_at + turned_away, 30);
  EXPECT_GE(looked_at, 8);
  EXPECT_GT(turned_away, 0);
}

}  // namespace
}  // namespace titik::serve
