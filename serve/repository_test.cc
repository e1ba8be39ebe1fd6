// Exactly once, and the way of a report through the workflow.
#include "serve/repository.h"

#include <set>
#include <thread>

#include "serve/schema.h"
#include "serve/test_world.h"

namespace titik::serve {
namespace {

const std::string kKey = "0192f0c1-0000-7000-8000-000000000001";

TEST_F(World, TheSameKeyIsOneReport) {
  const Headers who = phone();
  const std::string body = report_json("Lubang", "[" + upload(who) + "]");
  const Response first = create(who, body, kKey);
  const Response second = create(who, body, kKey);
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(second.status, 200);
  EXPECT_EQ(first.text(), second.text());
  const auto receipt = lapor::read_created(first.text());
  ASSERT_TRUE(receipt.ok());
  EXPECT_EQ(receipt->tracking_id, "7000001");
  EXPECT_EQ(receipt->report_id, kKey);
  EXPECT_EQ(receipt->follow_up_due_at, kToday + 72 * kHour);
  EXPECT_EQ(receipt->photo_sha256, std::vector<std::string>{sha256_hex(kJpeg)});
  // White space, another order of members and a second upload of the photo are the same content.
  const std::string again = upload(who);
  EXPECT_EQ(create(who, " " + report_json("Lubang ", "[" + again + "]"), kKey).text(), first.text());
}

TEST_F(World, TheSameKeyWithOtherContentIsAConflict) {
  const Headers who = phone();
  EXPECT_EQ(create(who, report_json("Lubang"), kKey).status, 201);
  EXPECT_EQ(create(who, report_json("Sampah"), kKey).status, 409);
  EXPECT_EQ(create(who, report_json("Lubang", "[" + upload(who) + "]"), kKey).status, 409);
  const Response foreign = create(phone(), report_json("Sampah"), kKey);
  EXPECT_EQ(foreign.status, 409);
  EXPECT_EQ(foreign.text().find("7000001"), std::string_view::npos);
  EXPECT_EQ(repository->list(std::nullopt)->size(), 1u);
}

// A report carried to another phone in a file: whoever gets a signal first sends it, once, and both follow it.
TEST_F(World, TheSameKeyAndContentFromAnotherPhoneIsTheSameReport) {
  const Headers first = phone();
  const Headers second = phone();
  const std::string more = R"(,"titik":{"category":"jalan","created_at":1794999000000,"photos":[{"sha256":")" +
                           sha256_hex(kJpeg) + R"(","bytes":304}]})";
  const Response made = create(first, report_json("Lubang", "[" + upload(first) + "]", more), kKey);
  ASSERT_EQ(made.status, 201);
  const std::string id = lapor::read_created(made.text())->tracking_id;
  // Until it has sent the same, it may see nothing.
  EXPECT_EQ(call("GET", "/titik/1/reports/" + kKey, second).status, 404);
  EXPECT_EQ(call("GET", "/lapor/3.0.0/complaints/" + id + "/complaint", second).status, 404);
  EXPECT_EQ(create(second, report_json("Lubang lain", "[" + upload(second) + "]", more), kKey).status, 409);
  EXPECT_EQ(create(second, report_json("Lubang"), kKey).status, 409);  // without the photo
  EXPECT_EQ(call("GET", "/titik/1/reports/" + kKey, second).status, 404);

  for (int i = 0; i < 2; ++i) {
    const Response known = create(second, report_json("Lubang", "[" + upload(second) + "]", more), kKey);
    EXPECT_EQ(known.status, 200);
    EXPECT_EQ(known.text(), made.text());
  }
  EXPECT_EQ(repository->list(std::nullopt)->size(), 1u);
  EXPECT_EQ(repository->files_of_report(std::stoll(id))->size(), 1u);
  EXPECT_EQ(call("GET", "/titik/1/reports/" + kKey, second).text(), made.text());
  EXPECT_EQ(detail(second, id).status_name, "Belum Terverifikasi");
  EXPECT_EQ(follow_up(second, id, "Masih ada").status, 201);
  EXPECT_EQ(detail(first, id).status_name, "Belum Terverifikasi");
  EXPECT_EQ(call("GET", "/titik/1/reports/" + kKey, phone()).status, 404);  // a third one
}

