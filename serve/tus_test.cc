// Resumable uploads (api_uploads.cc), through the routes.
#include <openssl/evp.h>

#include "serve/test_world.h"

namespace titik::serve {
namespace {

// 30 kB that begin like a JPEG.
std::string photo(char fill = 'p') { return kJpeg + std::string(30'000, fill); }

std::string base64(const std::string& text) {
  std::string encoded((text.size() + 2) / 3 * 4 + 1, '\0');
  encoded.resize(static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                                                           reinterpret_cast<const unsigned char*>(text.data()),
                                                           static_cast<int>(text.size()))));
  return encoded;
}

class TusTest : public World {
 protected:
  Headers who = phone();

  Headers tus(Headers more = {}) {
    Headers headers = who;
    headers["Tus-Resumable"] = "1.0.0";
    headers.insert(more.begin(), more.end());
    return headers;
  }
  Headers chunk(std::int64_t offset, Headers more = {}) {
    more["Content-Type"] = "application/offset+octet-stream";
    more["Upload-Offset"] = std::to_string(offset);
    return tus(std::move(more));
  }
  std::string begin(std::size_t length, Headers more = {}) {
    more["Upload-Length"] = std::to_string(length);
    const Response response = call("POST", "/titik/1/uploads", tus(std::move(more)));
    EXPECT_EQ(response.status, 201) << response.text();
    EXPECT_EQ(response.header("Upload-Offset"), "0");
    return response.header("Location");
  }
  std::string offset(const std::string& at) { return call("HEAD", at, tus()).header("Upload-Offset"); }
  static std::string id_of(const std::string& location) { return location.substr(location.rfind('/') + 1); }

