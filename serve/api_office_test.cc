// The office's routes, and what a citizen does with a report that was closed.
#include <gtest/gtest.h>

#include "serve/access_log.h"
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

TEST_F(OfficeRoutes, TellsAllThatAnOfficerWorksWith) {
  const std::string more = R"(,"is_new_user_slider":true,"nameUser":"Siti Rahayu","phoneUser":"081234567890",)"
                           R"("titik":{"category":"jalan","landmark":"RT 05","accuracy_m":12,"place_source":"gps"})";
  id = lapor::read_created(create(citizen, report_json("Lubang", "[" + upload(citizen) + "]", more)).text()).value().tracking_id;
  ASSERT_EQ(follow_up(citizen, id, "Ini fotonya", {kJpeg + "2"}).status, 201);
  const std::string path = "/titik/1/office/reports/" + id;
  const Response answer = call("GET", path, system);
  const Json report = json(answer);
  EXPECT_EQ(report["title"], "Lubang");
  EXPECT_EQ(report["landmark"], "RT 05");
  EXPECT_EQ(report["incident_date"], "2026-11-17");
  EXPECT_EQ(report["place"]["accuracy_m"], 12);
  EXPECT_EQ(report["place"]["source"], "gps");
  ASSERT_EQ(report["photos"].size(), 1u);
  ASSERT_EQ(report["thread"].size(), 1u);
  EXPECT_EQ(report["thread"][0]["kind"], "citizen");
  EXPECT_EQ(report["thread"][0]["content"], "Ini fotonya");
  EXPECT_EQ(report["thread"][0]["files"].size(), 1u);
  EXPECT_EQ(report["affected"], 0);
  EXPECT_EQ(report["has_contact"], true);
  EXPECT_EQ(answer.text().find("Siti"), std::string::npos);
  EXPECT_EQ(answer.text().find("0812"), std::string::npos);
  // What may be done next; closing asks for a reason until there is evidence.
  const auto step_of = [](const Json& of, const std::string& action) {
    for (const Json& one : of["steps"]) if (one["action"] == action) return one;
    return Json();
  };
  EXPECT_EQ(step_of(report, "action")["needs_evidence"], true);
  EXPECT_EQ(step_of(report, "hand-on")["needs_agency"], true);
  EXPECT_TRUE(step_of(report, "close").is_null());  // not before it is verified
  EXPECT_TRUE(step_of(report, "reply").is_null());
  EXPECT_EQ(step("verify").status, 200);
  EXPECT_EQ(step_of(json(call("GET", path, system)), "close")["needs_reason"], true);
  EXPECT_EQ(words({{"kind", "action"}, {"content", "Ditambal"}}, {kJpeg}).status, 200);
  EXPECT_EQ(step_of(json(call("GET", path, system)), "close")["needs_reason"], false);

  // Who it is, asked for apart, and written down.
  const auto looks = [&] { return AccessLog(repository->sql()).list(std::stoll(id), 10).value(); };
  const auto before = looks().at(0).times;
  const Json reporter = json(call("GET", path + "/reporter", system));
  EXPECT_EQ(reporter["name"], "Siti Rahayu");
  EXPECT_EQ(reporter["phone"], "081234567890");
  EXPECT_GT(looks().at(0).times, before);
  EXPECT_EQ(call("GET", path + "/reporter", citizen).status, 403);
  const std::string nobody = lapor::read_created(create(citizen, report_json("Lubang", "[]", R"(,"is_anonymous":true)")).text()).value().tracking_id;
  EXPECT_EQ(json(call("GET", "/titik/1/office/reports/" + nobody + "/reporter", system))["name"], "");
}

TEST_F(OfficeRoutes, TheTitleOfASecretReportIsReadInTheReportAlone) {
  const std::string secret = lapor::read_created(create(citizen, report_json("Pungli", "[]", R"(,"is_secret":true)")).text()).value().tracking_id;
  EXPECT_EQ(call("GET", "/titik/1/office/reports", system).text().find("Pungli"), std::string_view::npos);
  EXPECT_TRUE(AccessLog(repository->sql()).list(std::stoll(secret), 10)->empty());
  EXPECT_EQ(json(call("GET", "/titik/1/office/reports/" + secret, system))["title"], "Pungli");
  EXPECT_EQ(AccessLog(repository->sql()).list(std::stoll(secret), 10)->size(), 1u);
}

TEST_F(OfficeRoutes, ListsWhatWasEscalatedAndWhatIsOpen) {
  const auto ids = [&](const std::string& query) {
    std::string all;
    const Json list = json(call("GET", "/titik/1/office/reports?" + query, system));
    for (const Json& one : list["reports"]) all += string_or(one, "tracking_id") + " ";
    return all;
  };
  const std::string late = id;
  now += 73 * kHour;
  ASSERT_EQ(workflow.tick(now)->escalated, 1);
  const std::string fresh = lapor::read_created(create(citizen, report_json()).text()).value().tracking_id;
  EXPECT_EQ(ids("level=head"), late + " ");
  EXPECT_EQ(ids("level=mayor"), "");
  EXPECT_EQ(call("GET", "/titik/1/office/reports?level=boss", system).status, 422);
  EXPECT_EQ(ids("open=1"), fresh + " " + late + " ");
  EXPECT_EQ(step("archive", R"({"reason":"Laporan ganda"})").status, 200);
  EXPECT_EQ(ids("open=1"), fresh + " ");
}

