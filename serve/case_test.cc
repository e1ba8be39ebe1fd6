// What steps make of a report: clocks, evidence, and what must hold after any steps in any order.
#include "serve/case.h"

#include <gtest/gtest.h>

#include <random>

namespace titik::serve {
namespace {

using report::Status;

UnixMillis at(std::string_view date, int hour) {
  CivilTime civil = *parse_date(date);
  civil.hour = hour;
  return from_civil(civil, 420);
}

report::CityProfile city_profile() {
  report::CityProfile city;
  city.zone_name = "WIB";
  city.agencies = {{.id = "pupr", .name = "Dinas PUPR", .short_name = "Dinas PUPR"},
                   {.id = "dishub", .name = "Dishub", .short_name = "Dishub"},
                   {.id = "pln", .name = "PLN", .short_name = "PLN", .vertical = true}};
  city.categories = {{.id = "jalan", .name = "Jalan", .icon = "x", .agency = "pupr", .hours = 72},
                     {.id = "sosial", .name = "Sosial", .icon = "x", .agency = "dishub", .hours = 24, .evidence_required = false}};
  city.holidays = {"2026-12-24", "2026-12-25", "2027-01-01"};
  return city;
}

class Cases : public ::testing::Test {
 protected:
  Cases() : profile(city_profile()),
            city(CityRules::of(profile, R"({"acknowledgements":["terima kasih","akan kami tindak lanjuti"]})").value()) {}

  static Actor actor(Role role, std::string agency = "pupr") {
    return {.kind = ActorKind::kOfficer, .role = role, .agency_id = std::move(agency), .id = 7, .name = "Uji", .caller_id = 7};
  }
  Case fresh(UnixMillis now, std::string_view category = "jalan") {
    return new_case(profile.category(category)->agency, category, report::Classification::kComplaint, now, city);
  }
  Result<Outcome> does(Case& subject, Role role, Step step, UnixMillis now) {
    return take(subject, actor(role, subject.agency_id), step, now, city);
  }
  Step act() const { return {.action = Action::kAct, .text = "Lubang ditambal", .agency_id = {}, .institution = {}, .files = 1, .rating = 0}; }

  report::CityProfile profile;
  CityRules city;
  const UnixMillis start = at("2026-12-22", 10);  // Tuesday
};

TEST_F(Cases, ANewReportHasBothKindsOfClocks) {
  const Case one = fresh(start);
  EXPECT_EQ(one.times.follow_up_due_at, start + 72 * kHour);
  EXPECT_EQ(one.times.response_due_at, start + 72 * kHour);
  EXPECT_EQ(one.times.verify_due_at, at("2026-12-30", 0));   // 23, 28, 29 December
  EXPECT_EQ(one.times.answer_due_at, at("2027-01-01", 0));   // … 30, 31
  EXPECT_EQ(one.times.escalates_at, one.times.follow_up_due_at);
}

TEST_F(Cases, AnAcknowledgementStopsTheResponseAlone) {
  for (const Action action : {Action::kAcknowledge, Action::kAnswer, Action::kRefuse, Action::kAsk}) {
    Case one = fresh(start);
    const auto outcome = does(one, Role::kLiaison, {.action = action, .text = "Terima kasih, akan kami tindaklanjuti!"}, start + kHour);
    ASSERT_TRUE(outcome.ok()) << action_name(action);
    EXPECT_EQ(outcome->counted, Action::kAcknowledge);
    EXPECT_EQ(notice_of(action, outcome->counted).empty(), action == Action::kAcknowledge);
    EXPECT_EQ(one.times.response_stopped_at, start + kHour);
    EXPECT_EQ(one.times.follow_up_stopped_at, 0);
    EXPECT_EQ(one.times.closes_at, 0);
    EXPECT_EQ(one.status, Status::kInProcess);
    EXPECT_EQ(outcome->lines.size(), 2u);  // verified on the way
  }
}

TEST_F(Cases, AnActionNeedsEvidenceAsTheCategorySays) {
  Case one = fresh(start);
  Step bare = act();
  bare.files = 0;
  const auto refused = does(one, Role::kLiaison, bare, start);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().where, "photo");
  EXPECT_EQ(one, fresh(start));
  ASSERT_TRUE(does(one, Role::kLiaison, act(), start + kHour).ok());
  EXPECT_EQ(one.times.follow_up_stopped_at, start + kHour);

