// The workflow as it is kept, on both databases: history with who did it, steps of time once, old databases.
#include "serve/workflow_store.h"

#include <gtest/gtest.h>

#include <thread>

#include "serve/scheduler.h"
#include "serve/test_world.h"

namespace titik::serve {
namespace {

std::int64_t number(const std::string& id) { return std::stoll(id); }

int lines_with(const std::vector<AuditLine>& lines, std::string_view action) {
  int count = 0;
  for (const AuditLine& line : lines) count += line.action == action ? 1 : 0;
  return count;
}

Step evidence() { return {.action = Action::kAct, .text = "Ditambal"}; }
Words one_photo() { return {.files = {{.sha256 = std::string(64, 'a'), .bytes = 5, .mime = "image/jpeg", .file_name = "a.jpg"}}}; }

TEST_F(World, EveryStepSaysWhoWhenFromToAndWhy) {
  const Headers citizen = phone();
  const std::int64_t id = number(create_report(citizen));
  const Actor liaison{.kind = ActorKind::kOfficer, .role = Role::kLiaison, .agency_id = "pupr", .id = 77, .name = "Sari", .caller_id = desk().caller_id};
  now += kHour;
  ASSERT_TRUE(workflow.take(id, desk(), {.action = Action::kHold, .text = "Menunggu alamat"}, now).ok());
  ASSERT_TRUE(workflow.take(id, desk(), {.action = Action::kResume}, now).ok());
  ASSERT_TRUE(workflow.write(id, liaison, evidence(), one_photo(), now).ok());
  const auto lines = workflow.audit(id).value();
  ASSERT_EQ(lines.size(), 6u);  // receive, dispose, hold, resume, verify on the way, action
  EXPECT_EQ(lines[0].action, "receive");
  EXPECT_EQ(lines[0].actor_kind, "system");
  EXPECT_EQ(lines[2].status_old, "belum_terverifikasi");
  EXPECT_EQ(lines[2].status_new, "tunda");
  EXPECT_EQ(lines[2].note, "Menunggu alamat");
  EXPECT_EQ(lines[2].at, now);
  EXPECT_EQ(lines[2].actor_role, "administrator");
  EXPECT_EQ(lines[2].actor_name, "kantor");
  EXPECT_EQ(lines[4].status_new, "terverifikasi");
  EXPECT_EQ(lines[5].actor_kind, "officer");
  EXPECT_EQ(lines[5].actor_id, 77);
  EXPECT_EQ(lines[5].actor_name, "Sari");
  EXPECT_EQ(lines[5].note, "");  // its words are in the thread, once
  // What is kept is what the rules made of it.
  const Case kept = workflow.row(id)->subject;
  EXPECT_EQ(kept.status, report::Status::kInProcess);
  EXPECT_EQ(kept.times.follow_up_stopped_at, now);
  EXPECT_GT(kept.times.closes_at, now);
  // Nobody's name is told to the citizen.
  const std::string told = call("GET", "/lapor/3.0.0/complaints/" + std::to_string(id) + "/complaint", citizen).text().data();
  EXPECT_EQ(told.find("Sari"), std::string::npos);
}

TEST_F(World, ARefusedStepLeavesNothing) {
  const std::int64_t id = number(create_report(phone()));
  const Case before = workflow.row(id)->subject;
  const std::size_t lines = workflow.audit(id)->size();
  EXPECT_FALSE(workflow.write(id, desk(), {.action = Action::kAct, .text = "Ditambal"}, {}, now).ok());
  EXPECT_FALSE(workflow.take(id, desk(), {.action = Action::kClose}, now).ok());
  EXPECT_EQ(workflow.take(id + 1, desk(), {.action = Action::kVerify}, now).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(workflow.row(id)->subject, before);
  EXPECT_EQ(workflow.audit(id)->size(), lines);
}

TEST_F(World, TheStepsOfTimeAreTakenOnceHoweverOftenAndByHoweverMany) {
  const Headers citizen = phone();
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 12; ++i) ids.push_back(number(create_report(citizen)));
  const UnixMillis due = kToday + 72 * kHour;
  EXPECT_EQ(workflow.tick(due - 1)->escalated, 0);
  // Three processes at once, each with its own connection, as after a restart.
  std::atomic<int> escalated = 0;
  std::vector<std::thread> processes;
  for (int i = 0; i < 3; ++i) {
    processes.emplace_back([&] {
      const auto sql = Sql::open(database.location()).value();
      Workflow own(*sql, CityRules::of(test_city(), kTestPhrases).value());
      for (int round = 0; round < 2; ++round) {
        const Tick tick = own.tick(due).value();
        escalated += tick.escalated;
        EXPECT_TRUE(tick.faults.empty());
      }
    });
  }
  for (std::thread& process : processes) process.join();
  EXPECT_EQ(escalated, 12);
  EXPECT_EQ(workflow.tick(due + kHeadsTime - 1)->escalated, 0);
  EXPECT_EQ(workflow.tick(due + kHeadsTime)->escalated, 12);
  EXPECT_EQ(workflow.tick(due + 100 * kDay)->escalated, 0);
  for (const std::int64_t id : ids) {
    const auto lines = workflow.audit(id).value();
    EXPECT_EQ(lines_with(lines, "escalate"), 2);
    EXPECT_EQ(lines.back().text, "Masih lewat tenggat. Diteruskan ke kantor wali kota");
    EXPECT_EQ(lines.back().actor_role, "system");
    EXPECT_EQ(workflow.row(id)->subject.times.level, Level::kMayor);
  }
}

TEST_F(World, SilenceClosesWhatIsSettledAndArchivesAQuestion) {
  const Headers citizen = phone();
  const std::int64_t settled = number(create_report(citizen)), asked = number(create_report(citizen)), answered = number(create_report(citizen));
  ASSERT_TRUE(workflow.write(settled, desk(), evidence(), one_photo(), now).ok());
  ASSERT_TRUE(workflow.write(asked, desk(), {.action = Action::kAsk, .text = "Nomor rumahnya berapa?"}, {}, now).ok());
  ASSERT_TRUE(workflow.write(answered, desk(), evidence(), one_photo(), now).ok());
  EXPECT_EQ(follow_up(citizen, std::to_string(answered), "Belum rapi").status, 201);
  const UnixMillis closes = workflow.row(settled)->subject.times.closes_at;
  (void)workflow.tick(closes - 1).value();  // escalates the question's report
  const Tick tick = workflow.tick(closes).value();
  EXPECT_EQ(tick.closed, 1);
  EXPECT_EQ(tick.archived, 1);
  EXPECT_EQ(workflow.row(settled)->subject.status, report::Status::kClosedBySystem);
  EXPECT_EQ(workflow.row(asked)->subject.status, report::Status::kArchivedBySystem);
  EXPECT_EQ(workflow.row(answered)->subject.status, report::Status::kAnsweredByCitizen);
  EXPECT_EQ(workflow.tick(closes)->closed, 0);
}

TEST_F(World, TheSchedulerDoesItByItselfAndGivesItsLeaseBack) {
  const std::int64_t id = number(create_report(phone()));
  now = kToday + 73 * kHour;
  {
    Scheduler scheduler(workflow, repository->sql(), app.now, app.log);
    for (int i = 0; i < 100 && workflow.row(id)->subject.times.level == Level::kLiaison; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    Lease other(repository->sql(), "clocks");
    EXPECT_FALSE(other.take(now, kMinute).value());
  }
  EXPECT_EQ(workflow.row(id)->subject.times.level, Level::kHead);
  EXPECT_TRUE(Lease(repository->sql(), "clocks").take(now, kMinute).value());
  EXPECT_NE(log.find(R"("escalated":1)"), std::string::npos);
}

TEST_F(World, OneKeyIsOneAnswer) {
  const std::int64_t id = number(create_report(phone()));
  Words words{.key = "0190a0e0-0000-7000-8000-000000000001"};
  const Step thanks{.action = Action::kAnswer, .text = "Terima kasih"};
  const Done first = workflow.write(id, desk(), thanks, words, now).value();
  const Done again = workflow.write(id, desk(), thanks, words, now + kHour).value();
  EXPECT_EQ(first.follow_up_id, again.follow_up_id);
  EXPECT_EQ(again.counted, Action::kAcknowledge);  // told again
  // The report went to another agency before the answer to the first try arrived.
  Step under_another_name = thanks;
  under_another_name.institution = "Dinas Perhubungan";
  EXPECT_EQ(workflow.write(id, desk(), under_another_name, words, now).value().follow_up_id, first.follow_up_id);
  EXPECT_EQ(workflow.write(id, desk(), {.action = Action::kAnswer, .text = "Lain"}, words, now).error().code, ErrorCode::kConflict);
  EXPECT_EQ(repository->follow_ups(id, 1, 10)->items.size(), 1u);
  EXPECT_EQ(repository->follow_ups(id, 1, 10)->items[0].kind, lapor::FollowUpKind::kAcknowledgement);
}

}  // namespace
}  // namespace titik::serve