  // A connection that breaks after `count` bytes of the body.
  Response cut(const std::string& at, std::int64_t from, const std::string& body, std::size_t count, Headers more = {}) {
    Request request{"PATCH", at, chunk(from, std::move(more)), static_cast<std::int64_t>(body.size()), {}};
    request.read_body = [&](const BodySink& sink) {
      (void)sink(std::string_view(body).substr(0, count));
      return false;
    };
    return handle(app, request);
  }
};

TEST_F(TusTest, SaysWhatItCan) {
  const Response response = call("OPTIONS", "/titik/1/uploads", {});
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.header("Tus-Version"), "1.0.0");
  EXPECT_EQ(response.header("Tus-Extension"), "creation,creation-with-upload,checksum,termination,expiration,titik-report,titik-thumbnail");
  EXPECT_EQ(response.header("Tus-Max-Size"), "10485760");
}

TEST_F(TusTest, AFileInPiecesBecomesAnAttachment) {
  const std::string whole = photo();
  const std::string at = begin(whole.size(), {{"Upload-Metadata", "filename bHViYW5nLmpwZw=="}});
  EXPECT_EQ(call("PATCH", at, chunk(0), whole.substr(0, 10'000)).status, 204);
  EXPECT_EQ(offset(at), "10000");
  const Response last = call("PATCH", at, chunk(10'000), whole.substr(10'000));
  EXPECT_EQ(last.status, 204);
  EXPECT_EQ(last.header("Upload-Offset"), std::to_string(whole.size()));

  const Response head = call("HEAD", at, tus());
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("Upload-Length"), std::to_string(whole.size()));
  EXPECT_EQ(head.header("Upload-Metadata"), "filename bHViYW5nLmpwZw==");
  EXPECT_EQ(head.header("Cache-Control"), "no-store");

  const Response created = create(who, report_json("Lubang", "[" + id_of(at) + "]"), "01939d2e-7b5c-7abc-8def-0123456789ab");
  ASSERT_EQ(created.status, 201) << created.text();
  EXPECT_NE(created.text().find(sha256_hex(whole)), std::string::npos) << created.text();
  EXPECT_EQ(files.read(sha256_hex(whole)).value(), whole);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path + "/partial"));
}

TEST_F(TusTest, TheFirstBytesMayComeWithTheCreation) {
  const std::string whole = photo();
  Headers headers = tus({{"Upload-Length", std::to_string(whole.size())}, {"Content-Type", "application/offset+octet-stream"}});
  const Response response = call("POST", "/titik/1/uploads", headers, whole.substr(0, 12'345));
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.header("Upload-Offset"), "12345");
  EXPECT_NE(response.header("Upload-Expires"), "");
  EXPECT_EQ(call("PATCH", response.header("Location"), chunk(12'345), whole.substr(12'345)).status, 204);
  EXPECT_TRUE(files.read(sha256_hex(whole)).ok());
}

TEST_F(TusTest, WhatCameBeforeTheConnectionBrokeIsThere) {
  const std::string whole = photo();
  const std::string at = begin(whole.size());
  std::size_t arrived = 0;
  int cuts = 0;
  for (; arrived + 1500 < whole.size(); ++cuts) {
    (void)cut(at, static_cast<std::int64_t>(arrived), whole.substr(arrived), 1499);
    arrived += 1499;
    EXPECT_EQ(offset(at), std::to_string(arrived));
  }
  EXPECT_GE(cuts, 20);
  EXPECT_EQ(call("PATCH", at, chunk(static_cast<std::int64_t>(arrived)), whole.substr(arrived)).status, 204);
  EXPECT_TRUE(files.read(sha256_hex(whole)).ok());
}

TEST_F(TusTest, AWrongOffsetIsToldTheRightOne) {
  const std::string at = begin(100);
  EXPECT_EQ(call("PATCH", at, chunk(0), "0123456789").status, 204);
  for (const std::int64_t wrong : {0, 9, 11, 100}) {
    const Response response = call("PATCH", at, chunk(wrong), "x");
    EXPECT_EQ(response.status, 409) << wrong;
    EXPECT_EQ(response.header("Upload-Offset"), "10") << wrong;
  }
  EXPECT_EQ(offset(at), "10");
}

TEST_F(TusTest, MoreThanWasToldIsNotTaken) {
  const std::string at = begin(5);
  EXPECT_EQ(call("PATCH", at, chunk(0), "123456").status, 413);
  EXPECT_EQ(offset(at), "0");
  // The same with a length that lies.
  Request request{"PATCH", at, chunk(0), std::nullopt, {}};
  request.read_body = [](const BodySink& sink) { return sink("123") && sink("456"); };
  EXPECT_EQ(handle(app, request).status, 413);
  EXPECT_EQ(offset(at), "3");
}

TEST_F(TusTest, AChunkThatWasDamagedOnTheWayIsAskedForAgain) {
  // printf 'hello' | openssl dgst -sha1 -binary | base64
  for (const std::string checksum : {"sha1 qvTGHdzF6KLavt4PO0gs2a6pQ00=", "sha256 LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="}) {
    const std::string at = begin(100);
    EXPECT_EQ(call("PATCH", at, chunk(0, {{"Upload-Checksum", checksum}}), "hellO").status, 460);
    EXPECT_EQ(offset(at), "0");
    EXPECT_EQ(call("PATCH", at, chunk(0, {{"Upload-Checksum", checksum}}), "hello").status, 204);
    EXPECT_EQ(offset(at), "5");
    // Nor does part of a chunk count that can no longer be checked.
    (void)cut(at, 5, "hello", 3, {{"Upload-Checksum", checksum}});
    EXPECT_EQ(offset(at), "5");
  }
  for (const std::string bad : {"md5 AAAA", "sha1", "sha1 !", "sha256 qvTGHdzF6KLavt4PO0gs2a6pQ00"}) {
    const std::string other = begin(10);
    EXPECT_EQ(call("PATCH", other, chunk(0, {{"Upload-Checksum", bad}}), "hello").status, 400) << bad;
  }
}

TEST_F(TusTest, OtherBytesThanWereToldAreBegunAnew) {
  const std::string whole = photo();
  const std::string hash = sha256_hex(photo('q'));
  const std::string at = begin(whole.size(), {{"Upload-Metadata", "sha256 " + base64(hash)}});
  EXPECT_EQ(call("PATCH", at, chunk(0), whole).status, 460);
  EXPECT_EQ(offset(at), "0");
  EXPECT_EQ(call("PATCH", at, chunk(0), photo('q')).status, 204);
  EXPECT_TRUE(files.read(hash).ok());
}

TEST_F(TusTest, WhatIsNoPhotoIsNotKept) {
  const std::string at = begin(5);
  EXPECT_EQ(call("PATCH", at, chunk(0), "<html").status, 415);
  EXPECT_EQ(call("HEAD", at, tus()).status, 404);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path + "/partial"));
}

