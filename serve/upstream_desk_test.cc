// What comes from SP4N-LAPOR!: states and agencies, by the city's rules, beside what officers do.
#include "serve/test_upstream.h"

namespace titik::serve {
namespace {

// --- An officer, while it is brought --------------------------------------------------------------

TEST_F(LinkTest, WhatAnOfficerDoesWhileAReportIsBroughtIsTold) {
  config.list_path = "/complaints";
  there.list = {{.id = "1400001"}};
  there.status = "Belum Terverifikasi";
  UpstreamDesk its_desk = desk_of_link();
  const std::int64_t id = its_desk.bring_report({.id = "1400001", .title = "Lampu", .content = "Padam", .disposition_id = "101"}, {}, {.poll_at = now, .seen = {}}, now).value().tracking_id;
  // Killed here.
  take(id, {.action = Action::kHold, .text = "Menunggu alat berat"});
  take(id, {.action = Action::kHandOn, .text = "Lampu, bukan jalan", .agency_id = "dishub"});
  take(id, {.action = Action::kHold, .text = "Menunggu alat berat"});
  link = another();
  rounds(3, config.poll_first);
  EXPECT_EQ(reports(), 1);
  EXPECT_EQ(told(), 1);
  EXPECT_EQ(there.count("POST /complaints/process/1400001/reject"), 1);
  EXPECT_EQ(status_of(id), report::Status::kOnHold);
  EXPECT_EQ(agency_of(id), "dishub");  // there it stands where it was: a request that may still be granted
}

TEST_F(LinkTest, WhatIsBroughtIsNotToldBack) {
  there.status = "Tunda";
  const std::int64_t id = brought_report();
  rounds(3, config.poll_first);
  EXPECT_EQ(status_of(id), report::Status::kOnHold);
  EXPECT_EQ(lines_with(id, "Diterima dari SP4N-LAPOR!, nomor 1400001"), 1);
  EXPECT_EQ(told(), 0);
  EXPECT_EQ(there.count("POST "), 0);
}

TEST_F(LinkTest, TwoThatBeginAtOnceAreOneCaller) {
  constexpr int kTimes = 20;
  const auto second = Repository::open(database.location()).value();
  for (int i = 0; i < kTimes; ++i) {
    const std::string name = "peserta " + std::to_string(i);
    std::atomic<int> ready = 0;
    const auto begin = [&](Repository& one) {
      ++ready;
      while (ready < 2) std::this_thread::yield();
      return named_caller(one, CallerKind::kIntegration, name, now).value().id;
    };
    std::int64_t other_id = 0;
    std::thread beside([&] { other_id = begin(*second); });
    const std::int64_t id = begin(*repository);
    beside.join();
    ASSERT_EQ(id, other_id);
  }
}

// --- States and agencies --------------------------------------------------------------------------

TEST_F(LinkTest, StatesComeAsFarAsTheRulesAllow) {
  using report::Status;
  const std::int64_t id = brought_report();
  const auto becomes = [&](const std::string& name) {
    there.status = name;
    rounds(1, kDay);
    return status_of(id);
  };
  EXPECT_EQ(becomes("Proses"), Status::kInProcess);
  EXPECT_EQ(becomes("Belum Ditindaklanjuti"), Status::kInProcess);  // what has begun here is not undone
  there.status = "Belum Terverifikasi";
  const std::int64_t another_id = brought_report("1400002");
  EXPECT_EQ(status_of(another_id), Status::kUnverified);
  there.status = "Terverifikasi";
  rounds(1, kDay);
  EXPECT_EQ(status_of(another_id), Status::kVerified);
  EXPECT_EQ(becomes("Tunda"), Status::kOnHold);
  EXPECT_EQ(status_of(another_id), Status::kOnHold);
  EXPECT_EQ(becomes("Proses"), Status::kInProcess);  // a hold of theirs ends with theirs
  there.status = "Belum Terverifikasi";
  const std::int64_t third_id = brought_report("1400003");
  EXPECT_EQ(becomes("Diarsipkan oleh Admin"), Status::kInProcess);  // an agency is at work on it: noted
  EXPECT_EQ(status_of(third_id), Status::kArchivedByAdmin);
  EXPECT_EQ(lines_with(id, "Status di SP4N-LAPOR!: Diarsipkan oleh Admin"), 1);
  EXPECT_EQ(told(), 0);
}

TEST_F(LinkTest, AnOfficersHoldDoesNotEndByNewsFromThere) {
  there.status = "Terverifikasi";
  const std::int64_t id = brought_report();
  rounds(1, config.poll_first);
  take(id, {.action = Action::kHold, .text = "Menunggu alat berat"});
  there.status = "Proses";
  rounds(2, kDay);
  EXPECT_EQ(status_of(id), report::Status::kOnHold);
  EXPECT_EQ(lines_with(id, "Status di SP4N-LAPOR!: Proses"), 1);
}

// "A closed report has evidence or a reason": that it was closed elsewhere is neither.
TEST_F(LinkTest, ClosedThereWithoutEvidenceIsNotClosedHere) {
  const std::int64_t id = brought_report();
  there.status = "Ditutup oleh Admin";
  rounds(2, kDay);
  EXPECT_EQ(status_of(id), report::Status::kVerified);
  EXPECT_EQ(repository->report(id).value().follow_up_stopped_at, 0);
  EXPECT_EQ(lines_with(id, "Di sini laporan tetap terbuka"), 1);
  // With an action and its evidence it is.
  ASSERT_EQ(follow_up(agency(), std::to_string(id), "Sudah kami tambal", {picture(24)}).status, 201);
  there.status = "Ditutup oleh Sistem";
  rounds(2, kDay);
  EXPECT_EQ(status_of(id), report::Status::kClosedByAdmin);
}

// Killed between the line and what is kept of the state: the line is written once. The next time is another.
TEST_F(LinkTest, AStateIsNotedOnceForEachTime) {
  there.status = "Diarsipkan oleh Admin";
  const std::int64_t id = sent_report();
  ASSERT_TRUE(workflow.write(id, desk(), {.action = Action::kAnswer, .text = "Regu kami datang besok pagi"}, {}, now).ok());
  rounds(1, config.poll_first);
  ASSERT_EQ(lines_with(id, "Status di SP4N-LAPOR!: Diarsipkan"), 1);
  execute("UPDATE upstream_report SET status_seen = '', news_at = 0, next_poll_at = 1");  // as before polled()
  round();
  EXPECT_EQ(lines_with(id, "Status di SP4N-LAPOR!: Diarsipkan"), 1);
  there.status = "Proses";
  rounds(1, kDay);
  there.status = "Diarsipkan oleh Admin";
  rounds(1, kDay);
  EXPECT_EQ(lines_with(id, "Status di SP4N-LAPOR!: Diarsipkan"), 2);
}

TEST_F(LinkTest, AgenciesGoAndCome) {
  const std::int64_t id = sent_report();
  rounds(1, config.poll_first);
  take(id, {.action = Action::kHandOn, .text = "Lampu, bukan jalan", .agency_id = "dishub"});
  there.trouble = [this](const std::string& line) {
    if (line.ends_with("/reject")) there.disposition = "102";
    return 0;
  };
  rounds(2, config.poll_first);
  const std::vector<std::string> bodies = there.bodies_of("POST /complaints/process/1500001/reject");
  ASSERT_EQ(bodies.size(), 1u);
  EXPECT_NE(bodies[0].find("reason=102"), std::string::npos) << bodies[0];
  EXPECT_EQ(agency_of(id), "dishub");
  // And back, there.
  there.disposition = "101";
  rounds(2, kDay);
  EXPECT_EQ(agency_of(id), "pupr");
  there.disposition = "900";
  rounds(2, kDay);
  EXPECT_EQ(lines_with(id, "Di SP4N-LAPOR! laporan kini pada Instansi 900"), 1);
  EXPECT_EQ(there.count("POST /complaints/process/"), 1);
}

TEST_F(LinkTest, TheFirstDispositionThereComesToo) {
  config.dispose_on_create = false;
  there.disposition = "";
  const std::int64_t id = sent_report();
  rounds(1, config.poll_first);
  there.disposition = "102";
  rounds(1, kDay);
  EXPECT_EQ(agency_of(id), "dishub");
  EXPECT_EQ(there.count("POST /complaints/process/"), 0);
}

TEST_F(LinkTest, WhatTheCityItselfHasIsWithNoAgencyYet) {
  there.disposition = "";
  const std::int64_t id = sent_report();
  rounds(1, config.poll_first);
  there.disposition = "100";
  rounds(1, kDay);
  EXPECT_EQ(lines_with(id, "Di SP4N-LAPOR! laporan kini pada"), 0);
  there.disposition = "102";
  rounds(1, kDay);
  EXPECT_EQ(agency_of(id), "dishub");
  EXPECT_EQ(there.count("POST /complaints/process/"), 0);
}

// It stands there where it was until they have heard of it.
TEST_F(LinkTest, AHandOnThatHasNotArrivedIsNotUndone) {
  const std::int64_t id = sent_report();
  take(id, {.action = Action::kHandOn, .text = "Lampu, bukan jalan", .agency_id = "dishub"});
  there.trouble = [](const std::string& line) { return line.ends_with("/reject") ? 503 : 0; };
  rounds(2, config.poll_first);
  EXPECT_GE(there.count("GET /complaints/1500001/complaint"), 1);
  EXPECT_EQ(agency_of(id), "dishub");
}

TEST_F(LinkTest, ADispositionThatCannotBeTakenHereLeavesWhatWasTold) {
  const std::int64_t id = sent_report();
  rounds(1, config.poll_first);
  take(id, {.action = Action::kClose, .text = "Sudah diperbaiki warga sendiri"});
  there.disposition = "102";
  rounds(2, kDay);
  EXPECT_EQ(agency_of(id), "pupr");
  EXPECT_EQ(store.agency_told(id).value(), "pupr");
  EXPECT_EQ(lines_with(id, "Di SP4N-LAPOR! laporan kini pada Instansi 102"), 1);
  EXPECT_EQ(there.count("POST /complaints/process/"), 0);
}

}  // namespace
}  // namespace titik::serve