  Case without = fresh(start, "sosial");
  ASSERT_TRUE(does(without, Role::kLiaison, bare, start + kHour).ok());
  EXPECT_EQ(without.times.follow_up_stopped_at, start + kHour);

  Case question = fresh(start);
  question.classification = report::Classification::kInformationRequest;
  ASSERT_TRUE(does(question, Role::kLiaison, bare, start + kHour).ok());
  EXPECT_EQ(question.times.follow_up_stopped_at, start + kHour);
}

TEST_F(Cases, AnActionOfCourtesyIsNoneWhateverLiesWithIt) {
  for (const int files : {0, 1}) {
    Case one = fresh(start, "sosial");
    const Step polite{.action = Action::kAct, .text = "Terima kasih, akan kami tindak lanjuti", .agency_id = {}, .institution = {}, .files = files};
    EXPECT_EQ(does(one, Role::kLiaison, polite, start)->counted, Action::kAcknowledge);
    EXPECT_EQ(one.times.follow_up_stopped_at, 0);
  }
  // Evidence without words speaks for itself.
  for (const char* text : {"", "ok", "-"}) {
    Case one = fresh(start);
    EXPECT_EQ(does(one, Role::kLiaison, {.action = Action::kAct, .text = text, .agency_id = {}, .institution = {}, .files = 1}, start)->counted, Action::kAct);
    EXPECT_EQ(one.times.follow_up_stopped_at, start);
  }
}

TEST_F(Cases, WhatSaysNothingIsNeitherAReasonNorAnAnswer) {
  for (const char* text : {"-", "...", "ok", "siap pak", "Baik Bapak/Ibu", "\xF0\x9F\x99\x8F"}) {
    Case one = fresh(start);
    for (const Action action : {Action::kRefuse, Action::kAsk, Action::kHold, Action::kArchive}) {
      const auto refused = does(one, Role::kCoordinator, {.action = action, .text = text}, start);
      ASSERT_FALSE(refused.ok()) << text << " " << action_name(action);
      EXPECT_EQ(refused.error().where, "reason");
    }
    one.classification = report::Classification::kInformationRequest;
    EXPECT_EQ(does(one, Role::kLiaison, {.action = Action::kAnswer, .text = text}, start)->counted, Action::kAcknowledge) << text;
    EXPECT_EQ(one.times.follow_up_stopped_at, 0);
  }
}

TEST_F(Cases, ClosingNeedsASettlementOrAReason) {
  Case one = fresh(start);
  EXPECT_EQ(does(one, Role::kCoordinator, {.action = Action::kClose, .text = "x"}, start).error().code, ErrorCode::kConflict);
  ASSERT_TRUE(does(one, Role::kCoordinator, {.action = Action::kVerify}, start).ok());
  for (const char* reason : {"", "  ", "Terima kasih", "akan kami tindak lanjuti"}) {
    EXPECT_EQ(does(one, Role::kCoordinator, {.action = Action::kClose, .text = reason}, start).error().where, "reason") << reason;
  }
  Case refused = one;
  // An agency's own reason is a refusal, and said as one.
  EXPECT_EQ(does(refused, Role::kHead, {.action = Action::kClose, .text = "Jalan itu milik provinsi"}, start).error().where, "reason");
  ASSERT_TRUE(does(refused, Role::kLiaison, {.action = Action::kRefuse, .text = "Jalan itu milik provinsi"}, start).ok());
  ASSERT_TRUE(does(refused, Role::kLiaison, {.action = Action::kClose}, start).ok());
  EXPECT_EQ(refused.status, Status::kClosedByAdmin);
  ASSERT_TRUE(does(one, Role::kCoordinator, {.action = Action::kClose, .text = "Laporan ganda dari 7000001"}, start + kHour).ok());
  EXPECT_EQ(one.times.closed_at, start + kHour);
  EXPECT_EQ(one.times.escalates_at, 0);
}

TEST_F(Cases, HandedOnTheCitysClocksBeginAnewAndLaporsGoOn) {
  Case one = fresh(start);
  const UnixMillis later = start + 70 * kHour;
  ASSERT_TRUE(does(one, Role::kLiaison, {.action = Action::kAnswer, .text = "Kami cek dulu"}, start + kHour).ok());
  const UnixMillis verify_due = one.times.verify_due_at, answer_due = one.times.answer_due_at;
  const auto handed = does(one, Role::kLiaison, {.action = Action::kHandOn, .text = "Lampu itu milik Dishub", .agency_id = "dishub"}, later);
  ASSERT_TRUE(handed.ok());
  EXPECT_EQ(handed->lines.back().text, "Bukan wewenang instansi sebelumnya. Diteruskan ke Dishub: Lampu itu milik Dishub");
  EXPECT_EQ(one.agency_id, "dishub");
  EXPECT_EQ(one.status, Status::kVerified);
  EXPECT_EQ(one.times.follow_up_due_at, later + 72 * kHour);
  EXPECT_EQ(one.times.response_due_at, later + 72 * kHour);
  EXPECT_EQ(one.times.response_stopped_at, 0);
  EXPECT_EQ(one.times.verify_due_at, verify_due);
  EXPECT_EQ(one.times.answer_due_at, answer_due);
  EXPECT_EQ(one.times.answered_at, start + kHour);
  // The agency before has no part in it any more.
  EXPECT_EQ(take(one, actor(Role::kLiaison, "pupr"), act(), later, city).error().code, ErrorCode::kForbidden);
}

TEST_F(Cases, AgenciesDoNotPassAReportAroundForEver) {
  Case one = fresh(start);
  ASSERT_TRUE(does(one, Role::kLiaison, {.action = Action::kHandOn, .text = {}, .agency_id = "dishub"}, start).ok());
  ASSERT_TRUE(does(one, Role::kHead, {.action = Action::kHandOn, .text = {}, .agency_id = "pupr"}, start).ok());
  EXPECT_EQ(does(one, Role::kLiaison, {.action = Action::kHandOn, .text = {}, .agency_id = "dishub"}, start).error().code,
            ErrorCode::kForbidden);
  EXPECT_EQ(does(one, Role::kCoordinator, {.action = Action::kHandOn, .text = {}, .agency_id = "pupr"}, start).error().where, "agency");
  EXPECT_EQ(does(one, Role::kCoordinator, {.action = Action::kHandOn, .text = {}, .agency_id = "nobody"}, start).error().where, "agency");
  EXPECT_TRUE(does(one, Role::kCoordinator, {.action = Action::kHandOn, .text = {}, .agency_id = "pln"}, start).ok());
}

TEST_F(Cases, DisposingRestartsNothing) {
  Case one = fresh(start);
  ASSERT_TRUE(does(one, Role::kCoordinator, {.action = Action::kDispose, .text = {}, .agency_id = "dishub"}, start + 5 * kHour).ok());
  EXPECT_EQ(one.status, Status::kVerified);
  EXPECT_EQ(one.times.follow_up_due_at, start + 72 * kHour);
  EXPECT_EQ(one.times.verified_at, start + 5 * kHour);
}

TEST_F(Cases, OnHoldTheClocksStandStill) {
  Case one = fresh(start);
  const UnixMillis held = start + 10 * kHour, resumed = at("2026-12-29", 9);  // 23, 28 and 29 are working days
  ASSERT_TRUE(does(one, Role::kCoordinator, {.action = Action::kHold, .text = "Menunggu data pelapor"}, held).ok());
  EXPECT_FALSE(escalation_is_due(one.times, start + 100 * kDay));
  EXPECT_EQ(does(one, Role::kLiaison, {.action = Action::kResume}, resumed).error().code, ErrorCode::kForbidden);
  ASSERT_TRUE(does(one, Role::kCoordinator, {.action = Action::kResume}, resumed).ok());
  EXPECT_EQ(one.status, Status::kUnverified);
  EXPECT_EQ(one.times.follow_up_due_at, start + 72 * kHour + (resumed - held));
  EXPECT_EQ(one.times.escalates_at, one.times.follow_up_due_at);
  EXPECT_EQ(one.times.verify_due_at, at("2027-01-05", 0));  // 30, 31 December, 4 January
  EXPECT_EQ(one.times.held_at, 0);
}

TEST_F(Cases, WhatHadRunOutBeforeTheHoldStaysRunOut) {
  Case one = fresh(start);
  const UnixMillis due = one.times.follow_up_due_at;
  ASSERT_TRUE(does(one, Role::kCoordinator, {.action = Action::kHold, .text = "Menunggu data"}, due + kHour).ok());
  ASSERT_TRUE(does(one, Role::kCoordinator, {.action = Action::kResume}, due + 50 * kHour).ok());
  EXPECT_EQ(one.times.follow_up_due_at, due);
  EXPECT_TRUE(escalation_is_due(one.times, due + 50 * kHour));
}

TEST_F(Cases, EscalatesToTheHeadAndADayLaterToTheMayor) {
  Case one = fresh(start);
  const Actor system = system_actor();
  const UnixMillis due = one.times.follow_up_due_at;
  const Step step{.action = Action::kEscalate};
  EXPECT_EQ(take(one, system, step, due - 1, city).error().code, ErrorCode::kConflict);
  const auto first = take(one, system, step, due, city);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->lines[0].text, "Tenggat lewat. Diteruskan ke kepala Dinas PUPR");
  EXPECT_FALSE(take(one, system, step, due, city).ok());  // once
  EXPECT_FALSE(take(one, actor(Role::kMayor), {.action = Action::kAnswer, .text = "Segera selesaikan"}, due, city).ok());
  const auto second = take(one, system, step, due + kHeadsTime, city);
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->lines[0].text, "Masih lewat tenggat. Diteruskan ke kantor wali kota");
  EXPECT_FALSE(take(one, system, step, due + 100 * kDay, city).ok());
  EXPECT_TRUE(take(one, actor(Role::kMayor), {.action = Action::kAnswer, .text = "Segera selesaikan"}, due, city).ok());
}