TEST_F(TusTest, ItsOwnerEndsIt) {
  const std::string at = begin(100);
  (void)call("PATCH", at, chunk(0), "12345");
  const Headers owner = who;
  who = phone();
  for (const char* method : {"HEAD", "PATCH", "DELETE"}) EXPECT_EQ(call(method, at, chunk(5), "x").status, 404) << method;
  who = owner;
  EXPECT_EQ(call("DELETE", at, tus()).status, 204);
  EXPECT_EQ(call("HEAD", at, tus()).status, 404);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path + "/partial"));
}

TEST_F(TusTest, WhatIsNotContinuedExpires) {
  const std::string at = begin(100);
  (void)call("PATCH", at, chunk(0), "12345");
  now = kToday + 7 * kDay + 1;
  EXPECT_EQ(call("HEAD", at, tus()).status, 404);
  const std::string next = begin(10);  // sweeps
  EXPECT_FALSE(std::filesystem::exists(folder.path + "/partial/" + id_of(at)));
  EXPECT_EQ(offset(next), "0");
}

TEST_F(TusTest, KilledBetweenTheLastByteAndItsAnswerTheFileIsThereAllTheSame) {
  const std::string whole = photo();
  const std::string at = begin(whole.size());
  std::ofstream(folder.path + "/partial/" + id_of(at), std::ios::binary) << whole;  // as the killed program left it
  EXPECT_EQ(offset(at), std::to_string(whole.size()));
  EXPECT_EQ(create(who, report_json("Lubang", "[" + id_of(at) + "]")).status, 201);
}

TEST_F(TusTest, TheNewestRequestHasTheTurn) {
  const std::string whole = photo();
  const std::string at = begin(whole.size());
  Request old{"PATCH", at, chunk(0), static_cast<std::int64_t>(whole.size()), {}};
  std::string told;
  old.read_body = [&](const BodySink& sink) {
    EXPECT_TRUE(sink(std::string_view(whole).substr(0, 1000)));
    told = offset(at);  // the phone has come back by another connection
    EXPECT_EQ(call("PATCH", at, chunk(1000), whole.substr(1000, 500)).status, 204);
    EXPECT_FALSE(sink(std::string_view(whole).substr(1000, 1000))) << "the old one is at its end";
    return false;
  };
  EXPECT_EQ(handle(app, old).status, 409);
  EXPECT_EQ(told, "1000");
  EXPECT_EQ(offset(at), "1500");
}

TEST_F(TusTest, RefusesWhatItCannotRead) {
  const auto status = [&](Headers more) { return call("POST", "/titik/1/uploads", tus(std::move(more))).status; };
  EXPECT_EQ(status({}), 400);
  for (const char* length : {"", "-1", "1x", "99999999999999999999"}) EXPECT_EQ(status({{"Upload-Length", length}}), 400) << length;
  EXPECT_EQ(status({{"Upload-Length", "0"}}), 422);
  EXPECT_EQ(status({{"Upload-Length", "10485761"}}), 413);
  for (const char* metadata : {"filename !", ",", "sha256 YWJj"}) {
    EXPECT_EQ(status({{"Upload-Length", "10"}, {"Upload-Metadata", metadata}}), 400) << metadata;
  }
  Headers without = who;
  without["Upload-Length"] = "10";
  const Response old = call("POST", "/titik/1/uploads", without);
  EXPECT_EQ(old.status, 412);
  EXPECT_EQ(old.header("Tus-Version"), "1.0.0");
  EXPECT_EQ(call("HEAD", "/titik/1/uploads/abc", tus()).status, 404);
  EXPECT_EQ(call("PATCH", begin(10), tus({{"Upload-Offset", "0"}}), "x").status, 415);
  // By POST, where a network lets nothing else through.
  const std::string at = begin(10);
  EXPECT_EQ(call("POST", at, chunk(0, {{"X-HTTP-Method-Override", "PATCH"}}), "12345").status, 204);
  EXPECT_EQ(offset(at), "5");
}

TEST_F(TusTest, APhoneDoesNotBeginUploadsWithoutEnd) {
  for (int i = 0; i < 200; ++i) (void)begin(10);
  EXPECT_EQ(call("POST", "/titik/1/uploads", tus({{"Upload-Length", "10"}})).status, 429);
}

// --- Words first ----------------------------------------------------------------------------------

constexpr const char* kKey = "01939d2e-7b5c-7abc-8def-0123456789ab";

