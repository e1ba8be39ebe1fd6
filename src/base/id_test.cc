#include "base/id.h"

#include <gtest/gtest.h>

namespace titik {
namespace {

TEST(UuidV7, CarriesTimeVersionAndVariant) {
  // The example of RFC 9562, appendix A.6: 2022-02-22T19:22:22.000Z.
  const std::array<std::uint8_t, 10> random = {0x0C, 0xC3, 0x18, 0xC4, 0xDC, 0x0C, 0x0C, 0x07, 0x39, 0x8F};
  EXPECT_EQ(make_uuid_v7(0x017F22E279B0, random), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
}

TEST(UuidV7, SortsByTime) {
  const std::array<std::uint8_t, 10> random{};
  EXPECT_LT(make_uuid_v7(1'000, random), make_uuid_v7(1'001, random));
}

TEST(Ids, AcceptOnlyTheirForm) {
  EXPECT_TRUE(is_uuid("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"));
  EXPECT_FALSE(is_uuid("017F22E2-79b0-7cc3-98c4-dc0c0c07398f"));
  EXPECT_FALSE(is_uuid("017f22e279b0-7cc3-98c4-dc0c0c07398f"));
  EXPECT_TRUE(is_lapor_id("1234567890"));
  EXPECT_FALSE(is_lapor_id("12345678901"));
  EXPECT_FALSE(is_lapor_id("12a"));
  EXPECT_FALSE(is_lapor_id(""));
  EXPECT_TRUE(is_sha256(std::string(64, 'a')));
  EXPECT_FALSE(is_sha256(std::string(63, 'a')));
  EXPECT_FALSE(is_sha256(std::string(64, 'g')));
}

}  // namespace
}  // namespace titik
