// How long a city keeps what its citizens sent.
#include "serve/retention.h"

#include "serve/entered.h"
#include "serve/housekeeping.h"
#include "serve/test_world.h"

namespace titik::serve {
namespace {

Retention parse(const std::string& retention) { return Retention::of_profile(R"({"retention":)" + retention + "}").value(); }
std::string wrong(const std::string& retention) { return Retention::of_profile(R"({"retention":)" + retention + "}").error().where; }

TEST(Retention, IsReadStrictly) {
  EXPECT_EQ(Retention::of_profile("{}")->identity_months, 0);
  const Retention all = parse(R"({"identity_months":12,"photos_months":24,"report_months":60})");
  EXPECT_EQ(all.identity_months, 12);
  EXPECT_EQ(all.photos_months, 24);
  EXPECT_EQ(all.report_months, 60);
  EXPECT_EQ(wrong("12"), "retention");
  EXPECT_EQ(wrong(R"({"identity_month":12})"), "retention.identity_month");
  EXPECT_EQ(wrong(R"({"identity_months":0})"), "retention.identity_months");
  EXPECT_EQ(wrong(R"({"identity_months":1.5})"), "retention.identity_months");
  EXPECT_EQ(wrong(R"({"identity_months":"12"})"), "retention.identity_months");
  EXPECT_EQ(wrong(R"({"photos_months":601})"), "retention.photos_months");
  EXPECT_EQ(wrong(R"({"photos_months":60,"report_months":60})"), "retention.photos_months");
}

TEST(Retention, MonthsAreTheCalendars) {
  const auto at = [](int year, int month, int day) { return from_civil({.year = year, .month = month, .day = day, .hour = 9}, 420); };
  EXPECT_EQ(months_before(at(2027, 3, 31), 1, 420), at(2027, 2, 28));
  EXPECT_EQ(months_before(at(2028, 3, 31), 1, 420), at(2028, 2, 29));
  EXPECT_EQ(months_before(at(2027, 1, 15), 1, 420), at(2026, 12, 15));
  EXPECT_EQ(months_before(at(2027, 1, 15), 25, 420), at(2024, 12, 15));
}

struct RetentionWorld : World {
  RetentionWorld() {
    Headers system = agency();
    const std::string photo = upload(owner);
    id = std::stoll(lapor::read_created(create(owner, report_json("Lubang", "[" + photo + "]",
        R"(,"is_new_user_slider":true,"nameUser":"Siti Rahayu","phoneUser":"081234567890")")).text())->tracking_id);
    EXPECT_EQ(follow_up(system, std::to_string(id), "Sudah ditambal", {kJpeg + "bukti"}).status, 201);
    system["Idempotency-Key"] = "019aa7d2-0000-7000-8000-000000000077";
    entered = std::stoll(lapor::read_created(call("POST", "/titik/1/office/reports", system,
        R"({"report":)" + report_json() + R"(,"channel":"112","consent":"lisan","contact":{"name":"Budi","phone":"081234567891"}})").text())->tracking_id);
    open = std::stoll(lapor::read_created(create(owner, report_json("Masih", "[]",
        R"(,"is_new_user_slider":true,"nameUser":"Siti Rahayu","phoneUser":"081234567890")")).text())->tracking_id);
    EXPECT_TRUE(workflow.take(id, desk(), {.action = Action::kClose}, now).ok());
    EXPECT_TRUE(workflow.take(entered, desk(), {.action = Action::kArchive, .text = "Laporan ganda"}, now).ok());
  }
  Swept sweep() { return Housekeeping(*repository, files, *partial_files, &retention).sweep_database(now).value(); }
  std::string request_of(std::int64_t report) { return repository->report(report)->request; }
  std::size_t photos_of(std::int64_t report) { return repository->files_of_report(report)->size(); }

