// Signed receipts, as a stranger checks them: with the published keys alone.
#include <sys/stat.h>

#include "base/base64.h"
#include "lapor/signed_receipt.h"
#include "lapor/test_receipts.h"
#include "serve/test_world.h"

namespace titik::serve {
namespace {

constexpr std::string_view kKey = "019aa7d2-0000-7000-8000-000000000001";

std::vector<lapor::TestKey> keys_in(const Json& list) {
  std::vector<lapor::TestKey> keys;
  for (const Json& jwk : list) {
    EXPECT_EQ(string_or(jwk, "kty"), "EC");
    EXPECT_EQ(string_or(jwk, "crv"), "P-256");
    keys.push_back({string_or(jwk, "kid"), string_or(jwk, "x"), string_or(jwk, "y")});
    // Nobody chose this name: it is the key's own (RFC 7638).
    const std::string members = R"({"crv":"P-256","kty":"EC","x":")" + keys.back().x + R"(","y":")" + keys.back().y + "\"}";
    Digest digest;
    digest.update(members);
    EXPECT_EQ(keys.back().id, to_base64url(digest.finish_bytes()));
  }
  return keys;
}

class Receipts : public World {
 protected:
  std::vector<lapor::TestKey> published() {
    const Response response = call("GET", std::string(lapor::kKeysPath), {});
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.content_type, "application/jwk-set+json");
    EXPECT_EQ(response.text().find("\"d\""), std::string::npos);
    return keys_in(member(*parse_json(response.text()), "keys"));
  }
  // The statement, when one of the published keys has signed it.
  lapor::Statement checked(const Response& response) {
    const std::string jws = lapor::read_created(response.text()).value().jws;
    const auto receipt = lapor::read_signed_receipt(jws);
    EXPECT_TRUE(receipt.ok()) << jws;
    if (!receipt.ok()) return {};
    for (const lapor::TestKey& key : published()) {
      if (key.id == receipt->key_id && lapor::test_verify(jws, key)) return receipt->statement;
    }
    ADD_FAILURE() << "nobody's signature: " << jws;
    return {};
  }
  Response ask(const Headers& who) { return call("GET", lapor::own_report_path(kKey), who); }
};

TEST_F(Receipts, TheAnswerToACreateProvesItself) {
  const Headers who = phone();
  const std::string file = upload(who);
  const Response response = create(who, report_json("Lubang", "[" + file + "]"), std::string(kKey));
  ASSERT_EQ(response.status, 201);
  const lapor::Statement statement = checked(response);
  EXPECT_EQ(statement.city, "kota-uji");
  EXPECT_EQ(statement.report_id, kKey);
  EXPECT_EQ(statement.tracking_id, lapor::read_created(response.text())->tracking_id);
  EXPECT_EQ(statement.received_at, kToday);
  EXPECT_EQ(statement.photo_sha256, std::vector{sha256_hex(kJpeg)});
  EXPECT_TRUE(statement.pending_sha256.empty());
  using namespace std::string_literals;
  EXPECT_EQ(statement.words_sha256, sha256_hex("1\0jalan\0Lubang\0Ada lubang\0" "2026-11-17\0\0-1.612346\0" "103.600000\0"s));
}

TEST_F(Receipts, ARepeatedCreateHasTheTimeOfTheFirst) {
  const Headers who = phone();
  const lapor::Statement first = checked(create(who, report_json(), std::string(kKey)));
  now += 5 * kDay;
  const Response again = create(who, report_json(), std::string(kKey));
  ASSERT_EQ(again.status, 200);
  EXPECT_EQ(again.text(), ask(who).text());  // the same signature, even
  for (const Response& response : {again, ask(who)}) {
    const lapor::Statement later = checked(response);
    EXPECT_EQ(later.received_at, first.received_at);
    EXPECT_EQ(later.words_sha256, first.words_sha256);
    EXPECT_EQ(later.tracking_id, first.tracking_id);
  }
  EXPECT_NE(checked(create(who, report_json("Lubang lain"))).words_sha256, first.words_sha256);
}

