#include "serve/compression.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace titik::serve {
namespace {

Response of(std::string type, std::string body, std::vector<std::pair<std::string, std::string>> headers = {}) {
  Response response;
  response.content_type = std::move(type);
  response.body = std::make_shared<const std::string>(std::move(body));
  response.headers = std::move(headers);
  return response;
}

const std::string kWords(3000, 'a');

std::string coding_of(std::string_view accept_encoding, Response response = of("application/json; charset=utf-8", kWords)) {
  return compressed(accept_encoding, std::move(response)).header("Content-Encoding");
}

TEST(Compression, IsInWhatTheClientTakes) {
  EXPECT_EQ(coding_of("gzip, deflate, br"), "br");
  EXPECT_EQ(coding_of("gzip, deflate, br;q=0"), "gzip");
  EXPECT_EQ(coding_of("gzip;q=0.001"), "gzip");
  EXPECT_EQ(coding_of("gzip;q=0.0, br; q=0"), "");
  EXPECT_EQ(coding_of("deflate, brotli, gzipped"), "");
  EXPECT_EQ(coding_of(""), "");
}

TEST(Compression, IsOfTextsThatShrink) {
  for (const char* type : {"application/json", "application/xml; charset=utf-8", "text/csv; charset=utf-8", "text/html", "text/xml; charset=utf-8"}) {
    EXPECT_EQ(coding_of("br", of(type, kWords)), "br") << type;
  }
  for (const char* type : {"image/jpeg", "application/octet-stream", "application/jsonp", ""}) {
    const Response response = compressed("br", of(type, kWords));
    EXPECT_EQ(response.text(), kWords) << type;
    EXPECT_TRUE(response.headers.empty()) << type;
  }
  EXPECT_EQ(coding_of("br", of("application/json", std::string(511, 'a'))), "");
  EXPECT_EQ(coding_of("br", of("application/json", std::string(512, 'a'))), "br");
  // Bytes without any order get larger: they stay as they are.
  std::string noise(600, '\0');
  std::uint32_t state = 1;
  for (char& c : noise) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  for (const char* coding : {"br", "gzip"}) {
    const Response response = compressed(coding, of("text/plain", noise));
    EXPECT_EQ(response.text(), noise);
    EXPECT_EQ(response.header("Content-Encoding"), "");
  }
  EXPECT_EQ(coding_of("br", Response{}), "");
}

TEST(Compression, LeavesWhatIsCompressedAlready) {
  const Response response = compressed("br, gzip", of("text/javascript", kWords, {{"Content-Encoding", "br"}, {"ETag", "\"1-br\""}}));
  EXPECT_EQ(response.text(), kWords);
  EXPECT_EQ(response.headers.size(), 2U);
  EXPECT_EQ(response.header("ETag"), "\"1-br\"");
}

TEST(Compression, TellsCachesWhatItDependsOn) {
  const auto varies = [](const Response& response) {
    return std::count(response.headers.begin(), response.headers.end(), std::pair<std::string, std::string>("Vary", "Accept-Encoding"));
  };
  EXPECT_EQ(varies(compressed("", of("text/csv", kWords))), 1);
  EXPECT_EQ(varies(compressed("br", of("text/csv", kWords, {{"Vary", "Accept-Language"}}))), 1);
  EXPECT_EQ(varies(compressed("gzip", of("text/css", kWords, {{"Vary", "Accept-Encoding"}}))), 1);
  EXPECT_EQ(varies(compressed("br", of("text/csv", "a;b"))), 0);
  EXPECT_EQ(varies(compressed("", of("text/csv", "a;b", {{"ETag", "\"1\""}}))), 1);
}

// So that what came compressed and the 304 that follows name the same thing.
TEST(Compression, TheETagIsWeakForWhoeverTakesACoding) {
  const auto etag = [](std::string_view accept_encoding, std::string body) {
    return compressed(accept_encoding, of("application/json", std::move(body), {{"ETag", "\"1\""}})).header("ETag");
  };
  EXPECT_EQ(etag("br", kWords), "W/\"1\"");
  EXPECT_EQ(etag("gzip", ""), "W/\"1\"");
  EXPECT_EQ(etag("identity", kWords), "\"1\"");
}

}  // namespace
}  // namespace titik::serve
