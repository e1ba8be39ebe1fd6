#include "photo/exif.h"

#include <gtest/gtest.h>

#include "photo/test_photos.h"

namespace titik::photo {
namespace {

using testing::Buffer;
using testing::ExifWriter;

class ExifInBothOrders : public ::testing::TestWithParam<ByteOrder> {
 protected:
  ExifWriter writer_{GetParam()};
  Buffer jambi() const {
    return writer_.tiff({writer_.short_number(0x0112, 6)},
                        {writer_.ascii(0x9003, "2026:11:21 14:05:09"), writer_.ascii(0x9011, "+07:00")},
                        {writer_.ascii(1, "S"), writer_.rationals(2, {1, 1, 36, 1, 3660, 100}),
                         writer_.ascii(3, "E"), writer_.rationals(4, {103, 1, 37, 1, 0, 1}),
                         writer_.rationals(0x1F, {125, 10})});
  }
};
INSTANTIATE_TEST_SUITE_P(Order, ExifInBothOrders, ::testing::Values(ByteOrder::kBig, ByteOrder::kLittle));

TEST_P(ExifInBothOrders, ReadsEveryField) {
  const ExifFacts facts = read_exif(jambi());
  EXPECT_EQ(facts.orientation, 6);
  EXPECT_EQ(facts.taken_local, "2026-11-21T14:05:09");
  EXPECT_EQ(facts.taken_zone, 7 * 60);
  EXPECT_NEAR(facts.latitude.value(), -(1 + 36 / 60.0 + 36.6 / 3600), 1e-9);
  EXPECT_NEAR(facts.longitude.value(), 103 + 37 / 60.0, 1e-9);
  EXPECT_DOUBLE_EQ(facts.position_error_m.value(), 12.5);
}

TEST_P(ExifInBothOrders, EveryPrefixAndEveryChangedByteIsSafe) {
  const Buffer whole = jambi();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    // A copy of exactly this size, so that AddressSanitizer sees one byte too far.
    const Buffer cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    (void)read_exif(cut);
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const int value : {0x00, 0x01, 0x7F, 0x80, 0xFF}) {
      Buffer changed = whole;
      changed[at] = static_cast<std::uint8_t>(value);
      const ExifFacts facts = read_exif(changed);
      EXPECT_GE(facts.orientation, 1);
      EXPECT_LE(facts.orientation, 8);
      EXPECT_EQ(facts.latitude.has_value(), facts.longitude.has_value());
    }
  }
}

TEST_P(ExifInBothOrders, DirectoriesThatPointAtThemselvesEnd) {
  Buffer tiff = writer_.tiff({}, {}, {});
  // Both links of IFD0 (entries at 10 and 22, values at 18 and 30) point back to IFD0 at 8.
  for (const std::size_t at : {18u, 30u}) {
    for (std::size_t i = 0; i < 4; ++i) tiff[at + i] = 0;
    tiff[at + (GetParam() == ByteOrder::kBig ? 3 : 0)] = 8;
  }
  EXPECT_EQ(read_exif(tiff).orientation, 1);
}

TEST_P(ExifInBothOrders, HugeCountsAndOffsetsAreLeftOut) {
  auto date = writer_.ascii(0x9003, "2026:11:21 14:05:09");
  date.count = 0xFFFFFFFF;  // Reads up to the end that is there.
  auto latitude = writer_.rationals(2, {1, 1, 36, 1, 0, 1});
  latitude.count = 0xFFFFFFFF;
  const ExifFacts facts = read_exif(writer_.tiff({}, {date}, {writer_.ascii(1, "S"), latitude}));
  EXPECT_EQ(facts.taken_local, "2026-11-21T14:05:09");
  EXPECT_FALSE(facts.latitude.has_value());
}

TEST_P(ExifInBothOrders, SenselessValuesAreLeftOut) {
  const auto position = [&](const std::vector<std::uint32_t>& latitude, const std::string& reference) {
    return read_exif(writer_.tiff({}, {},
                                  {writer_.ascii(1, reference), writer_.rationals(2, latitude),
                                   writer_.ascii(3, "E"), writer_.rationals(4, {0, 1, 0, 1, 0, 1})}))
        .latitude;
  };
  EXPECT_TRUE(position({1, 1, 2, 1, 3, 1}, "N").has_value());
  EXPECT_FALSE(position({1, 1, 2, 1, 3, 1}, "").has_value());    // which half of the earth?
  EXPECT_FALSE(position({1, 1, 2, 1, 3, 1}, "E").has_value());
  EXPECT_FALSE(position({0, 0, 0, 0, 0, 0}, "N").has_value());   // 0/0: unknown
  EXPECT_FALSE(position({0, 1, 0, 1, 0, 1}, "N").has_value());   // 0, 0: no fix
  EXPECT_FALSE(position({91, 1, 0, 1, 0, 1}, "N").has_value());
  EXPECT_FALSE(position({1, 1, 61, 1, 0, 1}, "N").has_value());
  EXPECT_FALSE(position({1, 1, 2, 1}, "N").has_value());

  const auto taken = [&](const std::string& text, const std::string& zone = "+07:00") {
    return read_exif(writer_.tiff({}, {writer_.ascii(0x9003, text), writer_.ascii(0x9011, zone)}, {}));
  };
  EXPECT_FALSE(taken("0000:00:00 00:00:00").taken_local.has_value());
  EXPECT_FALSE(taken("    :  :     :  :  ").taken_local.has_value());
  EXPECT_FALSE(taken("2026:02:30 10:00:00").taken_local.has_value());
  EXPECT_FALSE(taken("2026:02:20 24:00:00").taken_local.has_value());
  EXPECT_EQ(taken("2026:02:20 23:59:59").taken_local, "2026-02-20T23:59:59");
  EXPECT_EQ(taken("2026:02:20 23:59:59", "-03:30").taken_zone, -210);
  EXPECT_FALSE(taken("2026:02:20 23:59:59", "   :  ").taken_zone.has_value());

  EXPECT_EQ(read_exif(writer_.tiff({writer_.short_number(0x0112, 0)}, {}, {})).orientation, 1);
  EXPECT_EQ(read_exif(writer_.tiff({writer_.short_number(0x0112, 9)}, {}, {})).orientation, 1);
}

}  // namespace
}  // namespace titik::photo