TEST_F(Receipts, NamesThePhotosThatAreHereAndThoseToCome) {
  const Headers who = phone();
  const std::string photo = sha256_hex(kJpeg);
  const std::string body = report_json("Lubang", "[]", R"(,"titik":{"photos_follow":true,"category":"jalan","photos":[{"sha256":")" + photo + R"(","bytes":304}]})");
  lapor::Statement statement = checked(create(who, body, std::string(kKey)));
  EXPECT_EQ(statement.pending_sha256, std::vector{photo});
  EXPECT_TRUE(statement.photo_sha256.empty());
  const std::string words = statement.words_sha256;

  upload(who);
  (void)create(who, body, std::string(kKey));  // takes what this caller has uploaded
  statement = checked(ask(who));
  EXPECT_EQ(statement.photo_sha256, std::vector{photo});
  EXPECT_TRUE(statement.pending_sha256.empty());
  EXPECT_EQ(statement.words_sha256, words);
}

TEST_F(Receipts, TheProfileBringsTheKeys) {
  const Response first = call("GET", "/titik/1/profile", {});
  const auto keys = keys_in(member(*parse_json(first.text()), "receipt_keys"));
  EXPECT_EQ(keys, published());
  ASSERT_EQ(keys.size(), 1u);
  EXPECT_EQ(string_or(*parse_json(first.text()), "id"), "kota-uji");
  const Headers same = {{"If-None-Match", first.header("ETag")}};
  EXPECT_EQ(call("GET", "/titik/1/profile", same).status, 304);
  // A new key is news.
  ASSERT_TRUE(repository->renew_signing_key(now).ok());
  EXPECT_EQ(call("GET", "/titik/1/profile", same).status, 200);
}

TEST_F(Receipts, KeysOutliveTheProgramAndEachOther) {
  const Headers who = phone();
  const Response old = create(who, report_json(), std::string(kKey));
  const std::vector<lapor::TestKey> before = published();
  repository->renew_signing_key(now).value();
  const std::vector<lapor::TestKey> after = published();
  ASSERT_EQ(after.size(), 2u);
  EXPECT_EQ(after[1], before[0]);
  checked(old);        // the old signature, by the old key
  checked(ask(who));   // and by the new one
  EXPECT_EQ(lapor::read_signed_receipt(lapor::read_created(ask(who).text())->jws)->key_id, after[0].id);

  const auto opened_again = Repository::open(database.location()).value();
  const auto kept = opened_again->public_keys(now).value();
  ASSERT_EQ(kept.size(), 2u);
  EXPECT_EQ(kept[0].id, after[0].id);
  EXPECT_EQ(opened_again->signing_key(now)->public_key.id, after[0].id);
}

TEST_F(Receipts, ThePrivateKeyStaysWhereItIs) {
  const Headers who = phone();
  (void)create(who, report_json(), std::string(kKey));
  const std::string pem = repository->signing_key(now)->private_pem;
  ASSERT_NE(pem.find("PRIVATE KEY"), std::string::npos);
  EXPECT_EQ(log.find("PRIVATE"), std::string::npos);
  if (database.is_postgresql()) return;
  for (const char* name : {"/titik.db", "/titik.db-wal", "/titik.db-shm"}) {
    struct stat seen {};
    ASSERT_EQ(stat((folder.path + name).c_str(), &seen), 0) << name;
    EXPECT_EQ(seen.st_mode & 0777, 0600u) << name;
  }
}

// Numbers that begin with zeros must not make a signature shorter: one in 128 has such an r or s.
TEST(SigningKey, EverySignatureHas64Bytes) {
  const SigningKey key = new_signing_key();
  for (int i = 0; i < 1000; ++i) {
    const std::string text = "a." + std::to_string(i);
    const std::string signature = sign_es256(key.private_pem, text);
    ASSERT_EQ(signature.size(), 86u);
    ASSERT_TRUE(lapor::test_verify(text + "." + signature, {key.public_key.id, key.public_key.x, key.public_key.y}));
  }
}

}  // namespace
}  // namespace titik::serve
