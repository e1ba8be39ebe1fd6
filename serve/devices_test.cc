// Tokens that are taken back.
#include "serve/accounts.h"
#include "serve/sessions.h"
#include "serve/test_world.h"

namespace titik::serve {
namespace {

struct DevicesWorld : World {
  Headers officer(const std::string& name, Role role, const std::string& agency_id = "") {
    (void)Accounts(repository->sql(), gate.passwords).add({.name = name, .role = role, .agency_id = agency_id}, "kuda baterai staples", now).value();
    const auto answer = Sessions(repository->sql(), gate.passwords).log_in({name, "kuda baterai staples", ""}, now).value();
    return {{"Cookie", "titik_session=" + answer.session}, {"X-Titik-Office", "1"}};
  }
};

TEST_F(DevicesWorld, ThePhoneInHandIsSignedOutAndItsReportsStay) {
  const Headers who = phone(), other = phone();
  const std::string id = create_report(who);
  EXPECT_EQ(call("DELETE", "/titik/1/devices/own", who).status, 204);
  EXPECT_EQ(call("GET", "/titik/1/reports/changes", who).status, 401);
  EXPECT_EQ(call("DELETE", "/titik/1/devices/own", who).status, 401);
  EXPECT_EQ(call("GET", "/titik/1/reports/changes", other).status, 200);
  EXPECT_TRUE(repository->report(std::stoll(id)).ok());
  EXPECT_EQ(call("DELETE", "/titik/1/devices/own", agency()).status, 403);  // systems are taken back on the command line
}

TEST_F(DevicesWorld, AnAdministratorTakesBackThePhonesOfAReport) {
  const Headers who = phone(), carrier = phone(), other = phone();
  const std::string key = "0192f0c1-0000-7000-8000-000000000001";
  const std::string id = lapor::read_created(create(who, report_json(), key).text())->tracking_id;
  ASSERT_EQ(create(carrier, report_json(), key).status, 200);  // sent the same
  const std::string path = "/titik/1/office/reports/" + id + "/devices";
  const Headers administrator = officer("admin", Role::kAdministrator);
  EXPECT_EQ(call("DELETE", path, officer("koordinator", Role::kCoordinator)).status, 403);
  const Response done = call("DELETE", path, administrator);
  EXPECT_EQ(done.text(), R"({"revoked":2})");  // and not which they are
  EXPECT_EQ(call("GET", "/titik/1/reports/changes", who).status, 401);
  EXPECT_EQ(call("GET", "/titik/1/reports/changes", carrier).status, 401);
  EXPECT_EQ(call("GET", "/titik/1/reports/changes", other).status, 200);
  EXPECT_EQ(call("DELETE", path, administrator).text(), R"({"revoked":0})");
  const auto lines = workflow.audit(std::stoll(id)).value();
  EXPECT_EQ(lines.back().action, "revoke-devices");
  EXPECT_EQ(lines.back().actor_name, "admin");
  EXPECT_EQ(repository->history(std::stoll(id))->size(), lines.size() - 1);  // the citizen's history has no such line
  EXPECT_EQ(call("DELETE", "/titik/1/office/reports/7999999/devices", administrator).status, 404);
}

TEST_F(DevicesWorld, WhoHeldALostPhoneFollowsNothingMore) {
  const Headers who = phone(), finder = phone(), other = phone();
  const std::string first = "0192f0c1-0000-7000-8000-000000000001", second = "0192f0c1-0000-7000-8000-000000000002";
  const std::string id = lapor::read_created(create(who, report_json(), first).text())->tracking_id;
  ASSERT_EQ(create(who, report_json("Lampu"), second).status, 201);
  const auto code_of = [&](const std::string& key) {
    return to_text({{"code", string_or(*parse_json(call("POST", "/titik/1/reports/" + key + "/code", who).text()), "code")}});
  };
  ASSERT_EQ(call("POST", "/titik/1/claims", finder, code_of(first)).status, 200);
  const std::string unused = code_of(second);
  const std::string detail_of = "/lapor/3.0.0/complaints/" + id + "/complaint";
  ASSERT_EQ(call("GET", detail_of, finder).status, 200);
  ASSERT_EQ(call("DELETE", "/titik/1/office/reports/" + id + "/devices", officer("admin", Role::kAdministrator)).status, 200);
  EXPECT_EQ(call("GET", detail_of, finder).status, 404);
  EXPECT_EQ(call("POST", "/titik/1/claims", other, unused).status, 422);  // of its other report
}

TEST_F(DevicesWorld, ThePhoneThatIsSignedOutLeavesNoCode) {
  const Headers who = phone();
  const std::string key = "0192f0c1-0000-7000-8000-000000000001";
  ASSERT_EQ(create(who, report_json(), key).status, 201);
  const std::string code = string_or(*parse_json(call("POST", "/titik/1/reports/" + key + "/code", who).text()), "code");
  ASSERT_EQ(call("DELETE", "/titik/1/devices/own", who).status, 204);
  EXPECT_EQ(call("POST", "/titik/1/claims", phone(), to_text({{"code", code}})).status, 422);
}

TEST_F(DevicesWorld, ASystemIsNotTakenBackByItsReport) {
  const Headers system = agency();
  const std::string id = lapor::read_created(create(system, report_json()).text())->tracking_id;
  EXPECT_EQ(call("DELETE", "/titik/1/office/reports/" + id + "/devices", officer("admin", Role::kAdministrator)).text(), R"({"revoked":0})");
  EXPECT_EQ(call("GET", "/titik/1/reports/changes", system).status, 200);
}

}  // namespace
}  // namespace titik::serve