TEST_F(Cases, ASettledReportIsNotEscalatedAndSilenceClosesIt) {
  Case one = fresh(start);
  ASSERT_TRUE(does(one, Role::kLiaison, act(), start).ok());
  EXPECT_FALSE(escalation_is_due(one.times, start + 100 * kDay));
  EXPECT_EQ(one.times.closes_at, at("2027-01-09", 0));  // after 23, 28–31 December and 4–8 January
  const Actor system = system_actor();
  EXPECT_FALSE(take(one, system, {.action = Action::kCloseSilent}, one.times.closes_at - 1, city).ok());
  EXPECT_FALSE(take(one, system, {.action = Action::kArchiveSilent}, one.times.closes_at, city).ok());
  ASSERT_TRUE(take(one, system, {.action = Action::kCloseSilent}, one.times.closes_at, city).ok());
  EXPECT_EQ(one.status, Status::kClosedBySystem);
}

TEST_F(Cases, AQuestionThatNobodyAnswersIsArchived) {
  Case one = fresh(start);
  ASSERT_TRUE(does(one, Role::kLiaison, {.action = Action::kAsk, .text = "Di depan rumah nomor berapa?"}, start).ok());
  const Actor system = system_actor();
  EXPECT_FALSE(take(one, system, {.action = Action::kCloseSilent}, one.times.closes_at, city).ok());
  ASSERT_TRUE(take(one, system, {.action = Action::kArchiveSilent}, one.times.closes_at, city).ok());
  EXPECT_EQ(one.status, Status::kArchivedBySystem);
}

