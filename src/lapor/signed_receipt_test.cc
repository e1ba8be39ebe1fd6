#include "lapor/signed_receipt.h"

#include <gtest/gtest.h>

#include "base/base64.h"
#include "lapor/lapor.h"
#include "lapor/test_receipts.h"
#include "report/validation.h"

namespace titik::lapor {
namespace {

report::Draft draft() {
  return {.id = "019aa7d2-0000-7000-8000-000000000001",
          .category_id = "jalan",
          .title = "Lubang di \"Jalan\" Sudirman",
          .content = "Dalam sekali.\n\nAwas: 🕳",
          .incident_date = "2026-11-20",
          .reporter_name = "Siti",
          .place = report::Place{.point = {-1.6101229, 103.61312035}},
          .landmark = "RT 05"};
}

Statement statement() {
  return {.city = "kota-jambi", .report_id = draft().id, .tracking_id = "7000001", .received_at = 1'795'200'100'123,
          .words_sha256 = test_sha256(words_of(draft())), .photo_sha256 = {std::string(64, 'a')},
          .pending_sha256 = {std::string(64, 'b')}};
}

// The example of docs/api.md, where the same is computed by a line of shell.
TEST(SignedReceipt, TheWordsAreWhatTheDocumentSays) {
  using namespace std::string_literals;
  EXPECT_EQ(words_of(draft()), "1\0jalan\0Lubang di \"Jalan\" Sudirman\0Dalam sekali.\n\nAwas: 🕳\0"s
                               "2026-11-20\0RT 05\0-1.610123\0" "103.613120\0"s);
  EXPECT_EQ(test_sha256(words_of(draft())), "329fd7ecf49a15ef48675c93d246407fa9d167ecd6a55cbc93507ff5f845ce2a");
  report::Draft bare = draft();
  bare.place.reset();
  bare.classification = report::Classification::kAspiration;
  bare.landmark = bare.incident_date = "";
  EXPECT_EQ(words_of(bare), "3\0jalan\0Lubang di \"Jalan\" Sudirman\0Dalam sekali.\n\nAwas: 🕳\0\0\0\0\0"s);
}

TEST(SignedReceipt, TheWordsAreTheSameOnTheOtherSideOfTheWire) {
  report::CityProfile city;
  city.categories = {{.id = "jalan", .lapor_category_id = "11"}};
  const report::Draft written = report::normalised(draft());
  const auto read = read_create(write_create({.draft = written, .lapor_category_id = "11", .user_id = "1"}), city);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(words_of(report::normalised(read->draft)), words_of(written));
  // And no two texts can change places.
  report::Draft moved = written;
  moved.title = written.content;
  moved.content = written.title;
  EXPECT_NE(words_of(moved), words_of(written));
}

TEST(SignedReceipt, IsReadAsItWasSigned) {
  const TestSigner city;
  const std::string jws = city.sign(statement());
  EXPECT_TRUE(test_verify(jws, city.key()));
  EXPECT_FALSE(test_verify(jws, TestSigner().key()));
  const auto read = read_signed_receipt(jws);
  ASSERT_TRUE(read.ok()) << read.error().where;
  EXPECT_EQ(read->key_id, city.key().id);
  EXPECT_EQ(read->statement.city, "kota-jambi");
  EXPECT_EQ(read->statement.report_id, statement().report_id);
  EXPECT_EQ(read->statement.tracking_id, "7000001");
  EXPECT_EQ(read->statement.received_at, statement().received_at);
  EXPECT_EQ(read->statement.words_sha256, statement().words_sha256);
  EXPECT_EQ(read->statement.photo_sha256, statement().photo_sha256);
  EXPECT_EQ(read->statement.pending_sha256, statement().pending_sha256);
  EXPECT_EQ(signing_input(read->key_id, read->statement) + "." + read->signature, jws);
}

TEST(SignedReceipt, WhatIsNoneIsNone) {
  const TestSigner city;
  const std::string payload = signing_input("k", statement()).substr(signing_input("k", statement()).find('.'));
  const auto with_header = [&](const std::string& header) { return city.sign_text(to_base64url(header) + payload); };
  ASSERT_TRUE(read_signed_receipt(with_header(R"({"alg":"ES256","kid":"k","typ":"titik-receipt+jwt"})")).ok());
  const std::string jws = city.sign(statement());
  for (const std::string& text :
       {std::string(), std::string("x"), std::string(".."), jws.substr(0, jws.rfind('.')), jws + "A", jws + ".", jws + "=",
        "." + jws, jws.substr(0, jws.size() - 4), jws + std::string(kMaxSignedReceipt, 'A'),
        with_header(R"({"alg":"none","kid":"k","typ":"titik-receipt+jwt"})"), with_header(R"({"alg":"HS256","kid":"k","typ":"titik-receipt+jwt"})"),
        with_header(R"({"alg":"ES256","kid":"k","typ":"JWT"})"), with_header(R"({"alg":"ES256","kid":"k"})"), with_header("[]"), with_header("{"),
        with_header(R"({"alg":"ES256","crit":["exp"],"kid":"k","typ":"titik-receipt+jwt"})")}) {
    EXPECT_FALSE(read_signed_receipt(text).ok()) << text;
  }
  // A payload that says nothing names no report.
  const auto empty = read_signed_receipt(city.sign_text(to_base64url(R"({"alg":"ES256","typ":"titik-receipt+jwt"})") + "." + to_base64url("7")));
  ASSERT_TRUE(empty.ok());
  EXPECT_EQ(empty->statement.report_id, "");
}

TEST(SignedReceipt, ItsKeysComeWithTheProfile) {
  EXPECT_EQ(to_text(receipt_keys_of(R"({"id":"kota","receipt_keys":[{"kid":"a"},7]})")), R"([{"kid":"a"},7])");
  for (const char* none : {"", "{", "[]", "{}", "7"}) EXPECT_TRUE(receipt_keys_of(none).is_null()) << none;
}

TEST(SignedReceipt, TravelsWithTheAnswer) {
  Receipt receipt{.report_id = draft().id, .tracking_id = "7000001", .received_at = 5};
  EXPECT_EQ(write_created(receipt).find("\"receipt\""), std::string::npos);
  receipt.jws = "a.b.c";
  EXPECT_EQ(*read_created(write_created(receipt)), receipt);
  receipt.jws.assign(kMaxSignedReceipt + 1, 'a');
  EXPECT_EQ(read_created(write_created(receipt))->jws, "");
}

}  // namespace
}  // namespace titik::lapor