TEST_F(OfficeRoutes, WhatIsDueSoonestComesFirstPageByPage) {
  // The older one has more time: it was handed on.
  now += kHour;
  const std::string second = create_report(citizen), third = create_report(citizen), settled = create_report(citizen), disputed = create_report(citizen);
  now += kHour;
  ASSERT_EQ(step("hand-on", R"({"agency":"dishub"})").status, 200);
  const std::string first = id;
  for (const std::string& one : {settled, disputed}) {
    id = one;
    ASSERT_EQ(words({{"kind", "action"}, {"content", "Ditambal"}}, {kJpeg}).status, 200);
  }
  ASSERT_EQ(follow_up(citizen, disputed, "Masih berlubang").status, 201);
  const auto ids = [&](const std::string& question) {
    std::vector<std::string> out;
    const Json answer = json(call("GET", "/titik/1/office/reports?" + question, system));
    for (const Json& one : answer["reports"]) out.push_back(one["tracking_id"]);
    return out;
  };
  EXPECT_EQ(ids("open=1&order=due"), (std::vector{third, second, first, disputed, settled}));
  EXPECT_EQ(ids("open=1"), (std::vector{disputed, settled, third, second, first}));
  EXPECT_EQ(call("GET", "/titik/1/office/reports?order=title", system).status, 422);
  EXPECT_EQ(call("GET", "/titik/1/office/reports?order=due&before=" + second, system).status, 422);
  EXPECT_EQ(call("GET", "/titik/1/office/reports?before=1795000000000." + second, system).status, 422);
  // Any row can be a page's end.
  CaseFilter filter{.status = {}, .agency_id = {}, .by_due = true, .is_open = true};
  filter.limit = 1;
  std::vector<std::string> walked;
  for (auto rows = workflow.rows(filter).value(); !rows.empty(); rows = workflow.rows(filter).value()) {
    walked.push_back(std::to_string(rows[0].tracking_id));
    filter.after = CaseFilter::After{rows[0].tracking_id, next_due(rows[0])};
  }
  EXPECT_EQ(walked, (std::vector{third, second, first, disputed, settled}));
  EXPECT_EQ(ids("open=1&order=due&before=" + std::to_string(next_due(workflow.row(std::stoll(second)).value())) + "." + second),
            (std::vector{first, disputed, settled}));
  // What a citizen disputes and nobody answers becomes overdue too.
  EXPECT_TRUE(ids("overdue=1").empty());
  now += 20 * kDay;
  ASSERT_TRUE(workflow.tick(now).ok());
  EXPECT_EQ(ids("overdue=1&order=due").size(), 4u);
}

TEST_F(OfficeRoutes, NothingIsAnsweredOverWordsThatNobodyRead) {
  ASSERT_EQ(words({{"kind", "action"}, {"content", "Ditambal"}}, {kJpeg}).status, 200);
  const auto last = [&] { return json(call("GET", "/titik/1/office/reports/" + id, system))["thread"].back()["id"].get<std::string>(); };
  const std::string before = last();
  ASSERT_EQ(follow_up(citizen, id, "Masih bocor").status, 201);
  EXPECT_EQ(step("close", R"({"seen":")" + before + R"("})").status, 409);
  EXPECT_EQ(words({{"kind", "answer"}, {"content", "Sudah beres semua"}, {"seen", before}}).status, 409);
  EXPECT_EQ(step("close", R"({"seen":"x"})").status, 422);
  EXPECT_EQ(json(step("close", R"({"seen":")" + last() + R"("})"))["status"], "ditutup_admin");
}

TEST_F(OfficeRoutes, WhatIsHiddenIsPublicNoMoreAndStillCounted) {
  ASSERT_EQ(step("verify").status, 200);
  ASSERT_EQ(words({{"kind", "answer"}, {"content", "Bu Ani sudah dihubungi"}, {"is_secret", "1"}}).status, 200);
  ASSERT_EQ(words({{"kind", "answer"}, {"content", "Kami tinjau besok"}}).status, 200);
  Json shown = json(call("GET", "/titik/1/office/reports/" + id, system));
  EXPECT_EQ(shown["thread"][0]["is_secret"], true);
  EXPECT_EQ(shown["thread"][1]["is_secret"], false);
  const std::string public_path = "/titik/1/public/reports/" + id;
  const auto taken_over = [&] { while (public_face->catch_up().value()) {} };
  taken_over();
  // What is for the reporter alone is theirs.
  EXPECT_EQ(call("GET", public_path, {}).text().find("Bu Ani"), std::string_view::npos);
  EXPECT_NE(call("GET", public_path, {}).text().find("Kami tinjau besok"), std::string_view::npos);
  EXPECT_NE(call("GET", "/lapor/3.0.0/complaints/" + id + "/followups", citizen).text().find("Bu Ani"), std::string_view::npos);
  const std::int64_t counted = json(call("GET", "/titik/1/public/counts?by=category", {}))["counts"][0]["received"];
  EXPECT_EQ(step("hide").status, 422);
  EXPECT_EQ(step("hide", R"({"reason":"Isinya menyebut nama tetangga"})").status, 200);
  taken_over();
  EXPECT_EQ(call("GET", public_path, {}).status, 404);
  EXPECT_EQ(call("GET", "/titik/1/reports", {}).text().find(id), std::string_view::npos);
  EXPECT_EQ(json(call("GET", "/titik/1/office/reports/" + id, system))["is_secret"], true);
  EXPECT_EQ(json(call("GET", "/titik/1/public/counts?by=category", {}))["counts"][0]["received"], counted);
  EXPECT_EQ(detail(citizen, id).log.back().text, "Dirahasiakan, tidak lagi tampil di halaman publik: Isinya menyebut nama tetangga");
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