TEST_F(Cases, AReplyEndsTheSilence) {
  Case one = fresh(start);
  ASSERT_TRUE(does(one, Role::kLiaison, act(), start).ok());
  ASSERT_TRUE(does(one, Role::kCitizen, {.action = Action::kReply, .text = "Masih berlubang"}, start + kHour).ok());
  EXPECT_EQ(one.status, Status::kAnsweredByCitizen);
  EXPECT_FALSE(silence_has_run_out(one.times, start + 100 * kDay));
  // The agency has LAPOR!'s five working days to answer it.
  const UnixMillis due = city.days.after(start + kHour, kDaysToAnswer);
  EXPECT_EQ(one.times.escalates_at, due);
  ASSERT_TRUE(does(one, Role::kCitizen, {.action = Action::kReply, .text = "Halo?"}, start + 2 * kDay).ok());
  EXPECT_EQ(one.times.escalates_at, due) << "asking again gives no more time";
  Case forgotten = one;
  const Step step{.action = Action::kEscalate};
  EXPECT_EQ(take(forgotten, system_actor(), step, due, city)->lines[0].text, "Tanggapan pelapor belum dijawab. Diteruskan ke kepala Dinas PUPR");
  EXPECT_EQ(take(forgotten, system_actor(), step, due + kHeadsTime, city)->lines[0].text,
            "Tanggapan pelapor masih belum dijawab. Diteruskan ke kantor wali kota");
  // A courtesy does not make it the citizen's turn again; an answer does.
  ASSERT_TRUE(does(one, Role::kLiaison, {.action = Action::kAcknowledge, .text = "Terima kasih"}, start + kHour).ok());
  EXPECT_EQ(one.times.closes_at, 0);
  EXPECT_EQ(one.times.escalates_at, due);
  ASSERT_TRUE(does(one, Role::kLiaison, {.action = Action::kAnswer, .text = "Sisanya sudah dirapikan"}, start + 2 * kHour).ok());
  EXPECT_EQ(one.times.closes_at, city.days.after(start + 2 * kHour, kDaysOfSilence));
  EXPECT_EQ(one.times.escalates_at, 0);
  EXPECT_EQ(one.times.follow_up_stopped_at, start);
}

