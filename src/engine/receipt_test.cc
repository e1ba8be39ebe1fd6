// Receipts that the city signed: kept, checked, and never taken for more than they prove.
#include "base/base64.h"
#include "engine/test_engine.h"

namespace titik::engine {
namespace {

using report::ReceiptVerdict;

class ReceiptTest : public EngineTest {
 protected:
  void SetUp() override {
    world.server.signer.emplace();
    world.server.keys = {world.server.signer->key()};
    EngineTest::SetUp();
  }
  std::string send(int number = 1) {
    const std::string id = write(number);
    world.command(Submit{id});
    world.run();
    EXPECT_EQ(world.state_of(id), PhoneState::kReceived);
    return id;
  }
  struct Receipt { std::string jws; ReceiptVerdict verdict; UnixMillis received_at; int photos; };
  std::optional<Receipt> receipt_of(const std::string& id) {
    world.command(OpenReport{id});
    const std::optional<ReportDetail> detail = world.detail_of(id);
    if (!detail || detail->receipt.empty()) return std::nullopt;
    return Receipt{detail->receipt, detail->receipt_verdict, detail->receipt_at, detail->receipt_photos};
  }
  ReceiptVerdict verdict_of(const std::string& id) {
    const std::optional<Receipt> receipt = receipt_of(id);
    EXPECT_TRUE(receipt.has_value());
    return receipt ? receipt->verdict : ReceiptVerdict::kUnchecked;
  }
};

TEST_F(ReceiptTest, IsKeptAndChecked) {
  const std::string id = send();
  const Receipt receipt = *receipt_of(id);
  EXPECT_EQ(receipt.verdict, ReceiptVerdict::kValid);
  EXPECT_EQ(receipt.received_at, 1'795'200'100'000);
  EXPECT_EQ(receipt.photos, 2);
  EXPECT_TRUE(lapor::test_verify(receipt.jws, world.server.signer->key()));
  EXPECT_EQ(world.checks, 1);
  // Once: neither the next start nor what else happens asks again.
  restart();
  world.run_for(kHour);
  EXPECT_EQ(receipt_of(id)->jws, receipt.jws);
  EXPECT_EQ(verdict_of(id), ReceiptVerdict::kValid);
  EXPECT_EQ(world.checks, 1);
}

TEST_F(ReceiptTest, AServerThatDoesNotSignIsNoWorse) {
  world.server.signer.reset();
  const std::string id = send();
  EXPECT_FALSE(receipt_of(id).has_value());
  EXPECT_EQ(world.checks, 0);
  EXPECT_EQ(world.detail_of(id)->problem, "");
}

// What is signed rightly and says something else is refused before anybody looks at the signature, but for
// the words.
TEST_F(ReceiptTest, OfSomethingElseIsNotValid) {
  struct Case { const char* what; std::function<void(lapor::Statement&)> tamper; };
  const Case cases[] = {
      {"another report", [](auto& s) { s.report_id = test_draft(99).id; }},
      {"another number", [](auto& s) { s.tracking_id = "1"; }},
      {"another city", [](auto& s) { s.city = "kota-lain"; }},
      {"no time", [](auto& s) { s.received_at = 0; }},
      {"other words", [](auto& s) { s.words_sha256 = std::string(64, '0'); }},
      {"no words", [](auto& s) { s.words_sha256 = ""; }},
      {"a photo less", [](auto& s) { s.photo_sha256.pop_back(); }},
      {"another photo", [](auto& s) { s.photo_sha256[0] = std::string(64, 'f'); }},
      {"one photo twice", [](auto& s) { s.photo_sha256[0] = s.photo_sha256[1]; }},
      {"a photo more", [](auto& s) { s.pending_sha256.push_back(std::string(64, 'f')); }},
  };
  int number = 0;
  for (const Case& one : cases) {
    SCOPED_TRACE(one.what);
    world.server.tamper_statement = one.tamper;
    const std::string id = send(++number);
    EXPECT_EQ(verdict_of(id), ReceiptVerdict::kInvalid);
    EXPECT_EQ(world.state_of(id), PhoneState::kReceived);  // the report is at the city all the same
  }
  world.server.tamper_statement = nullptr;
  EXPECT_EQ(verdict_of(send(++number)), ReceiptVerdict::kValid);
}

TEST_F(ReceiptTest, ForgedOrDamagedIsNotValid) {
  const lapor::TestSigner forger;
  struct Case { const char* what; std::function<void(std::string&)> tamper; };
  const auto signed_part = [](const std::string& jws) { return jws.substr(0, jws.rfind('.')); };
  const Case cases[] = {
      {"signed by somebody else in the city's name", [&](std::string& jws) { jws = forger.sign_text(signed_part(jws)); }},
      {"one bit of the signature", [](std::string& jws) { char& c = jws[jws.rfind('.') + 10]; c = c == 'A' ? 'B' : 'A'; }},
      {"no signature", [&](std::string& jws) { jws = signed_part(jws) + "."; }},
      {"a signature of zeros", [&](std::string& jws) { jws = signed_part(jws) + "." + to_base64url(std::string(64, '\0')); }},
      {"a later time, not signed for", [](std::string& jws) {
         const std::size_t first = jws.find('.'), last = jws.rfind('.');
         std::string payload = *from_base64url(std::string_view(jws).substr(first + 1, last - first - 1));
         const std::size_t at = payload.find("1795200100000");
         ASSERT_NE(at, std::string::npos);
         payload[at + 4] = '1';
         jws = jws.substr(0, first + 1) + to_base64url(payload) + jws.substr(last);
       }},
      {"noise", [](std::string& jws) { jws = "noise"; }},
  };
  int number = 0;
  for (const Case& one : cases) {
    SCOPED_TRACE(one.what);
    world.server.tamper_receipt = one.tamper;
    EXPECT_EQ(verdict_of(send(++number)), ReceiptVerdict::kInvalid);
  }
}

TEST_F(ReceiptTest, OfAKeyThatTheCityDoesNotNameIsNotValid) {
  const lapor::TestSigner forger;
  world.server.tamper_receipt = [&](std::string& jws) {
    const lapor::SignedReceipt read = lapor::read_signed_receipt(jws).value();
    jws = forger.sign(read.statement);  // its own key, by its own name
  };
  world.run();
  const int profiles = world.server.profiles;
  const std::string id = send();
  EXPECT_EQ(verdict_of(id), ReceiptVerdict::kInvalid);
  EXPECT_EQ(world.server.profiles, profiles + 1);  // the city was asked whether it has a new one
  EXPECT_EQ(world.checks, 0);
}

TEST_F(ReceiptTest, ANewKeyReachesAPhoneThatRuns) {
  (void)send(1);
  world.server.signer.emplace();
  world.server.keys.insert(world.server.keys.begin(), world.server.signer->key());
  EXPECT_EQ(verdict_of(send(2)), ReceiptVerdict::kValid);
  // Known from then on, also where the client brings a profile without keys.
  restart();
  const int profiles = world.server.profiles;
  EXPECT_EQ(verdict_of(send(3)), ReceiptVerdict::kValid);
  EXPECT_EQ(world.server.profiles, profiles + 1);  // the start's
}

TEST_F(ReceiptTest, WaitsForKeysThatCannotBeHadYet) {
  world.server.first = [](const HttpRequest& request) -> std::optional<TestServer::Answer> {
    if (request.url == lapor::kProfilePath) return TestServer::Answer{503, ""};
    return std::nullopt;
  };
  restart();
  world.run();
  world.server.signer.emplace();
  world.server.keys = {world.server.signer->key()};
  const std::string id = send();
  EXPECT_EQ(verdict_of(id), ReceiptVerdict::kUnchecked);
  // A captive portal's answer is no profile.
  world.server.first = [](const HttpRequest& request) -> std::optional<TestServer::Answer> {
    if (request.url == lapor::kProfilePath) return TestServer::Answer{200, "<html>"};
    return std::nullopt;
  };
  restart();
  world.run();
  EXPECT_EQ(verdict_of(id), ReceiptVerdict::kUnchecked);
  world.server.first = nullptr;
  restart();
  world.run();
  EXPECT_EQ(verdict_of(id), ReceiptVerdict::kValid);
}

TEST_F(ReceiptTest, WithoutWebCryptoNothingIsSaid) {
  world.has_crypto = false;
  const std::string first = send(1);
  const std::string second = send(2);
  EXPECT_EQ(verdict_of(first), ReceiptVerdict::kUnchecked);
  EXPECT_EQ(verdict_of(second), ReceiptVerdict::kUnchecked);
  EXPECT_EQ(world.checks, 1);  // asked once, then not again
  const std::uint64_t commits = world.engine->durable_commit();
  world.run_for(kSecond);
  EXPECT_EQ(world.engine->durable_commit(), commits);
  // The same phone by https.
  world.has_crypto = true;
  restart();
  world.run();
  EXPECT_EQ(verdict_of(first), ReceiptVerdict::kValid);
  EXPECT_EQ(verdict_of(second), ReceiptVerdict::kValid);
}

class WordsFirstReceipts : public ReceiptTest {
 protected:
  void SetUp() override {
    world.server.words_first = true;
    ReceiptTest::SetUp();
  }
};

TEST_F(WordsFirstReceipts, TheLastNamesAllPhotos) {
  const std::string id = write();
  world.command(Submit{id});
  while (world.server.reports.empty()) ASSERT_TRUE(world.deliver());
  while (world.server.resumable.empty()) ASSERT_TRUE(world.deliver());
  Receipt receipt = *receipt_of(id);
  EXPECT_EQ(receipt.verdict, ReceiptVerdict::kValid);
  EXPECT_EQ(receipt.photos, 0);
  world.run();
  receipt = *receipt_of(id);
  EXPECT_EQ(receipt.verdict, ReceiptVerdict::kValid);
  EXPECT_EQ(receipt.photos, 2);
}

TEST_F(WordsFirstReceipts, ALaterForgeryDoesNotSpoilTheProof) {
  const std::string id = write();
  world.command(Submit{id});
  while (world.server.resumable.empty()) ASSERT_TRUE(world.deliver());
  world.server.tamper_statement = [](auto& s) { s.received_at += kDay; };
  world.server.tamper_receipt = [forger = lapor::TestSigner()](std::string& jws) { jws = forger.sign_text(jws.substr(0, jws.rfind('.'))); };
  world.run();
  EXPECT_EQ(world.state_of(id), PhoneState::kReceived);
  const Receipt receipt = *receipt_of(id);
  EXPECT_EQ(receipt.verdict, ReceiptVerdict::kValid);
  EXPECT_EQ(receipt.received_at, 1'795'200'100'000);
  EXPECT_EQ(receipt.photos, 0);  // those of the words: it proves no more
}

// Killed after every answer: the receipt is checked in the end, whatever was in memory.
TEST_F(WordsFirstReceipts, SurvivesAKillAtEveryStep) {
  for (int steps = 0; steps < 14; ++steps) {
    world.kill();
    world.disk = std::make_unique<store::CrashingPageStore>();
    world.server.reports.clear();
    world.start();
    const std::string id = write();
    world.command(Submit{id});
    for (int i = 0; i < steps; ++i) (void)world.deliver();
    restart();
    world.run_for(kHour);
    EXPECT_EQ(verdict_of(id), ReceiptVerdict::kValid) << steps;
    EXPECT_EQ(receipt_of(id)->photos, 2) << steps;
  }
}

}  // namespace
}  // namespace titik::engine