  Headers owner = phone();
  std::int64_t id = 0, entered = 0, open = 0;
  Erasure erasure{*repository, files, *partial_files, workflow};
  RetentionSweep retention{repository->sql(), erasure, {.identity_months = 12, .photos_months = 24, .report_months = 60}, 420};
};

TEST_F(RetentionWorld, TakesOutWhatIsDueAndNothingElse) {
  const UnixMillis closed = now;
  const auto months_later = [&](int months) { return closed + months * 31 * kDay; };
  now = closed + 364 * kDay;
  EXPECT_EQ(sweep().retained, 0);
  EXPECT_NE(request_of(id).find("Siti"), std::string::npos);

  now = months_later(12);
  EXPECT_EQ(sweep().retained, 2);
  EXPECT_EQ(request_of(id).find("Siti"), std::string::npos);
  EXPECT_EQ(request_of(id).find("081234567890"), std::string::npos);
  EXPECT_NE(request_of(id).find("Ada lubang"), std::string::npos);  // the report itself stays
  EXPECT_EQ(EnteredReports(repository->sql()).of(entered).value()->contact_name, "");
  EXPECT_EQ(EnteredReports(repository->sql()).of(entered).value()->channel, "112");
  EXPECT_NE(request_of(open).find("Siti"), std::string::npos);  // not while it is open
  EXPECT_EQ(photos_of(id), 1u);
  now += kHour;
  EXPECT_EQ(sweep().retained, 0);  // once
  EXPECT_EQ(detail(owner, std::to_string(id)).status_name, "Ditutup oleh Admin");  // still its phone's

  now = months_later(24);
  EXPECT_EQ(sweep().retained, 2);
  EXPECT_EQ(photos_of(id), 0u);
  const auto thread = repository->follow_ups(id, 1, 10).value();
  EXPECT_EQ(thread.items[0].attachments.size(), 1u);  // evidence stays

  const auto received = public_face->catch_up().ok() ? public_face->whole().value().received : 0;
  now = months_later(60);
  EXPECT_EQ(sweep().retained, 2);
  EXPECT_EQ(request_of(id).find("Ada lubang"), std::string::npos);
  EXPECT_EQ(workflow.row(id)->title, "");
  EXPECT_EQ(workflow.row(id)->subject.status, report::Status::kClosedByAdmin);
  EXPECT_EQ(workflow.audit(id)->back().action, "erase");
  EXPECT_EQ(workflow.audit(id)->back().actor_role, "system");
  EXPECT_NE(request_of(open).find("Siti"), std::string::npos);
  EXPECT_EQ(public_face->catch_up().ok() ? public_face->whole().value().received : -1, received);
  now += kHour;
  EXPECT_EQ(sweep().retained, 0);
}

TEST_F(RetentionWorld, APhotoThatComesLaterGoesToo) {
  now += 24 * 31 * kDay;
  (void)sweep();
  ASSERT_EQ(repository->follow_ups(id, 1, 10)->items.size(), 1u);
  ASSERT_EQ(follow_up(owner, std::to_string(id), "Masih berlubang", {kJpeg + "lagi"}).status, 201);
  ASSERT_EQ(repository->follow_ups(id, 1, 10)->items[1].attachments.size(), 1u);
  now += kHour;
  EXPECT_EQ(sweep().retained, 1);
  EXPECT_EQ(repository->follow_ups(id, 1, 10)->items[0].attachments.size(), 1u);  // evidence
  EXPECT_EQ(repository->follow_ups(id, 1, 10)->items[1].attachments.size(), 0u);
}

TEST_F(RetentionWorld, OneThatFailsKeepsNoOtherNorTheSweep) {
  {
    const SqlLock lock(repository->sql().mutex());
    repository->sql().execute("UPDATE report SET request = '{' WHERE tracking_id = " + std::to_string(id)).value();
  }
  now += 12 * 31 * kDay;
  const Swept swept = sweep();
  EXPECT_EQ(swept.retained, 1);
  ASSERT_EQ(swept.faults.size(), 1u);
  EXPECT_NE(swept.faults[0].message.find(std::to_string(id)), std::string::npos);
  EXPECT_EQ(EnteredReports(repository->sql()).of(entered).value()->contact_name, "");
  EXPECT_EQ(sweep().faults.size(), 0u);  // not every twenty seconds
}

TEST_F(RetentionWorld, NothingGoesByItselfWithoutIt) {
  RetentionSweep none{repository->sql(), erasure, {}, 420};
  now += 600 * 31 * kDay;
  EXPECT_EQ(Housekeeping(*repository, files, *partial_files, &none).sweep_database(now).value().retained, 0);
  EXPECT_NE(request_of(id).find("Siti"), std::string::npos);
}

}  // namespace
}  // namespace titik::serve
