// Reports that came by another channel.
#include "serve/accounts.h"
#include "serve/sessions.h"
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
  const std::string from_phone = create_report(phone());
  const auto shown = [&](const std::string& number) { return *parse_json(call("GET", "/titik/1/office/reports/" + number, officer).text()); };
  EXPECT_EQ(string_or(shown(id), "channel"), "112");
  EXPECT_EQ(shown(id).value("is_entered", false), true);
  EXPECT_EQ(string_or(shown(from_phone), "channel"), "app");
  EXPECT_EQ(shown(from_phone).value("is_entered", true), false);
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

TEST_F(Office112, WhoCalledMayFollowByACode) {
  const std::string id = lapor::read_created(enter(officer, kCall).text())->tracking_id;
  const Headers mobile = phone();
  EXPECT_EQ(call("GET", "/lapor/3.0.0/complaints/" + id + "/complaint", mobile).status, 404);
  EXPECT_EQ(call("POST", "/titik/1/office/reports/" + id + "/code", mobile).status, 403);
  const Response made = call("POST", "/titik/1/office/reports/" + id + "/code", officer);
  ASSERT_EQ(made.status, 201) << made.text();
  EXPECT_EQ(call("POST", "/titik/1/claims", mobile, std::string(made.text())).status, 200);
  EXPECT_EQ(call("GET", "/lapor/3.0.0/complaints/" + id + "/complaint", mobile).status, 200);
  // A report with a phone of its own has its codes from there.
  EXPECT_EQ(call("POST", "/titik/1/office/reports/" + create_report(phone()) + "/code", officer).status, 404);
}

TEST_F(Office112, WhoCalledMayReplyReopenAndRateByCallingAgain) {
  const std::string id = lapor::read_created(enter(officer, kCall).text())->tracking_id;
  const auto says = [&](const std::string& body) { return call("POST", "/titik/1/office/reports/" + id + "/words", officer, body); };
  const auto state = [&] { return std::string(report::status_name(workflow.row(std::stoll(id))->subject.status)); };
  ASSERT_EQ(follow_up(officer, id, "Sudah ditambal", {kJpeg}).status, 201);
  EXPECT_EQ(says(R"({"content":"Masih berlubang"})").status, 200);
  EXPECT_EQ(state(), "ditanggapi_pelapor");
  EXPECT_EQ(says(R"({"rating":2})").status, 409);  // not closed yet
  ASSERT_TRUE(workflow.take(std::stoll(id), desk(), {.action = Action::kClose}, now).ok());
  EXPECT_EQ(says(R"({"rating":7})").status, 422);
  EXPECT_EQ(says(R"({"rating":2,"content":"Belum rapi"})").status, 200);
  EXPECT_EQ(workflow.row(std::stoll(id))->subject.rating, 2);
  EXPECT_EQ(says(R"({"action":"reopen","content":"Berlubang lagi"})").status, 200);
  EXPECT_EQ(state(), "ditanggapi_pelapor");
  const auto lines = workflow.audit(std::stoll(id)).value();
  EXPECT_EQ(lines.back().actor_role, "citizen");
  EXPECT_EQ(lines.back().actor_kind, "integration");  // who wrote it down
  EXPECT_EQ(call("POST", "/titik/1/office/reports/" + create_report(phone()) + "/words", officer, R"({"content":"x"})").status, 404);
}

TEST_F(Office112, AnOfficerEntersPhotosAndDoesNotSpeakForWhomTheyAnswer) {
  Accounts accounts(repository->sql(), gate.passwords);
  const auto as = [&](const std::string& name, Role role, const std::string& agency) {
    (void)accounts.add({.name = name, .role = role, .agency_id = agency}, "kuda baterai staples", now).value();
    const auto session = Sessions(repository->sql(), gate.passwords).log_in({name, "kuda baterai staples", ""}, now).value().session;
    return Headers{{"Cookie", "titik_session=" + session}, {"X-Titik-Office", "1"}};
  };
  const Headers liaison = as("siti", Role::kLiaison, "pupr"), coordinator = as("budi", Role::kCoordinator, "");
  Headers form = liaison;
  form["Content-Type"] = "multipart/form-data; boundary=B";
  const auto uploaded = lapor::read_uploaded(call("POST", "/titik/1/office/files", form, form_of({kJpeg})).text());
  ASSERT_TRUE(uploaded.ok());
  const Response made = enter(liaison, kCall, kReportKey, report_json("Lubang", "[" + uploaded->images.at(0).id + "]"));
  ASSERT_EQ(made.status, 201) << made.text();
  const std::string path = "/titik/1/office/reports/" + lapor::read_created(made.text())->tracking_id;
  EXPECT_EQ(member(*parse_json(call("GET", path, liaison).text()), "photos").size(), 1u);
  EXPECT_EQ(member(*parse_json(call("GET", path, liaison).text()), "may_speak_for"), false);
  EXPECT_EQ(member(*parse_json(call("GET", path, coordinator).text()), "may_speak_for"), true);
  EXPECT_EQ(call("POST", path + "/words", liaison, R"({"content":"Sudah bagus"})").status, 403);
  EXPECT_EQ(call("POST", path + "/words", coordinator, R"({"content":"Masih berlubang"})").status, 200);
  // Whose words they are stands at them.
  Headers answer = coordinator;
  answer["Content-Type"] = "multipart/form-data; boundary=B";
  ASSERT_EQ(call("POST", path + "/follow-up", answer, form_of({}, {{"kind", "answer"}, {"content", "Kami teruskan"}})).status, 200);
  EXPECT_EQ(repository->follow_ups(std::stoll(path.substr(path.rfind('/') + 1)), 1, 10)->items.back().institution_from, "Koordinator " + city.name);
}

TEST_F(Office112, WhoEntersForAnotherAgencyGivesTheCodeAndSeesNoMore) {
  Accounts accounts(repository->sql(), gate.passwords);
  (void)accounts.add({.name = "siti", .role = Role::kLiaison, .agency_id = "dishub"}, "kuda baterai staples", now).value();
  const auto session = Sessions(repository->sql(), gate.passwords).log_in({"siti", "kuda baterai staples", ""}, now).value().session;
  const Headers liaison{{"Cookie", "titik_session=" + session}, {"X-Titik-Office", "1"}};
  const std::string path = "/titik/1/office/reports/" + lapor::read_created(enter(liaison, kCall).text())->tracking_id;  // for PUPR
  EXPECT_EQ(call("GET", path, liaison).status, 404);
  EXPECT_EQ(call("POST", path + "/code", liaison).status, 201);
  EXPECT_EQ(call("POST", "/titik/1/office/reports/" + create_report(phone()) + "/code", liaison).status, 404);
}

TEST_F(Office112, IsNeverThereWithoutItsContact) {
  const std::string id = lapor::read_created(enter(officer, kCall).text())->tracking_id;
  EXPECT_EQ(workflow.audit(std::stoll(id))->back().action, "enter");
  EXPECT_EQ(workflow.audit(std::stoll(id))->back().actor_name, "uji");
  // Where the contact cannot be kept there is no report either: one transaction.
  const auto rename = [&](const std::string& from, const std::string& to) {
    const SqlLock lock(repository->sql().mutex());
    repository->sql().execute("ALTER TABLE " + from + " RENAME TO " + to).value();
  };
  rename("entered_report", "away");
  EXPECT_EQ(enter(officer, kCall, "019aa7d2-0000-7000-8000-000000000079").status, 500);
  rename("away", "entered_report");
  EXPECT_EQ(workflow.rows({}).value().size(), 1u);
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