class WordsFirst : public TusTest {
 protected:
  // The create of a report with these photos, which are still to come.
  static std::string words(const std::vector<std::string>& photos, const std::string& title = "Lubang",
                           const std::string& attachments = "[]") {
    std::string list;
    for (const std::string& one : photos) {
      list += (list.empty() ? "" : ",") + (R"({"sha256":")" + sha256_hex(one) + R"(","bytes":)" + std::to_string(one.size()) + "}");
    }
    return report_json(title, attachments,
                       R"(,"titik":{"report_id":")" + std::string(kKey) + R"(","photos_follow":true,"photos":[)" + list + "]}");
  }
  lapor::Receipt send_words(const std::vector<std::string>& photos, int status = 201) {
    const Response response = create(who, words(photos), kKey);
    EXPECT_EQ(response.status, status) << response.text();
    return lapor::read_created(response.text()).value();
  }
  lapor::Receipt receipt() {
    return lapor::read_created(call("GET", "/titik/1/reports/" + std::string(kKey), who).text()).value();
  }
  Response begin_for(const std::string& bytes, const std::string& report = kKey) {
    return call("POST", "/titik/1/uploads",
                tus({{"Upload-Length", std::to_string(bytes.size())},
                     {"Upload-Metadata", "filename Zm90by5qcGc=,sha256 " + base64(sha256_hex(bytes)) + ",report " + base64(report)}}));
  }
  // All of it, by one PATCH. Answers its id.
  std::string send_photo(const std::string& bytes, const std::string& report = kKey) {
    const std::string at = begin_for(bytes, report).header("Location");
    const Response response = call("PATCH", at, chunk(0), bytes);
    EXPECT_EQ(response.status, 204) << response.text();
    return id_of(at);
  }
  static std::vector<std::string> hashes(const std::vector<std::string>& photos) {
    std::vector<std::string> list;
    for (const std::string& one : photos) list.push_back(sha256_hex(one));
    return list;
  }
  const std::string a = photo('a'), b = photo('b');
};

TEST_F(WordsFirst, AreReceivedAtOnceAndPhotosTakeTheirPlaceWhenTheyCome) {
  const lapor::Receipt first = send_words({a, b});
  EXPECT_NE(first.tracking_id, "");
  EXPECT_EQ(first.photo_sha256, hashes({}));
  EXPECT_EQ(first.pending_sha256, hashes({a, b}));
  EXPECT_EQ(detail(agency(), first.tracking_id).photos_pending, 2);

  send_photo(b);  // in whatever order
  EXPECT_EQ(receipt().photo_sha256, hashes({b}));
  EXPECT_EQ(receipt().pending_sha256, hashes({a}));
  send_photo(a);
  EXPECT_EQ(receipt().photo_sha256, hashes({a, b}));
  EXPECT_EQ(receipt().pending_sha256, hashes({}));
  EXPECT_EQ(detail(agency(), first.tracking_id).photos_pending, 0);
  EXPECT_EQ(repository->files_of_report(std::stoll(first.tracking_id))->size(), 2u);
}

TEST_F(WordsFirst, TheSameWordsAgainAreTheSameReportWhateverHasCome) {
  const std::string id = send_words({a, b}).tracking_id;
  EXPECT_EQ(send_words({a, b}, 200).tracking_id, id);
  send_photo(a);
  const lapor::Receipt again = send_words({a, b}, 200);
  EXPECT_EQ(again.photo_sha256, hashes({a}));
  EXPECT_EQ(again.pending_sha256, hashes({b}));
  // The photos are content like the words.
  EXPECT_EQ(create(who, words({a}), kKey).status, 409);
  EXPECT_EQ(create(who, words({b, a}), kKey).status, 409);
  EXPECT_EQ(create(who, words({a, b}, "Lain"), kKey).status, 409);
  EXPECT_EQ(call("GET", "/titik/1/counts", {}).text(), R"({"done":0,"in_process":0,"received":1})");
}

TEST_F(WordsFirst, FilesFirstIsTheSameReport) {
  const std::string json = words({a});
  const std::string id = upload(who, a);
  std::string with_files = json;
  with_files.replace(with_files.find("\"[]\""), 4, "\"[" + id + "]\"");
  with_files.replace(with_files.find("\"photos_follow\":true"), 20, "\"photos_follow\":false");
  ASSERT_EQ(create(who, with_files, kKey).status, 201);
  EXPECT_EQ(send_words({a}, 200).photo_sha256, hashes({a}));
}

