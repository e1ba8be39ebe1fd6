#include "base/base64.h"

#include <gtest/gtest.h>

namespace titik {
namespace {

// RFC 4648, section 10.
constexpr std::pair<const char*, const char*> kVectors[] = {
    {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};

TEST(Base64, OfTheStandard) {
  for (const auto& [bytes, text] : kVectors) {
    EXPECT_EQ(to_base64(bytes), text);
    const std::string url = std::string(text).substr(0, std::string(text).find('='));
    EXPECT_EQ(to_base64url(bytes), url);
    EXPECT_EQ(from_base64url(url), bytes);
  }
}

TEST(Base64, OfEveryByteThereAndBack) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    bytes.push_back(static_cast<char>(i));
    const std::string text = to_base64url(bytes);
    EXPECT_EQ(text.find_first_of("+/="), std::string::npos);
    EXPECT_EQ(from_base64url(text), bytes);
  }
  EXPECT_EQ(to_base64("\xFB\xEF\xFF"), "++//");
  EXPECT_EQ(to_base64url("\xFB\xEF\xFF"), "--__");
}

TEST(Base64, RefusesWhatIsNone) {
  // Padding, other letters, a lone digit, and bits that stand for nothing: one value has one text.
  for (const char* text : {"Zg==", "Zm9v\n", "Zm 9v", "Zm+v", "Zm/v", "Z", "Zm9vY", "Zh", "Zm9", "Zm9v\xC3"}) {
    EXPECT_EQ(from_base64url(text), std::nullopt) << text;
  }
  EXPECT_EQ(from_base64url(std::string_view("Zm9v\0", 5)), std::nullopt);
}

}  // namespace
}  // namespace titik