TEST_F(Cases, AReplyOnHoldIsAnsweredAfterIt) {
  Case one = fresh(start);
  ASSERT_TRUE(does(one, Role::kLiaison, act(), start).ok());
  ASSERT_TRUE(does(one, Role::kCoordinator, {.action = Action::kHold, .text = "Menunggu musim kering"}, start).ok());
  ASSERT_TRUE(does(one, Role::kCitizen, {.action = Action::kReply, .text = "Masih berlubang"}, start + kHour).ok());
  EXPECT_FALSE(escalation_is_due(one.times, start + 100 * kDay));
  // However long the hold was: five working days from when it goes on.
  const UnixMillis resumed = start + 30 * kDay;
  ASSERT_TRUE(does(one, Role::kCoordinator, {.action = Action::kResume}, resumed).ok());
  EXPECT_EQ(one.times.escalates_at, city.days.after(resumed, kDaysToAnswer));
  EXPECT_EQ(one.status, Status::kAnsweredByCitizen);
}

TEST_F(Cases, AReplyBeforeTheHoldWaitsTheWorkingDaysOfTheHoldLonger) {
  Case one = fresh(start);
  ASSERT_TRUE(does(one, Role::kLiaison, act(), start).ok());
  ASSERT_TRUE(does(one, Role::kCitizen, {.action = Action::kReply, .text = "Masih berlubang"}, start).ok());
  const UnixMillis due = one.times.escalates_at;
  ASSERT_TRUE(does(one, Role::kCoordinator, {.action = Action::kHold, .text = "Menunggu musim kering"}, start + kHour).ok());
  const UnixMillis resumed = start + 10 * kDay + 3 * kHour;
  ASSERT_TRUE(does(one, Role::kCoordinator, {.action = Action::kResume}, resumed).ok());
  EXPECT_EQ(one.times.escalates_at, city.days.moved(due, city.days.between(start + kHour, resumed)));
}

