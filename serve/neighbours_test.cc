// What neighbours may say, and how little they see for it.
#include "serve/test_world.h"

namespace titik::serve {
namespace {

class Neighbourhood : public World {
 protected:
  Json json_of(const Response& response) {
    Result<Json> body = parse_json(response.text());
    return body.ok() ? *body : Json();
  }
  Json near(const std::string& place, const std::string& category = "jalan") {
    return json_of(call("GET", "/titik/1/reports/near?" + place + "&category=" + category, {}));
  }
  Response confirm(const Headers& neighbour, const std::string& id, const std::string& body) {
    return call("POST", "/titik/1/reports/" + id + "/confirmations", neighbour, body);
  }
  Headers who = phone();
  Headers officer = agency();
};

constexpr const char* kHere = "latitude=-1.6123&longitude=103.6";

TEST_F(Neighbourhood, OpenReportsOfTheSameKindAreOffered) {
  const std::string id = create_report(who);
  const Json found = near(kHere);
  ASSERT_EQ(member(found, "reports").size(), 1u);
  EXPECT_EQ(string_or(member(found, "reports")[0], "tracking_id"), id);
  EXPECT_LT(integer_or(member(found, "reports")[0], "metres", 999), 20);
  EXPECT_EQ(member(near("latitude=-1.6130&longitude=103.6"), "reports").size(), 1u);  // 78 m
  EXPECT_EQ(member(near("latitude=-1.6134&longitude=103.6"), "reports").size(), 0u);  // 122 m
  EXPECT_EQ(member(near("latitude=-1.6123&longitude=103.6012"), "reports").size(), 0u);
  EXPECT_EQ(member(near(kHere, "lampu-jalan"), "reports").size(), 0u);
  for (const char* bad : {"latitude=x&longitude=1&category=jalan", "latitude=91&longitude=1&category=jalan", "latitude=1&longitude=1", "longitude=1&category=jalan"}) {
    EXPECT_EQ(call("GET", std::string("/titik/1/reports/near?") + bad, {}).status, 422) << bad;
  }
  ASSERT_TRUE(workflow.take(std::stoll(id), desk(), {.action = Action::kVerify}, now).ok());
  ASSERT_TRUE(workflow.take(std::stoll(id), desk(), {.action = Action::kClose, .text = "selesai"}, now).ok());
  EXPECT_EQ(member(near(kHere), "reports").size(), 0u);
}

TEST_F(Neighbourhood, ASecretReportIsNotOffered) {
  (void)create(who, report_json("Rahasia", "[]", R"(,"is_secret":true)"));
  EXPECT_EQ(member(near(kHere), "reports").size(), 0u);
}

TEST_F(Neighbourhood, ACreateTellsWhatIsSimilarAndIsNeverBlocked) {
  EXPECT_TRUE(member(member(json_of(create(who, report_json())), "titik"), "similar").is_null());
  const Response second = create(phone(), report_json());
  EXPECT_EQ(second.status, 201);
  const Json body = json_of(second);
  ASSERT_EQ(member(member(body, "titik"), "similar").size(), 1u);
  EXPECT_TRUE(lapor::read_created(second.text()).ok());
}

TEST_F(Neighbourhood, AlsoAffectedCountsOnceADeviceAndOpensNothing) {
  const std::string id = create_report(who);
  const Headers neighbour = phone();
  EXPECT_EQ(integer_or(json_of(call("POST", "/titik/1/reports/" + id + "/affected", neighbour)), "affected"), 1);
  EXPECT_EQ(integer_or(json_of(call("POST", "/titik/1/reports/" + id + "/affected", neighbour)), "affected"), 1);
  EXPECT_EQ(integer_or(json_of(call("POST", "/titik/1/reports/" + id + "/affected", phone())), "affected"), 2);
  EXPECT_EQ(integer_or(json_of(call("GET", "/titik/1/public/reports/" + id, {})), "affected"), 2);
  // What is the owner's stays so.
  EXPECT_EQ(call("GET", "/lapor/3.0.0/complaints/" + id + "/complaint", neighbour).status, 404);
  EXPECT_EQ(follow_up(neighbour, id, "x").status, 404);
  EXPECT_EQ(json_of(call("GET", "/titik/1/reports/changes", neighbour))["reports"].size(), 0u);
  const Response followed = call("GET", "/titik/1/reports/affected", neighbour);
  EXPECT_EQ(string_or(json_of(followed)["reports"][0], "tracking_id"), id);
  EXPECT_EQ(followed.header("Cache-Control"), "private, no-cache");
  EXPECT_EQ(json_of(call("GET", "/titik/1/reports/affected", phone()))["reports"].size(), 0u);
  EXPECT_EQ(integer_or(json_of(call("DELETE", "/titik/1/reports/" + id + "/affected", neighbour)), "affected"), 1);
  EXPECT_EQ(call("POST", "/titik/1/reports/" + id + "/affected", officer).status, 403);
}

TEST_F(Neighbourhood, OfASecretReportNothingIsSaid) {
  const std::string id = lapor::read_created(create(who, report_json("R", "[]", R"(,"is_secret":true)")).text())->tracking_id;
  const Headers neighbour = phone();
  const std::string word = R"({"works":true,"place":{"latitude":-1.6123,"longitude":103.6}})";
  for (const std::string& one : {id, std::string("9999999"), std::string("x")}) {
    EXPECT_EQ(call("POST", "/titik/1/reports/" + one + "/affected", neighbour).status, 404);
    EXPECT_EQ(confirm(neighbour, one, word).status, 404);
  }
}

TEST_F(Neighbourhood, ARepairIsConfirmedFromTheSpotOnceADevice) {
  const std::string id = create_report(who);
  const Headers neighbour = phone();
  const std::string yes = R"({"works":true,"place":{"latitude":-1.6123,"longitude":103.6,"accuracy_m":20}})";
  const std::string no = R"({"works":false,"place":{"latitude":-1.6123,"longitude":103.6}})";
  EXPECT_EQ(confirm(neighbour, id, yes).status, 409);  // nothing was repaired
  EXPECT_EQ(follow_up(officer, id, "Sudah ditambal", {kJpeg}).status, 201);
  EXPECT_EQ(integer_or(json_of(confirm(neighbour, id, yes)), "works"), 1);
  EXPECT_EQ(integer_or(json_of(confirm(neighbour, id, yes)), "works"), 1);
  EXPECT_EQ(integer_or(json_of(confirm(phone(), id, no)), "does_not_work"), 1);
  const Json changed = json_of(confirm(neighbour, id, no));
  EXPECT_EQ(integer_or(changed, "works"), 0);
  EXPECT_EQ(integer_or(changed, "does_not_work"), 2);
  EXPECT_EQ(integer_or(member(json_of(call("GET", "/titik/1/public/reports/" + id, {})), "confirmations"), "does_not_work"), 2);
  EXPECT_EQ(confirm(neighbour, id, R"({"works":true,"place":{"latitude":-1.6143,"longitude":103.6}})").status, 422);  // 220 m
  EXPECT_EQ(confirm(neighbour, id, R"({"works":true,"place":{"latitude":-1.6123,"longitude":103.6,"accuracy_m":900}})").status, 422);
  EXPECT_EQ(confirm(neighbour, id, R"({"works":true})").status, 422);
  EXPECT_EQ(confirm(neighbour, id, R"({"place":{"latitude":-1.6123,"longitude":103.6}})").status, 422);
  EXPECT_EQ(confirm(neighbour, id, "x").status, 400);
  EXPECT_EQ(confirm(officer, id, yes).status, 403);
}

TEST_F(Neighbourhood, WhatWasSaidOfAnEarlierRepairIsOfThePast) {
  const std::string id = create_report(who);
  const std::string yes = R"({"works":true,"place":{"latitude":-1.6123,"longitude":103.6}})";
  const std::string no = R"({"works":false,"place":{"latitude":-1.6123,"longitude":103.6}})";
  const auto told = [&] {
    const Json words = member(json_of(call("GET", "/titik/1/public/reports/" + id, {})), "confirmations");
    return std::pair(integer_or(words, "works"), integer_or(words, "does_not_work"));
  };
  ASSERT_EQ(follow_up(officer, id, "Sudah ditambal", {kJpeg}).status, 201);
  now += kMinute;
  ASSERT_EQ(confirm(phone(), id, no).status, 200);
  EXPECT_EQ(told(), std::pair(std::int64_t{0}, std::int64_t{1}));
  now += kMinute;
  ASSERT_EQ(follow_up(officer, id, "Ditambal lagi", {kJpeg + "2"}).status, 201);
  EXPECT_EQ(told(), std::pair(std::int64_t{0}, std::int64_t{0}));
  EXPECT_EQ(confirm(phone(), id, yes).status, 200);
  EXPECT_EQ(told(), std::pair(std::int64_t{1}, std::int64_t{0}));
  // Opened again, there is no repair to speak of until the next one.
  ASSERT_TRUE(workflow.take(std::stoll(id), desk(), {.action = Action::kClose}, now).ok());
  now += kMinute;
  Actor citizen = desk();
  citizen.role = Role::kCitizen;
  ASSERT_TRUE(workflow.take(std::stoll(id), citizen, {.action = Action::kReopen, .text = "Berlubang lagi"}, now).ok());
  EXPECT_EQ(told(), std::pair(std::int64_t{0}, std::int64_t{0}));
  EXPECT_EQ(confirm(phone(), id, yes).status, 409);
}

}  // namespace
}  // namespace titik::serve
