// Codes by which another phone follows a report.
#include "serve/claims.h"

#include "serve/accounts.h"
#include "serve/test_world.h"

namespace titik::serve {
namespace {

constexpr const char* kKey = "0192f0c1-0000-7000-8000-000000000001";
const std::string kPath = std::string("/titik/1/reports/") + kKey;
constexpr const char* kIdentified =
    R"(,"is_secret":true,"is_new_user_slider":true,"nameUser":"Siti Rahayu","phoneUser":"081234567890")";

struct ClaimsWorld : World {
  ClaimsWorld() {
    photo_id = upload(owner);
    id = lapor::read_created(create(owner, report_json("Pungli", "[" + photo_id + "]", kIdentified), kKey).text())->tracking_id;
  }
  std::string make() { return string_or(*parse_json(call("POST", kPath + "/code", owner).text()), "code"); }
  Response claim(const Headers& who, const std::string& code) { return call("POST", "/titik/1/claims", who, to_text({{"code", code}})); }
  std::string changes(const Headers& who) { return std::string(call("GET", "/titik/1/reports/changes?since=0", who).text()); }

  Headers owner = phone();
  Headers other = phone();
  Headers stranger = phone();
  std::string photo_id;
  std::string id;
};

TEST_F(ClaimsWorld, WhoGivesTheCodeFollowsTheReportAndSeesNobodysName) {
  EXPECT_EQ(call("GET", "/lapor/3.0.0/complaints/" + id + "/complaint", other).status, 404);
  const std::string code = make();
  ASSERT_EQ(code.size(), 14u);
  const Response claimed = claim(other, code);
  ASSERT_EQ(claimed.status, 200) << claimed.text();
  EXPECT_EQ(string_or(*parse_json(claimed.text()), "tracking_id"), id);
  EXPECT_EQ(string_or(*parse_json(claimed.text()), "report_id"), kKey);
  Headers agencys = agency();
  ASSERT_EQ(follow_up(agencys, id, "Sedang diperiksa", {kJpeg + "bukti"}).status, 201);
  const Result<lapor::Changes> seen = lapor::read_changes(changes(other), 420);
  ASSERT_EQ(seen->reports.size(), 1u);
  EXPECT_EQ(seen->reports[0].report_id, kKey);
  EXPECT_EQ(seen->reports[0].tracking_id, id);
  ASSERT_EQ(seen->reports[0].follow_ups.items.size(), 1u);
  EXPECT_EQ(changes(other), changes(owner));  // as its owner is told
  for (const std::string& path : {std::string("/titik/1/reports/changes"), "/lapor/3.0.0/complaints/" + id + "/complaint",
                                  "/lapor/3.0.0/complaints/" + id + "/followups"}) {
    const Response response = call("GET", path, other);
    EXPECT_EQ(response.status, 200) << path;
    for (const char* secret : {"Siti", "081234567890", "Pungli", "Ada lubang"}) {
      EXPECT_EQ(std::string(response.text()).find(secret), std::string::npos) << path << " tells " << secret;
    }
  }
  // Evidence, and not the citizen's photo.
  EXPECT_EQ(call("GET", seen->reports[0].follow_ups.items[0].attachments[0].path, other).status, 200);
  EXPECT_EQ(call("GET", "/titik/1/files/" + photo_id, other).status, 404);
  EXPECT_EQ(call("GET", "/titik/1/files/" + photo_id, owner).status, 200);
}

TEST_F(ClaimsWorld, WhoFollowsDoesNothingInTheOwnersName) {
  ASSERT_EQ(claim(other, make()).status, 200);
  EXPECT_EQ(follow_up(other, id, "Saya juga").status, 403);
  EXPECT_EQ(call("POST", kPath + "/reopen", other, R"({"content":"Belum"})").status, 404);
  EXPECT_EQ(call("POST", kPath + "/code", other).status, 404);
  EXPECT_EQ(call("DELETE", kPath + "/code", other).status, 404);
  EXPECT_EQ(call("GET", kPath, other).status, 404);  // the receipt is the owner's
  EXPECT_EQ(follow_up(owner, id, "Masih ada").status, 201);
}

TEST_F(ClaimsWorld, ACodeIsGoodOnceAndForAWeek) {
  const std::string first = make();
  EXPECT_EQ(claim(owner, first).status, 200);  // its own owner: the code is not used up
  ASSERT_EQ(claim(other, first).status, 200);
  EXPECT_EQ(claim(other, first).status, 200);  // the answer was lost
  EXPECT_EQ(claim(stranger, first).status, 422);
  const std::string second = make();
  const std::string third = make();
  EXPECT_EQ(claim(stranger, second).status, 422);  // another came after it
  now += kClaimLife;
  EXPECT_EQ(claim(stranger, third).status, 422);
  EXPECT_EQ(changes(stranger).find(id), std::string::npos);
  // One answer for all that is wrong.
  EXPECT_EQ(claim(stranger, third).text(), claim(stranger, "apa saja").text());
  EXPECT_EQ(claim(stranger, third).text(), call("POST", "/titik/1/claims", stranger, "{}").text());
}

TEST_F(ClaimsWorld, ReadsWhatPeopleType) {
  const std::string code = make();
  std::string typed = " ";
  for (const char c : code) typed += c == '0' ? 'o' : c == '1' ? 'l' : static_cast<char>(std::tolower(c));
  EXPECT_EQ(claim(other, typed).status, 200);
  EXPECT_EQ(plain_claim_code("iloo-abcd-efgh"), "1100ABCDEFGH");
  EXPECT_FALSE(plain_claim_code("1100-ABCD-EFG"));
  EXPECT_FALSE(plain_claim_code("1100-ABCD-EFGHJ"));
  EXPECT_FALSE(plain_claim_code("1100-ABCD-EFGU"));  // no U: it could be V
}

TEST_F(ClaimsWorld, TheOwnerTakesItBack) {
  ASSERT_EQ(claim(other, make()).status, 200);
  const std::string unused = make();
  EXPECT_EQ(call("DELETE", kPath + "/code", owner).status, 204);
  EXPECT_EQ(claim(stranger, unused).status, 422);
  EXPECT_EQ(call("GET", "/lapor/3.0.0/complaints/" + id + "/complaint", other).status, 404);
  EXPECT_EQ(changes(other).find(id), std::string::npos);
  EXPECT_NE(changes(owner).find(id), std::string::npos);
}

TEST_F(ClaimsWorld, OnlyTheHashIsKept) {
  std::string code = make();
  std::erase(code, '-');
  const SqlLock lock(repository->sql().mutex());
  Statement row = repository->sql().prepare("SELECT code_sha256 FROM claim_code").value();
  ASSERT_TRUE(row.step().value());
  EXPECT_EQ(row.text(0), sha256_hex(code));
}

TEST_F(ClaimsWorld, GuessingIsRefusedAfterTwenty) {
  int refused = 0;
  for (int i = 0; i < 25; ++i) refused += claim(stranger, "0000-0000-0000").status == 429 ? 1 : 0;
  EXPECT_EQ(refused, 5);
  EXPECT_EQ(claim(other, make()).status, 200);  // counted by phone
}

// A mobile operator puts thousands behind one address: they share it, and not each other's mistakes.
TEST_F(ClaimsWorld, ManyPeopleOfOneAddressGiveTheirCodes) {
  std::vector<Headers> people;
  for (int i = 0; i < 40; ++i) people.push_back(phone());
  peer = "203.0.113.9";
  for (const Headers& one : people) EXPECT_EQ(claim(one, "0000-0000-0000").status, 422);
  for (int i = 0; i < 25; ++i) (void)claim(stranger, "0000-0000-0000");
  EXPECT_EQ(claim(stranger, "0000-0000-0000").status, 429);
  EXPECT_EQ(claim(other, make()).status, 200);
  // Nor does a phone keep the officers behind the same address out.
  (void)Accounts(repository->sql(), gate.passwords).add({.name = "siti", .role = Role::kCoordinator, .agency_id = ""}, "kuda baterai staples", now).value();
  EXPECT_EQ(call("POST", "/titik/1/office/session", {{"X-Titik-Office", "1"}}, R"({"name":"siti","password":"kuda baterai staples"})").status, 200);
}

}  // namespace
}  // namespace titik::serve
