#include "serve/static_files.h"

#include <gtest/gtest.h>

#include "serve/test_world.h"

namespace titik::serve {
namespace {

struct StaticFilesTest : ::testing::Test {
  StaticFilesTest() {
    std::filesystem::create_directories(folder.path + "/client/.git");
    put("client/index.html", "<html>");
    put("client/engine.1a2b3c4d.wasm", "raw");
    put("client/engine.1a2b3c4d.wasm.br", "small");
    put("client/manifest.webmanifest", "{}");
    put("client/font-0123456789abcdef.ttf", "f");
    put("client/.env", "secret");
    put("client/.git/config", "secret");
    put("outside.txt", "secret");
    files = StaticFiles::load(folder.path + "/client").value();
  }
  void put(const std::string& name, const std::string& text) { std::ofstream(folder.path + "/" + name) << text; }
  Response get(const std::string& target, std::map<std::string, std::string, HeaderLess> headers = {}) {
    return files.answer({"GET", target, std::move(headers), 0, {}});
  }
  TemporaryFolder folder;
  StaticFiles files;
};

TEST_F(StaticFilesTest, ServesWhatWasBuilt) {
  EXPECT_EQ(get("/").text(), "<html>");
  EXPECT_EQ(get("/?v=1").text(), "<html>");
  EXPECT_EQ(get("/index.html").header("Cache-Control"), "no-cache");
  EXPECT_EQ(get("/manifest.webmanifest").content_type, "application/manifest+json; charset=utf-8");
  EXPECT_EQ(get("/font-0123456789abcdef.ttf").content_type, "font/ttf");
  const Response wasm = get("/engine.1a2b3c4d.wasm");
  EXPECT_EQ(wasm.content_type, "application/wasm");
  EXPECT_EQ(wasm.header("Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(wasm.text(), "raw");
  EXPECT_EQ(wasm.header("Content-Encoding"), "");
  EXPECT_EQ(wasm.header("Vary"), "Accept-Encoding");
}

TEST_F(StaticFilesTest, ServesBrotliToThoseWhoTakeIt) {
  const auto encoded = [&](const char* accept) {
    return get("/engine.1a2b3c4d.wasm", {{"Accept-Encoding", accept}}).header("Content-Encoding");
  };
  EXPECT_EQ(get("/engine.1a2b3c4d.wasm", {{"accept-encoding", "gzip, br"}}).text(), "small");
  EXPECT_EQ(encoded("gzip, deflate, br;q=0.5"), "br");
  EXPECT_EQ(encoded("gzip, br;q=0"), "");
  EXPECT_EQ(encoded("brotli"), "");
  EXPECT_EQ(get("/index.html", {{"Accept-Encoding", "br"}}).header("Content-Encoding"), "");
}

TEST_F(StaticFilesTest, SaysWhenNothingChanged) {
  const std::string etag = get("/").header("ETag");
  EXPECT_EQ(get("/", {{"If-None-Match", etag}}).status, 304);
  EXPECT_EQ(get("/", {{"If-None-Match", "\"x\", W/" + etag}}).text(), "");
  EXPECT_EQ(get("/", {{"If-None-Match", "\"x\""}}).status, 200);
  const std::string plain = get("/engine.1a2b3c4d.wasm").header("ETag");
  EXPECT_EQ(get("/engine.1a2b3c4d.wasm", {{"Accept-Encoding", "br"}, {"If-None-Match", plain}}).status, 200);
}

TEST_F(StaticFilesTest, NothingElseCanBeReached) {
  for (const char* path :
       {"/.env", "/.git/config", "/../outside.txt", "/%2e%2e/outside.txt", "/..%2foutside.txt", "//etc/passwd", "/%00",
        "/index.html%00", "/%", "/%zz", "etc", "", "/engine.1a2b3c4d.wasm.br", "/nothing", "/client/index.html"}) {
    const Response response = get(path);
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_EQ(response.text().find("secret"), std::string_view::npos) << path;
  }
}

TEST(StaticFiles, KnowsAContentHash) {
  EXPECT_TRUE(has_content_hash("engine.1a2b3c4d.wasm"));
  EXPECT_TRUE(has_content_hash("a-0123456789.js"));
  EXPECT_FALSE(has_content_hash("engine.1a2b3c4.wasm"));
  EXPECT_FALSE(has_content_hash("engine.wasm"));
  EXPECT_FALSE(has_content_hash("1a2b3c4d.wasm"));
  EXPECT_FALSE(has_content_hash("sw.1a2b3c4g.js"));
}

}  // namespace
}  // namespace titik::serve