TEST_F(Cases, WhoAsksAgainTakesNothingFromTheMayorsOffice) {
  Case one = fresh(start);
  ASSERT_TRUE(does(one, Role::kLiaison, act(), start).ok());
  ASSERT_TRUE(does(one, Role::kCitizen, {.action = Action::kReply, .text = "Masih berlubang"}, start).ok());
  const UnixMillis due = one.times.escalates_at;
  ASSERT_TRUE(take(one, system_actor(), {.action = Action::kEscalate}, due, city).ok());
  ASSERT_TRUE(take(one, system_actor(), {.action = Action::kEscalate}, due + kHeadsTime, city).ok());
  ASSERT_TRUE(does(one, Role::kCitizen, {.action = Action::kReply, .text = "Masih belum"}, due + 2 * kDay).ok());
  EXPECT_EQ(one.times.level, Level::kMayor);
  EXPECT_EQ(one.times.escalates_at, 0);
  // Answered and disputed again, it begins with the agency again.
  ASSERT_TRUE(does(one, Role::kLiaison, {.action = Action::kAnswer, .text = "Ditambal ulang Senin"}, due + 2 * kDay).ok());
  ASSERT_TRUE(does(one, Role::kCitizen, {.action = Action::kReply, .text = "Belum juga"}, due + 9 * kDay).ok());
  EXPECT_EQ(one.times.level, Level::kLiaison);
  EXPECT_NE(one.times.escalates_at, 0);
}

TEST_F(Cases, TheMayorsOfficeUrgesAndSettlesNothing) {
  Case question = new_case("pupr", "jalan", report::Classification::kInformationRequest, start, city);
  const UnixMillis due = question.times.follow_up_due_at;
  ASSERT_TRUE(take(question, system_actor(), {.action = Action::kEscalate}, due, city).ok());
  ASSERT_TRUE(take(question, system_actor(), {.action = Action::kEscalate}, due + kHeadsTime, city).ok());
  const Step urge{.action = Action::kAnswer, .text = "Segera selesaikan"};
  ASSERT_TRUE(take(question, actor(Role::kMayor), urge, due + kHeadsTime, city).ok());
  EXPECT_EQ(question.status, Status::kUnverified);
  EXPECT_EQ(question.times.follow_up_stopped_at, 0);
  EXPECT_EQ(question.times.closes_at, 0);
  EXPECT_EQ(question.times.response_stopped_at, due + kHeadsTime);
}

TEST_F(Cases, AReportIsHiddenInAnyStateWithAReason) {
  Case one = fresh(start);
  const Step hide{.action = Action::kHide, .text = "Isinya menyebut nama tetangga"};
  EXPECT_EQ(does(one, Role::kLiaison, hide, start).error().code, ErrorCode::kForbidden);
  EXPECT_EQ(does(one, Role::kCoordinator, {.action = Action::kHide, .text = "ok"}, start).error().where, "reason");
  const Case before = one;
  EXPECT_EQ(does(one, Role::kCoordinator, hide, start)->lines.at(0).text,
            "Dirahasiakan, tidak lagi tampil di halaman publik: Isinya menyebut nama tetangga");
  EXPECT_EQ(one, before);
}

TEST_F(Cases, AQuestionAskedTooLateEndsNothing) {
  const Step question{.action = Action::kAsk, .text = "Di mana lokasi tepatnya?"};
  Case early = fresh(start), late = fresh(start);
  const UnixMillis due = early.times.follow_up_due_at;
  ASSERT_TRUE(does(early, Role::kLiaison, question, due - 1).ok());
  ASSERT_TRUE(does(late, Role::kLiaison, question, due).ok());
  EXPECT_NE(early.times.closes_at, 0);
  EXPECT_EQ(late.times.closes_at, 0);
  EXPECT_TRUE(escalation_is_due(late.times, due));
}

TEST_F(Cases, ASchedulerThatComesLateDelaysNobodysStep) {
  Case one = fresh(start);
  const UnixMillis late = one.times.follow_up_due_at + 3 * kDay;
  ASSERT_TRUE(take(one, system_actor(), {.action = Action::kEscalate}, late, city).ok());
  ASSERT_TRUE(take(one, system_actor(), {.action = Action::kEscalate}, late, city).ok());
  EXPECT_EQ(one.times.level, Level::kMayor);
}