TEST_F(WordsFirst, APhotoThatCameBeforeTheWordsIsTakenByThem) {
  send_photo(a);
  upload(who, b);
  EXPECT_EQ(send_words({a, b}).photo_sha256, hashes({a, b}));
}

TEST_F(WordsFirst, APhotoIsBegunOnceAndSentOnce) {
  send_words({a, b});
  const Response first = begin_for(a);
  EXPECT_EQ(first.status, 201);
  (void)call("PATCH", first.header("Location"), chunk(0), a.substr(0, 1000));
  const Response again = begin_for(a);  // the answer was lost
  EXPECT_EQ(again.header("Location"), first.header("Location"));
  EXPECT_EQ(again.header("Upload-Offset"), "1000");
  (void)call("PATCH", first.header("Location"), chunk(1000), a.substr(1000));
  EXPECT_EQ(begin_for(a).header("Upload-Offset"), std::to_string(a.size()));
  EXPECT_EQ(receipt().photo_sha256, hashes({a}));

  // Sent before by another way, or for another report: not a byte more.
  upload(who, b);
  EXPECT_EQ(begin_for(b).header("Upload-Offset"), std::to_string(b.size()));
  EXPECT_EQ(receipt().photo_sha256, hashes({a, b}));
  EXPECT_EQ(begin_for(a, "01939d2e-7b5c-7abc-8def-0123456789ac").header("Upload-Offset"), std::to_string(a.size()));
  EXPECT_EQ(receipt().photo_sha256, hashes({a, b}));

  // Another phone's bytes are its own.
  who = phone();
  EXPECT_EQ(begin_for(a).header("Upload-Offset"), "0");
}

TEST_F(WordsFirst, AnUploadForgottenAfterItsPhotoCameLeavesNoSecondFile) {
  const std::string tracking_id = send_words({a}).tracking_id;
  const std::string id = send_photo(a);
  EXPECT_EQ(call("DELETE", "/titik/1/uploads/" + id, tus()).status, 204);
  EXPECT_EQ(begin_for(a).header("Upload-Offset"), std::to_string(a.size()));
  EXPECT_EQ(repository->files_of_report(std::stoll(tracking_id))->size(), 1u);
  EXPECT_EQ(create(who, report_json("Lain", "[" + id + "]")).status, 422) << "nothing waits for another report";
}

TEST_F(WordsFirst, OnlyThePhotosThatWereNamedAndOnlyOfTheirOwner) {
  send_words({a});
  send_photo(b);  // never named
  EXPECT_EQ(receipt().photo_sha256, hashes({}));
  const Headers owner = who;
  who = phone();
  send_photo(a);  // somebody else's
  EXPECT_EQ(call("GET", "/titik/1/reports/" + std::string(kKey), who).status, 404);
  who = owner;
  EXPECT_EQ(receipt().pending_sha256, hashes({a}));
}

TEST_F(WordsFirst, APhoneWithTheSameReportSendsItsPhotosToo) {
  send_words({a, b});
  send_photo(a);
  who = phone();  // carried there in a file, or the same phone with a new token
  send_photo(b);
  EXPECT_EQ(send_words({a, b}, 200).photo_sha256, hashes({a, b}));
}

TEST_F(WordsFirst, OtherBytesThanTheReportNamesAreRefusedAndDropped) {
  send_words({a});
  const std::string at = begin_for(a).header("Location");
  EXPECT_EQ(call("PATCH", at, chunk(0), photo('x')).status, 460);
  EXPECT_EQ(receipt().pending_sha256, hashes({a}));
  EXPECT_EQ(begin_for(a).header("Upload-Offset"), "0");
  send_photo(a);
  EXPECT_EQ(receipt().photo_sha256, hashes({a}));
}

TEST_F(WordsFirst, RefusesWhatCannotBe) {
  EXPECT_EQ(create(who, words({a, a}), kKey).status, 422);
  EXPECT_EQ(create(who, words({a}, "Lubang", "[501]"), kKey).status, 422);
  EXPECT_EQ(call("GET", "/titik/1/reports/" + std::string(kKey), who).status, 404) << "nothing of it is stored";
  EXPECT_EQ(begin_for(a, "bukan").status, 400);
  EXPECT_EQ(call("POST", "/titik/1/uploads", tus({{"Upload-Length", "10"}, {"Upload-Metadata", "report " + base64(kKey)}})).status, 400);
}

}  // namespace
}  // namespace titik::serve
