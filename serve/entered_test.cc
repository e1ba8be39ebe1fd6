// Reports that came by another channel.
#include "serve/test_world.h"

namespace titik::serve {
namespace {

constexpr const char* kReportKey = "019aa7d2-0000-7000-8000-000000000077";

class Office112 : public World {
 protected:
  Response enter(Headers who, const std::string& more, const std::string& key = kReportKey, const std::string& report = report_json()) {
    if (!key.empty()) who["Idempotency-Key"] = key;
    return call("POST", "/titik/1/office/reports", who, R"({"report":)" + report + more + "}");
  }
  Headers officer = agency();
};

constexpr const char* kCall = R"(,"channel":"112","consent":"lisan","contact":{"name":"Siti Rahayu","phone":"081234567890"})";

TEST_F(Office112, IsAReportCountedApart) {
  const Response response = enter(officer, kCall);
  ASSERT_EQ(response.status, 201) << response.text();
  const std::string id = lapor::read_created(response.text())->tracking_id;
  EXPECT_EQ(enter(officer, kCall).status, 200);  // once
  EXPECT_EQ(detail(officer, id).log.back().text, "Dicatat petugas dari Call Center 112");
  EXPECT_EQ(detail(officer, id).log.size(), 3u);
  (void)create_report(phone());
  const Json counts = *parse_json(call("GET", "/titik/1/public/counts?by=channel", {}).text());
  ASSERT_EQ(member(counts, "counts").size(), 2u);
  EXPECT_EQ(string_or(member(counts, "counts")[0], "value"), "112");
  EXPECT_EQ(integer_or(member(counts, "counts")[0], "received"), 1);
}

TEST_F(Office112, TheContactIsTheOfficesAlone) {
  const std::string id = lapor::read_created(enter(officer, kCall).text())->tracking_id;
  const Json kept = *parse_json(call("GET", "/titik/1/office/reports/" + id + "/entered", officer).text());
  EXPECT_EQ(string_or(member(kept, "contact"), "name"), "Siti Rahayu");
  EXPECT_EQ(call("GET", "/titik/1/office/reports/" + id + "/entered", phone()).status, 403);
  EXPECT_EQ(call("GET", "/titik/1/office/reports/" + id + "/entered", {}).status, 401);
  EXPECT_EQ(repository->report(std::stoll(id))->request.find("Siti"), std::string::npos);
  const std::string named = report_json("Lubang", "[]", R"(,"is_new_user_slider":true,"nameUser":"Budi Santoso","phoneUser":"081234567891")");
  const std::string other = lapor::read_created(enter(officer, R"(,"channel":"datang","consent":"tertulis")", "019aa7d2-0000-7000-8000-000000000078", named).text())->tracking_id;
  EXPECT_EQ(repository->report(std::stoll(other))->request.find("Budi"), std::string::npos);
  EXPECT_NE(call("GET", "/titik/1/office/reports/" + other + "/entered", officer).text().find("Budi Santoso"), std::string::npos);
  for (const char* target : {"/titik/1/public/reports", "/titik/1/reports", "/open311/v2/requests.json"}) {
    const std::string text(call("GET", target, {}).text());
    EXPECT_EQ(text.find("Siti"), std::string::npos);
    EXPECT_EQ(text.find("Budi"), std::string::npos);
  }
  EXPECT_EQ(log.find("Siti"), std::string::npos);
}

TEST_F(Office112, NeedsChannelConsentAndKey) {
  EXPECT_EQ(enter(officer, R"(,"channel":"surat","consent":"lisan")").status, 422);
  EXPECT_EQ(enter(officer, R"(,"channel":"112")").status, 422);
  EXPECT_EQ(enter(officer, R"(,"channel":"112","consent":"publik")").status, 422);
  EXPECT_EQ(enter(officer, kCall, "").status, 422);
  EXPECT_EQ(enter(officer, kCall, kReportKey, R"({"title":"x"})").status, 422);
  EXPECT_EQ(enter(phone(), kCall).status, 403);
  EXPECT_EQ(call("GET", "/titik/1/office/reports/9999999/entered", officer).status, 404);
}

}  // namespace
}  // namespace titik::serve