TEST_F(Cases, AVerticalBodyIsNotOrderedAbout) {
  Case one = fresh(start);
  const auto handed = does(one, Role::kCoordinator, {.action = Action::kHandOn, .text = "Tiang itu milik PLN", .agency_id = "pln"}, start);
  EXPECT_EQ(handed->lines[0].text, "Bukan wewenang instansi sebelumnya. Urusan PLN, di luar kewenangan kota: diteruskan koordinator lewat SP4N-LAPOR!: Tiang itu milik PLN");
  EXPECT_EQ(take(one, system_actor(), {.action = Action::kEscalate}, start + 72 * kHour, city)->lines[0].text,
            "Tenggat lewat. Diteruskan ke koordinator kota: PLN di luar kewenangan kota");
}

TEST_F(Cases, AnAnswerToAComplaintThatIsNotSettledStartsNoSilence) {
  Case one = fresh(start);
  ASSERT_TRUE(does(one, Role::kLiaison, {.action = Action::kAnswer, .text = "Kami cek besok"}, start).ok());
  EXPECT_EQ(one.times.closes_at, 0);
}

TEST_F(Cases, ACitizenReopensWithinTenWorkingDaysAndTheFollowUpBeginsAnew) {
  Case one = fresh(start);
  ASSERT_TRUE(does(one, Role::kLiaison, act(), start).ok());
  ASSERT_TRUE(does(one, Role::kLiaison, {.action = Action::kClose}, start).ok());
  const UnixMillis limit = city.days.after(start, 10);
  EXPECT_EQ(does(one, Role::kCitizen, {.action = Action::kReopen, .text = "Rusak lagi"}, limit).error().code, ErrorCode::kConflict);
  EXPECT_EQ(does(one, Role::kCitizen, {.action = Action::kReopen}, start).error().where, "text");
  ASSERT_TRUE(does(one, Role::kCitizen, {.action = Action::kReopen, .text = "Rusak lagi"}, limit - 1).ok());
  EXPECT_EQ(one.status, Status::kAnsweredByCitizen);
  EXPECT_EQ(one.times.follow_up_due_at, limit - 1 + 72 * kHour);
  EXPECT_EQ(one.times.closed_at, 0);
  // The old evidence closes nothing now.
  EXPECT_FALSE(does(one, Role::kLiaison, {.action = Action::kClose}, limit).ok());
}

TEST_F(Cases, AClosedReportIsRated) {
  Case one = fresh(start);
  EXPECT_EQ(does(one, Role::kCitizen, {.action = Action::kRate, .rating = 5}, start).error().code, ErrorCode::kConflict);
  ASSERT_TRUE(does(one, Role::kLiaison, act(), start).ok());
  ASSERT_TRUE(does(one, Role::kLiaison, {.action = Action::kClose}, start).ok());
  for (const int rating : {0, 6, -1}) {
    EXPECT_EQ(does(one, Role::kCitizen, {.action = Action::kRate, .rating = rating}, start).error().where, "rating");
  }
  EXPECT_EQ(does(one, Role::kCitizen, {.action = Action::kRate, .rating = 2}, start)->lines[0].text,
            "Pelapor memberi nilai 2 dari 5: Kurang Memuaskan");
  EXPECT_EQ(one.rating, 2);
}