// The citizen may say so between two attempts to send the same report.
TEST_F(World, AnSmsIsToldToTheCityAndIsNoOtherContent) {
  const Headers who = phone();
  const auto body = [](const std::string& sms) { return report_json("Lubang", "[]", R"(,"titik":{"category":"jalan","report_id":")" + kKey + "\"" + sms + "}"); };
  const Response first = create(who, body(R"(,"sms_at":1794999000000)"), kKey);
  ASSERT_EQ(first.status, 201);
  EXPECT_EQ(create(who, body(""), kKey).text(), first.text());
  const lapor::Detail told = detail(who, lapor::read_created(first.text())->tracking_id);
  EXPECT_TRUE(std::any_of(told.log.begin(), told.log.end(), [](const lapor::LogEntry& entry) {
    return entry.text.find("SMS 1708, tanda TL-00000001") != std::string::npos;
  }));
}

TEST_F(World, WithoutAKeyEachIsANewReport) {
  const Headers who = phone();
  EXPECT_EQ(create(who, report_json("Lubang", "[]", R"(,"titik":{"category":"jalan","sms_at":1794999000000})")).status, 201);  // by SMS, with no mark
  EXPECT_EQ(create_report(who), "7000002");
  EXPECT_EQ(create_report(who), "7000003");
}

TEST_F(World, OurOwnIdMustBeTheKey) {
  const Headers who = phone();
  const std::string body = report_json("Lubang", "[]", R"(,"titik":{"report_id":")" + kKey + R"(","category":"jalan"})");
  EXPECT_EQ(create(who, body, "0192f0c1-0000-7000-8000-000000000002").status, 422);
  EXPECT_EQ(create(who, body, "no-uuid").status, 422);
  EXPECT_EQ(create(who, body, kKey).status, 201);
  EXPECT_EQ(create(who, body).status, 200);  // a proxy dropped the header: still one report
}

