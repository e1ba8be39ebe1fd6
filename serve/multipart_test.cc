#include "serve/multipart.h"

#include <gtest/gtest.h>

#include <vector>

namespace titik::serve {
namespace {

struct Collected : PartReceiver {
  std::vector<std::string> parts;  // "name|file|bytes"
  Result<Ok> begin(const PartHead& head) override {
    parts.push_back(head.name + "|" + (head.is_file ? head.file_name : "-") + "|");
    return Ok{};
  }
  Result<Ok> data(std::string_view bytes) override {
    parts.back() += bytes;
    return Ok{};
  }
  Result<Ok> end() override {
    parts.back() += "$";
    return Ok{};
  }
};

// "ok" or the error's code name, having fed `body` in pieces of `size` bytes.
std::string read(std::string_view body, Collected& out, std::size_t size) {
  MultipartReader reader("B", out);
  for (std::size_t at = 0; at < body.size(); at += size) {
    const auto fed = reader.feed(body.substr(at, size));
    if (!fed.ok()) return std::string(error_code_name(fed.error().code));
  }
  const auto done = reader.finish();
  return done.ok() ? "ok" : std::string(error_code_name(done.error().code));
}

std::string result_of(std::string_view body) {
  Collected out;
  return read(body, out, 4096);
}

TEST(Multipart, ReadsTheSameHoweverItIsCut) {
  const std::string body =
      "preamble\r\n--B \t\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n--Bx\r\n--\r\r\n"
      "--B\r\ncontent-type: image/jpeg\r\nCONTENT-DISPOSITION: form-data; name=f; filename=\"C:\\\\x\\\\y;z.jpg\"\r\n\r\n\r\n"
      "--B\r\nContent-Disposition: form-data; filename=\"\"; name=\"e\"\r\n\r\n\r\n\r\n--B--\r\nepilogue --B";
  // A line that only begins like the boundary belongs to the part.
  const std::string strict = "\r\n--Bx";
  for (std::size_t size = 1; size < body.size(); ++size) {
    Collected out;
    const std::string result = read(body, out, size);
    EXPECT_EQ(result, "malformed") << size;  // "--Bx": text after a boundary
    ASSERT_EQ(out.parts.size(), 1u);
    EXPECT_EQ(out.parts[0], "a|-|one$");
  }
  std::string good = body;
  good.replace(good.find(strict), strict.size(), "\r\n-Bx");
  for (std::size_t size = 1; size < good.size(); ++size) {
    Collected out;
    ASSERT_EQ(read(good, out, size), "ok") << size;
    EXPECT_EQ(out.parts, (std::vector<std::string>{"a|-|one\r\n-Bx\r\n--\r$", "f|y;z.jpg|$", "e||\r\n$"})) << size;
  }
}

TEST(Multipart, RefusesWhatIsBroken) {
  EXPECT_EQ(result_of(""), "malformed");
  EXPECT_EQ(result_of("--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nabc"), "malformed");
  EXPECT_EQ(result_of("--B\r\nContent-Disposition: form-data\r\n\r\n\r\n--B--"), "malformed");
  EXPECT_EQ(result_of("--B\r\nContent-Disposition: form-data; name=\"a\r\n\r\n\r\n--B--"), "malformed");
  EXPECT_EQ(result_of("--B\r\nContent-Type: x\r\n\r\n\r\n--B--"), "malformed");
  EXPECT_EQ(result_of("--B\r\nnonsense\r\n\r\n\r\n--B--"), "malformed");
  EXPECT_EQ(result_of("--B--"), "ok");
}

TEST(Multipart, BoundsHeadersAndParts) {
  const auto part = [](std::size_t padding) {
    return "--B\r\nContent-Disposition: form-data; name=\"a\"\r\nX: " + std::string(padding, 'x') + "\r\n\r\nv\r\n";
  };
  EXPECT_EQ(result_of(part(3000) + "--B--"), "ok");
  EXPECT_EQ(result_of(part(MultipartReader::kMaxHead) + "--B--"), "too_large");
  EXPECT_EQ(result_of("--B\r\n" + std::string(100'000, 'x')), "too_large");
  std::string many;
  for (int i = 0; i < MultipartReader::kMaxParts; ++i) many += part(1);
  EXPECT_EQ(result_of(many + "--B--"), "ok");
  EXPECT_EQ(result_of(many + part(1) + "--B--"), "too_large");
}

TEST(Multipart, FindsTheBoundary) {
  EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=abc"), "abc");
  EXPECT_EQ(multipart_boundary("Multipart/Form-Data; charset=x; BOUNDARY=\"a b\""), "a b");
  EXPECT_EQ(multipart_boundary("multipart/form-data"), "");
  EXPECT_EQ(multipart_boundary("multipart/form-data; boundary="), "");
  EXPECT_EQ(multipart_boundary("application/json; boundary=abc"), "");
  EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=" + std::string(71, 'x')), "");
}

}  // namespace
}  // namespace titik::serve