// Any steps, by anybody, at any time.
TEST_F(Cases, NoOrderOfStepsBreaksWhatMustHold) {
  constexpr std::string_view kTexts[] = {"", "Terima kasih", "Jalan itu milik provinsi", "akan kami tindak lanjuti"};
  constexpr std::string_view kAgencies[] = {"pupr", "dishub", "pln", "tidak-ada"};
  std::mt19937 random(20261122);
  const auto pick = [&](std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random); };
  int taken = 0, closed = 0, reopened = 0, escalated = 0, silent = 0;
  for (int run = 0; run < 6000; ++run) {
    UnixMillis now = start + static_cast<UnixMillis>(pick(10)) * kDay;
    Case one = fresh(now, pick(2) == 0 ? "jalan" : "sosial");
    bool settled = false;  // evidence or a reasoned refusal since the clocks began
    Level level = Level::kLiaison;
    for (int i = 0; i < 40; ++i) {
      now += static_cast<UnixMillis>(pick(4) == 0 ? pick(240) : pick(8)) * kHour;
      const Role role = kRoles[pick(kRoles.size())];
      const Step step{.action = kActions[pick(kActions.size())], .text = std::string(kTexts[pick(4)]),
                      .agency_id = std::string(kAgencies[pick(4)]), .institution = {}, .files = static_cast<int>(pick(2)),
                      .rating = static_cast<int>(pick(7))};
      const Case before = one;
      const auto outcome = take(one, actor(role, std::string(kAgencies[pick(4)])), step, now, city);
      if (!outcome.ok()) {
        ASSERT_EQ(one, before) << "a refused step changes nothing";
        continue;
      }
      ++taken;
      // History is complete, and each change of state has its own line.
      ASSERT_FALSE(outcome->lines.empty());
      Status at_line = before.status;
      for (const HistoryLine& line : outcome->lines) {
        ASSERT_EQ(line.from, at_line);
        at_line = line.to;
        if (line.from != line.to) ASSERT_FALSE(line.text.empty());
      }
      ASSERT_EQ(at_line, one.status);
      // An acknowledgement never stops the follow-up.
      const bool courtesy = step.text == "Terima kasih" || step.text == "akan kami tindak lanjuti";
      if (outcome->counted == Action::kAcknowledge || outcome->counted == Action::kAnswer || outcome->counted == Action::kAsk) {
        ASSERT_EQ(one.times.follow_up_stopped_at, before.times.follow_up_stopped_at);
      }
      const bool evidence = outcome->counted == Action::kAct && !courtesy && (step.files > 0 || (one.category_id == "sosial" && !step.text.empty()));
      const bool refused = outcome->counted == Action::kRefuse && !courtesy && !step.text.empty();
      if (outcome->counted == Action::kAct) ASSERT_TRUE(evidence);
      if (evidence || refused) settled = true;
      // Invariant 5: a closed report has evidence or a reason.
      if (one.status == Status::kClosedByAdmin && before.status != one.status) {
        ++closed;
        const bool of_agency = role == Role::kLiaison || role == Role::kHead;
        ASSERT_TRUE(settled || (!of_agency && !courtesy && !step.text.empty()));
      }
      if (one.status == Status::kClosedBySystem && before.status != one.status) {
        ++silent;
        ASSERT_TRUE(settled);
        ASSERT_GE(now, before.times.closes_at);
      }
      // Escalation: one level at a time, only while the follow-up runs or a reply to it waits, anew only when a clock
      // begins anew.
      if (outcome->counted == Action::kEscalate) {
        ++escalated;
        ASSERT_EQ(static_cast<int>(one.times.level), static_cast<int>(level) + 1);
        level = one.times.level;
      }
      if (outcome->counted == Action::kReply && before.times.escalates_at == 0 && one.times.escalates_at != 0) {
        ASSERT_NE(one.times.follow_up_stopped_at, 0);
        level = Level::kLiaison;
      }
      // What is open waits for somebody: a step is due, a silence runs, it lies with the mayor, or it is on hold.
      if (is_open(one.status) && one.status != Status::kOnHold) {
        ASSERT_TRUE(one.times.escalates_at != 0 || one.times.closes_at != 0 || one.times.level == Level::kMayor);
      }
      if (outcome->counted == Action::kReopen || outcome->counted == Action::kHandOn) {
        reopened += outcome->counted == Action::kReopen ? 1 : 0;
        settled = false;
        level = Level::kLiaison;
        ASSERT_EQ(one.times.clocks_started_at, now);
      }
      ASSERT_EQ(one.times.level, level);
      // Clocks and states say the same.
      ASSERT_EQ(one.times.closed_at != 0, !is_open(one.status));
      ASSERT_EQ(one.times.held_at != 0, one.status == Status::kOnHold);
      if (one.status != Status::kUnverified && one.status != Status::kOnHold && is_open(one.status)) ASSERT_NE(one.times.verified_at, 0);
      if (one.times.follow_up_stopped_at != 0) ASSERT_NE(one.times.response_stopped_at, 0);
    }
  }
  // The walk goes everywhere: else it shows nothing.
  EXPECT_GT(taken, 10'000);
  for (const int count : {closed, reopened, escalated, silent}) EXPECT_GT(count, 50);
}

}  // namespace
}  // namespace titik::serve
