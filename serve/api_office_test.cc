// The office's routes, and what a citizen does with a report that was closed.
#include <gtest/gtest.h>

#include "serve/test_world.h"

namespace titik::serve {
namespace {

constexpr const char* kKey = "0190a0e0-0000-7000-8000-0000000000aa";

class OfficeRoutes : public World {
 public:
  OfficeRoutes() : citizen(phone()), system(agency()) {
    id = lapor::read_created(create(citizen, report_json(), kKey).text()).value().tracking_id;
  }
  Response step(const std::string& action, const std::string& body = "", const Headers* who = nullptr) {
    return call("POST", "/titik/1/office/reports/" + id + "/" + action, who ? *who : system, body);
  }
  Response words(const std::map<std::string, std::string>& fields, const std::vector<std::string>& photos = {}) {
    Headers headers = system;
    headers["Content-Type"] = "multipart/form-data; boundary=B";
    return call("POST", "/titik/1/office/reports/" + id + "/follow-up", headers, form_of(photos, fields));
  }
  Response rate(const std::string& rating, const std::string& content = "") {
    Headers headers = citizen;
    headers["Content-Type"] = "multipart/form-data; boundary=B";
    return call("POST", "/lapor/3.0.0/complaints/followup/add", headers, form_of({}, {{"complaint_id", id}, {"rating", rating}, {"content", content}}));
  }
  Response reopen(const std::string& body, const Headers& who) { return call("POST", std::string("/titik/1/reports/") + kKey + "/reopen", who, body); }
  Json json(const Response& response) { return parse_json(response.text()).value(); }