TEST_F(World, FiftyAtOnceAreOneReport) {
  const Headers who = phone();
  const std::string body = report_json("Lubang", "[" + upload(who) + "]");
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::set<std::string> ids;
  int made = 0;
  for (int i = 0; i < 50; ++i) {
    threads.emplace_back([&] {
      const Response response = create(who, body, kKey);
      const std::lock_guard lock(mutex);
      ids.insert(std::string(response.text()));
      made += response.status == 201 ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ids.size(), 1u);
  EXPECT_EQ(made, 1);
  EXPECT_EQ(repository->list(std::nullopt)->size(), 1u);
}

TEST_F(World, APhotoBelongsToOneReportAndIsWhatWasSent) {
  const Headers who = phone();
  const std::string file = upload(who);
  const auto claim = [](const std::string& hash) {
    return R"(,"titik":{"category":"jalan","photos":[{"sha256":")" + hash + R"(","bytes":5}]})";
  };
  EXPECT_EQ(create(who, report_json("a", "[" + file + "]", claim(std::string(64, '0')))).status, 422);
  EXPECT_EQ(create(who, report_json("a", "[]", claim(sha256_hex(kJpeg)))).status, 422);
  EXPECT_EQ(create(who, report_json("a", "[" + file + "," + file + "]")).status, 422);
  EXPECT_EQ(create(who, report_json("a", "[" + file + "]", claim(sha256_hex(kJpeg)))).status, 201);
  EXPECT_EQ(create(who, report_json("b", "[" + file + "]")).status, 422);
  EXPECT_EQ(repository->list(std::nullopt)->size(), 1u);
}

TEST_F(World, AReportGoesItsWay) {
  const Headers citizen = phone();
  const Headers office = agency();
  const std::string id = create_report(citizen);
  const std::int64_t number = std::stoll(id);
  EXPECT_EQ(detail(citizen, id).disposition_name, "Dinas Pekerjaan Umum");
  EXPECT_EQ(detail(citizen, id).log.at(1).text, "Diteruskan ke Dinas PUPR");
  EXPECT_EQ(detail(citizen, id).status_name, "Belum Terverifikasi");
  ASSERT_TRUE(workflow.take(number, desk(), {.action = Action::kVerify}, now).ok());
  EXPECT_FALSE(workflow.take(number, desk(), {.action = Action::kVerify}, now).ok());
  EXPECT_EQ(follow_up(citizen, id, "Halo").status, 201);
  EXPECT_EQ(detail(citizen, id).status_name, "Terverifikasi");  // nothing to answer yet
  // Words are no evidence: the clock runs on, and the report cannot be closed without a reason.
  EXPECT_EQ(follow_up(office, id, "Kami cek").status, 201);
  EXPECT_EQ(detail(citizen, id).status_name, "Proses");
  EXPECT_EQ(detail(citizen, id).follow_up_stopped_at, 0);
  EXPECT_EQ(workflow.take(number, desk(), {.action = Action::kClose}, now).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(follow_up(citizen, id, "Belum ada").status, 201);
  EXPECT_EQ(detail(citizen, id).status_name, "Ditanggapi oleh Pelapor");
  // A photo is.
  now += kHour;
  EXPECT_EQ(follow_up(office, id, "Ditambal", {kJpeg}).status, 201);
  EXPECT_EQ(detail(citizen, id).status_name, "Proses");
  EXPECT_EQ(detail(citizen, id).follow_up_stopped_at, kToday + kHour);
  ASSERT_TRUE(workflow.take(number, desk(), {.action = Action::kClose}, now).ok());
  EXPECT_EQ(detail(citizen, id).status_code, "ditutup_admin");
  EXPECT_EQ(follow_up(office, id, "lagi").status, 409);

  const auto thread = lapor::read_follow_ups(call("GET", "/lapor/3.0.0/complaints/" + id + "/followups?page=1", citizen).text(), 420);
  ASSERT_TRUE(thread.ok());
  ASSERT_EQ(thread->items.size(), 4u);
  EXPECT_EQ(thread->items[1].institution_from, "Dinas PUPR");
  EXPECT_EQ(thread->items[2].kind, lapor::FollowUpKind::kCitizen);
  EXPECT_EQ(thread->items[3].kind, lapor::FollowUpKind::kAction);
  EXPECT_EQ(thread->items[3].attachments.at(0).sha256, "");  // it may be given in other bytes
  EXPECT_EQ(call("GET", thread->items[3].attachments[0].path, citizen).text(), kJpeg);
  EXPECT_EQ(call("GET", thread->items[3].attachments[0].path, phone()).status, 404);
}

TEST_F(World, NotOurAuthorityHandsItOn) {
  const std::string id = create_report(phone());
  const Headers office = agency();
  (void)follow_up(office, id, "Kami cek");
  const auto reject = [&](const std::string& reason) {
    Headers headers = office;
    headers["Content-Type"] = "application/json";
    return call("POST", "/lapor/3.0.0/complaints/process/" + id + "/reject", headers,
                R"({"is_request":1,"not_authority":1,"reason":)" + reason + R"(,"reason_description":"Lampu"})").status;
  };
  EXPECT_EQ(reject("999"), 422);
  EXPECT_EQ(reject("102"), 200);
  EXPECT_EQ(detail(office, id).disposition_name, "Dinas Perhubungan");
  EXPECT_EQ(detail(office, id).status_name, "Terverifikasi");
}

TEST_F(World, AFollowUpWithAKeyIsOneFollowUp) {
  const Headers citizen = phone();
  const std::string id = create_report(citizen);
  Headers keyed = citizen;
  keyed["Idempotency-Key"] = kKey;
  EXPECT_EQ(follow_up(keyed, id, "Halo").text(), follow_up(keyed, id, "Halo").text());
  EXPECT_EQ(follow_up(keyed, id, "Lain").status, 409);
  EXPECT_EQ(repository->follow_ups(std::stoll(id), 1, 20)->items.size(), 1u);
}

TEST_F(World, PagesOfTwenty) {
  const Headers citizen = phone();
  const std::string id = create_report(citizen);
  for (int i = 0; i < 21; ++i) ASSERT_EQ(follow_up(citizen, id, std::to_string(i)).status, 201);
  const auto page = [&](const std::string& number) {
    return lapor::read_follow_ups(call("GET", "/lapor/3.0.0/complaints/" + id + "/followups?page=" + number, citizen).text(), 420).value();
  };
  EXPECT_EQ(page("1").items.size(), 20u);
  EXPECT_EQ(page("1").last_page, 2);
  EXPECT_EQ(page("2").items.size(), 1u);
  EXPECT_EQ(page("-1").items.size(), 20u);
  EXPECT_EQ(page("999999").items.size(), 0u);
}

TEST(Repository, WhatWasTakenInIsThereAfterOpeningAgain) {
  const TemporaryFolder folder;
  const TestDatabase database(folder.path);
  const std::string path = database.location();
  lapor::CreateRequest request;
  request.draft.title = "Lubang";
  {
    auto repository = Repository::open(path).value();
    const auto caller = repository->add_caller(CallerKind::kDevice, "", "h", kToday).value();
    ASSERT_TRUE(repository->create_report({.caller_id = caller, .key = kKey, .request = request, .now = kToday}).ok());
  }
  EXPECT_EQ(Repository::open(path).value()->report_by_key(kKey)->title, "Lubang");
}

}  // namespace
}  // namespace titik::serve