  Headers citizen, system;
  std::string id;
};

TEST_F(OfficeRoutes, TakesAReportAllTheWay) {
  EXPECT_EQ(step("verify").status, 200);
  EXPECT_EQ(step("verify").status, 409);
  EXPECT_EQ(step("hold", R"({"reason":"  "})").status, 422);
  EXPECT_EQ(json(step("hold", R"({"reason":"Menunggu alamat"})"))["status"], "tunda");
  EXPECT_EQ(json(step("resume"))["status"], "terverifikasi");
  EXPECT_EQ(step("hand-on", R"({"agency":"nobody"})").status, 422);
  EXPECT_EQ(json(step("hand-on", R"({"agency":"dishub","reason":"Lampu"})"))["agency"], "dishub");
  EXPECT_EQ(words({{"kind", "action"}, {"content", "Ditambal"}}).status, 422);  // no evidence
  EXPECT_EQ(words({{"kind", "sihir"}, {"content", "Ditambal"}}).status, 422);
  const Json done = json(words({{"kind", "action"}, {"content", "Ditambal"}}, {kJpeg}));
  EXPECT_EQ(done["counted"], "action");
  EXPECT_EQ(done["clocks"]["follow_up"]["stopped_at"], now.load());
  EXPECT_EQ(json(step("close"))["status"], "ditutup_admin");
  const Json detail = json(call("GET", "/titik/1/office/reports/" + id, system));
  EXPECT_EQ(detail["content"], "Ada lubang");
  EXPECT_EQ(detail["history"].back()["action"], "close");
  EXPECT_EQ(detail["history"].back()["actor"]["role"], "integration");
  EXPECT_EQ(detail["history"].back()["actor"]["name"], "uji");
}

TEST_F(OfficeRoutes, NamesAnotherAgencyBeforeAnyWorkedOnItAndArchivesWithAReason) {
  const UnixMillis due = json(call("GET", "/titik/1/office/reports/" + id, system))["clocks"]["follow_up"]["due_at"];
  now += kHour;
  const Json disposed = json(step("dispose", R"({"agency":"dishub"})"));
  EXPECT_EQ(disposed["agency"], "dishub");
  EXPECT_EQ(disposed["clocks"]["follow_up"]["due_at"], due);
  EXPECT_EQ(step("archive", "{}").status, 422);
  EXPECT_EQ(json(step("archive", R"({"reason":"Iklan"})"))["status"], "diarsipkan_admin");
  EXPECT_EQ(step("verify").status, 409);
}

TEST_F(OfficeRoutes, TellsWhenWordsCountAsLess) {
  for (const char* kind : {"answer", "refusal", "question"}) {
    const Json done = json(words({{"kind", kind}, {"content", "Terima kasih, akan kami tindak lanjuti."}}));
    EXPECT_EQ(done["counted"], "acknowledgement") << kind;
    EXPECT_NE(done["message"].get<std::string>().find("tenggat tindak lanjut tetap berjalan"), std::string::npos);
    EXPECT_TRUE(done["clocks"]["follow_up"]["stopped_at"].is_null());
  }
  // A system that speaks LAPOR! alone is told as well.
  const Response plain = follow_up(system, id, "Terima kasih");
  EXPECT_EQ(plain.status, 201);
  EXPECT_EQ(json(plain)["titik"]["counted"], "acknowledgement");
  // Phones read it as an answer.
  const auto thread = lapor::read_follow_ups(call("GET", "/lapor/3.0.0/complaints/" + id + "/followups", citizen).text(), 420).value();
  EXPECT_EQ(thread.items.at(0).kind, lapor::FollowUpKind::kAnswer);
}

TEST_F(OfficeRoutes, ListsWhatIsAskedFor) {
  (void)create(citizen, report_json("Lain"));
  EXPECT_EQ(step("verify").status, 200);
  const auto count = [&](const std::string& query) { return json(call("GET", "/titik/1/office/reports" + query, system))["reports"].size(); };
  EXPECT_EQ(count(""), 2u);
  EXPECT_EQ(count("?status=terverifikasi"), 1u);
  EXPECT_EQ(count("?agency=pupr"), 2u);
  EXPECT_EQ(count("?agency=dishub"), 0u);
  EXPECT_EQ(count("?before=" + id), 0u);
  EXPECT_EQ(count("?overdue=1"), 0u);
  now = kToday + 73 * kHour;
  EXPECT_EQ(count("?overdue=1&status=terverifikasi&agency=pupr"), 1u);
  EXPECT_EQ(call("GET", "/titik/1/office/reports?status=x", system).status, 422);
  EXPECT_EQ(call("GET", "/titik/1/office/reports?before=x", system).status, 422);
  EXPECT_EQ(call("GET", "/titik/1/office/reports/1", system).status, 404);
  EXPECT_EQ(call("GET", "/titik/1/office/reports/x", system).status, 404);
}

TEST_F(OfficeRoutes, IsClosedToPhones) {
  for (const char* action : {"verify", "dispose", "hand-on", "follow-up", "hold", "resume", "archive", "close"}) {
    EXPECT_EQ(step(action, "{}", &citizen).status, 403) << action;
  }
  EXPECT_EQ(call("GET", "/titik/1/office/reports", citizen).status, 403);
  EXPECT_EQ(call("GET", "/titik/1/office/reports/" + id, citizen).status, 403);
}

TEST_F(OfficeRoutes, ACitizenRatesAndReopensWhatWasClosed) {
  EXPECT_EQ(rate("5").status, 409);  // not yet
  EXPECT_EQ(reopen(R"({"content":"Rusak"})", citizen).status, 409);
  EXPECT_EQ(words({{"kind", "action"}, {"content", "Ditambal"}}, {kJpeg}).status, 200);
  EXPECT_EQ(step("close").status, 200);
  EXPECT_EQ(rate("4").status, 201);
  EXPECT_EQ(rate("4").status, 201);
  EXPECT_EQ(rate("2", "Cepat rusak").status, 201);
  const Json rated = json(call("GET", "/titik/1/office/reports/" + id, system));
  EXPECT_EQ(rated["rating"], 2);
  int times = 0;
  for (const Json& line : rated["history"]) times += line["action"] == "rate" ? 1 : 0;
  EXPECT_EQ(times, 2);
  EXPECT_EQ(reopen(R"({"content":" "})", citizen).status, 422);
  EXPECT_EQ(reopen("{", citizen).status, 400);
  EXPECT_EQ(reopen(R"({"content":"Rusak"})", phone()).status, 404);   // somebody else's
  EXPECT_EQ(reopen(R"({"content":"Rusak"})", system).status, 403);  // a citizen's right
  EXPECT_EQ(reopen(R"({"content":"Rusak lagi"})", citizen).status, 201);
  EXPECT_EQ(detail(citizen, id).status_name, "Ditanggapi oleh Pelapor");
  EXPECT_EQ(detail(citizen, id).follow_up_stopped_at, 0);
  EXPECT_EQ(step("close").status, 422);  // the old evidence was for the old hole
}

TEST_F(OfficeRoutes, ReopeningEndsAfterTenWorkingDays) {
  EXPECT_EQ(words({{"kind", "action"}, {"content", "Ditambal"}}, {kJpeg}).status, 200);
  EXPECT_EQ(step("close").status, 200);
  now = workflow.city().days.after(now, 10);
  EXPECT_EQ(reopen(R"({"content":"Rusak lagi"})", citizen).status, 409);
  now -= 1;
  EXPECT_EQ(reopen(R"({"content":"Rusak lagi"})", citizen).status, 201);
}

}  // namespace
}  // namespace titik::serve
