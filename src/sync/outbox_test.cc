#include "sync/outbox.h"

#include <gtest/gtest.h>

#include "sync/backoff.h"

namespace titik::sync {
namespace {

using Kind = Event::Kind;

const std::string kA(64, 'a'), kB(64, 'b');
const std::string kReport = "019aa7d2-0000-7000-8000-000000000001", kOther = "019aa7d2-0000-7000-8000-000000000002";

class OutboxTest : public testing::Test {
 protected:
  Actions event(Kind kind) { return handle(outbox, {.kind = kind}, Line::kFree, now, 0); }
  Actions queue(const std::string& id, std::vector<OutboxPhoto> photos = {}) {
    return handle(outbox, {.kind = Kind::kQueued, .item = {.report_id = id, .photos = std::move(photos)}}, Line::kFree, now, 0);
  }
  // `text` as the answer to what is in flight.
  Actions answer(int status, const std::string& text = {}, const std::string& retry_after_header = {}) {
    return handle(outbox, {.kind = Kind::kAnswered, .number = outbox.in_flight ? outbox.in_flight->number : 0,
                           .answer = {.status = status, .retry_after = retry_after_header, .body = text}},
                  Line::kFree, now, 0);
  }
  static std::string device() { return lapor::write_device({"t", "7"}); }
  static std::string receipt(const std::string& id, std::vector<std::string> photos = {}) {
    return lapor::write_created({id, "42", 1000, 2000, std::move(photos)});
  }
  static std::string file(const std::string& id, const std::string& sha256) {
    return lapor::write_uploaded({{id, sha256}}, {});
  }
  Outbox outbox{.way = Way::kFilesFirst};
  UnixMillis now = 1'795'200'000'000;
};

TEST_F(OutboxTest, FollowsTheStepsInTheirOrder) {
  EXPECT_EQ(queue(kReport, {{kA, ""}, {kB, ""}}).send->step, Step::kRegister);
  Actions actions = answer(201, device());
  EXPECT_EQ(actions.device->token, "t");
  ASSERT_EQ(actions.send->step, Step::kUpload);
  EXPECT_EQ(actions.send->sha256, kA);
  actions = answer(200, file("501", kA));
  EXPECT_EQ(actions.changed.at(0).photos[0].upload_id, "501");
  EXPECT_EQ(actions.send->sha256, kB);
  actions = answer(200, file("502", kB));
  ASSERT_EQ(actions.send->step, Step::kCreate);
  EXPECT_TRUE(actions.changed.at(0).create_unanswered);  // durable before it is sent
  actions = answer(201, receipt(kReport, {kA, kB}));
  EXPECT_EQ(actions.received->receipt.tracking_id, "42");
  EXPECT_TRUE(outbox.items.empty());
  EXPECT_EQ(actions.wake_at, 0);
}

TEST_F(OutboxTest, APhotoDamagedOnTheWayIsUploadedAgain) {
  outbox.token = "t";
  queue(kReport, {{kA, ""}});
  Actions actions = answer(200, file("501", kB));
  EXPECT_FALSE(actions.send);
  EXPECT_EQ(actions.wake_at, now + backoff(1, 0));
  now = actions.wake_at;
  EXPECT_EQ(event(Kind::kDue).send->step, Step::kUpload);
}

TEST_F(OutboxTest, AReceiptThatLacksAPhotoIsNone) {
  outbox.token = "t";
  queue(kReport, {{kA, "501"}});
  const Actions actions = answer(201, receipt(kReport, {kB}));
  EXPECT_FALSE(actions.received);
  EXPECT_TRUE(actions.refused);
}

TEST_F(OutboxTest, AServerWithoutOurExtensionIsServed) {
  outbox.token = "t";
  queue(kReport, {{kA, "501"}});
  EXPECT_EQ(answer(200, R"({"complaint_id": 99})").received->receipt.tracking_id, "99");
}

TEST_F(OutboxTest, WaitsAsLongAsTheServerAsksAndAPersonMayCutItShort) {
  outbox.token = "t";
  queue(kReport);
  const Actions actions = answer(429, "", "600");
  EXPECT_EQ(actions.wake_at, now + 600 * kSecond);
  EXPECT_FALSE(event(Kind::kOnline).send);
  EXPECT_TRUE(event(Kind::kSendNow).send);
}

TEST_F(OutboxTest, TheNetworkComingBackEndsTheWaitForIt) {
  outbox.token = "t";
  queue(kReport);
  answer(0);
  EXPECT_FALSE(event(Kind::kDue).send);
  EXPECT_EQ(event(Kind::kOnline).send->step, Step::kAsk);
}

// Regression: "ask, not there, create, failed" must slow down like any failure.
TEST_F(OutboxTest, AskingBetweenFailuresDoesNotForgetThem) {
  outbox.token = "t";
  queue(kReport);
  UnixMillis waited = 0;
  for (int i = 0; i < 12; ++i) {
    Actions actions = answer(503);
    ASSERT_NE(actions.wake_at, 0);
    waited = actions.wake_at - now;
    now = actions.wake_at;
    ASSERT_EQ(handle(outbox, {}, Line::kFree, now, ~0ull).send->step, Step::kAsk);
    ASSERT_EQ(answer(404).send->step, Step::kCreate);
  }
  EXPECT_EQ(outbox.items[0].attempts, 12);
  EXPECT_GT(waited, 0);
}

TEST_F(OutboxTest, RefusalsNeedAPersonAndOthersGoOn) {
  outbox.token = "t";
  for (const int status : {400, 403, 413, 422}) {
    queue(kReport);
    queue(kOther);
    const Actions actions = answer(status, lapor::write_error({"Ditolak", {{"title", "missing", "Isi judul"}}}));
    ASSERT_TRUE(actions.refused) << status;
    EXPECT_EQ(actions.refused->message, "Ditolak");
    EXPECT_EQ(actions.refused->problems, (std::vector<report::Problem>{{report::Field::kTitle, report::ProblemCode::kMissing}}));
    EXPECT_EQ(actions.send->report_id, kOther);
    answer(201, receipt(kOther));
  }
}

TEST_F(OutboxTest, ForgottenUploadsAreMadeAgainButNotForEver) {
  outbox.token = "t";
  queue(kReport, {{kA, "501"}});
  for (int i = 0; i < 3; ++i) {
    const Actions actions = answer(404);
    ASSERT_FALSE(actions.refused);
    EXPECT_EQ(actions.changed.at(0).photos[0].upload_id, "");
    now = actions.wake_at;
    ASSERT_EQ(event(Kind::kDue).send->step, Step::kUpload);
    ASSERT_EQ(answer(200, file("502", kA)).send->step, Step::kCreate);
  }
  EXPECT_TRUE(answer(404).refused);
}

TEST_F(OutboxTest, ATokenIsRenewedAtMostOnceInAQuarterOfAnHour) {
  outbox.token = "old";
  queue(kReport);
  EXPECT_EQ(answer(401).send->step, Step::kRegister);
  EXPECT_EQ(answer(201, device()).send->step, Step::kCreate);
  const Actions actions = answer(401);
  EXPECT_FALSE(actions.send);
  EXPECT_FALSE(actions.device);
  EXPECT_EQ(outbox.token, "t");
  now += 16 * kMinute;
  event(Kind::kDue);
  EXPECT_EQ(answer(401).send->step, Step::kRegister);
}

TEST_F(OutboxTest, LateAndDoubledAnswersAreNothing) {
  outbox.token = "t";
  queue(kReport, {{kA, ""}});
  const std::uint64_t first = outbox.in_flight->number;
  answer(200, file("501", kA));
  const Event late{.kind = Kind::kAnswered, .number = first, .answer = {.status = 500}};
  const Actions actions = handle(outbox, late, Line::kFree, now, 0);
  EXPECT_TRUE(actions.changed.empty());
  EXPECT_FALSE(actions.send);
  EXPECT_TRUE(outbox.in_flight);
}

TEST_F(OutboxTest, ABusyLineIsRespected) {
  outbox.token = "t";
  EXPECT_FALSE(handle(outbox, {.kind = Kind::kQueued, .item = {.report_id = kReport}}, Line::kBusy, now, 0).send);
  EXPECT_TRUE(event(Kind::kDue).send);
  EXPECT_FALSE(event(Kind::kDue).send);  // one at a time
}

// --- Words first ----------------------------------------------------------------------------------

class WordsFirstTest : public OutboxTest {
 protected:
  static constexpr std::int64_t kBytes = 300'000;
  WordsFirstTest() {
    outbox.token = "t";
    outbox.way = Way::kWordsFirst;
  }
  Actions told(const Answer& given) {
    return handle(outbox, {.kind = Kind::kAnswered, .number = outbox.in_flight ? outbox.in_flight->number : 0, .answer = given},
                  Line::kFree, now, 0);
  }
  static std::string pending(const std::string& id, std::vector<std::string> here, std::vector<std::string> to_come) {
    return lapor::write_created({id, "42", 1000, 2000, std::move(here), std::move(to_come)});
  }
  // The words are received, and the photo is begun.
  Actions begun() {
    queue(kReport, {{kA, "", kBytes}});
    answer(201, pending(kReport, {}, {kA}));
    return told({.status = 201, .location = "http://kota/titik/1/uploads/5000000001", .upload_offset = 0});
  }
  // Waits out what a failure costs.
  Actions later(const Actions& failed) {
    EXPECT_FALSE(failed.send);
    now = failed.wake_at;
    return event(Kind::kDue);
  }
};

TEST_F(WordsFirstTest, TheServerIsAskedOnceHowPhotosGo) {
  for (const std::string_view extension : {"creation,titik-report", "creation", ""}) {
    outbox = {.token = "t"};
    ASSERT_EQ(queue(kReport, {{kA, "", kBytes}}).send->step, Step::kWay);
    const Actions actions = told({.status = 204, .tus_extension = extension});
    EXPECT_EQ(actions.send->step, extension.size() > 8 ? Step::kCreate : Step::kUpload) << extension;
    EXPECT_EQ(actions.send->photos_follow, extension.size() > 8);
  }
  for (const int status : {403, 404, 405, 501}) {
    outbox = {.token = "t"};
    queue(kReport, {{kA, "", kBytes}});
    const Actions actions = told({.status = status});
    // No server that knows the question says 5xx for good: it is asked again.
    EXPECT_EQ(actions.send.has_value(), status != 501) << status;
    if (actions.send) EXPECT_EQ(actions.send->step, Step::kUpload);
  }
  event(Kind::kOnline);
  EXPECT_EQ(outbox.way, Way::kUnknown);
}

TEST_F(WordsFirstTest, AReportWithoutPhotosAsksNothing) {
  outbox.way = Way::kUnknown;
  EXPECT_EQ(queue(kReport).send->step, Step::kCreate);
}

TEST_F(WordsFirstTest, FollowsTheStepsInTheirOrder) {
  Actions actions = queue(kReport, {{kA, "", kBytes}});
  ASSERT_EQ(actions.send->step, Step::kCreate);
  EXPECT_TRUE(actions.send->photos_follow);
  actions = answer(201, pending(kReport, {}, {kA}));
  EXPECT_TRUE(actions.received->first);
  EXPECT_FALSE(actions.received->whole);
  ASSERT_EQ(actions.send->step, Step::kBegin);
  actions = told({.status = 201, .location = "http://kota/titik/1/uploads/5000000001", .upload_offset = 0});
  EXPECT_EQ(actions.changed.at(0).photos[0].upload_id, "/titik/1/uploads/5000000001");  // durable before bytes are sent
  ASSERT_EQ(actions.send->step, Step::kBytes);
  EXPECT_EQ(actions.send->from, 0);
  EXPECT_EQ(actions.send->bytes, kFirstPiece);
  now += 16 * kSecond;  // twice what a piece should take
  actions = told({.status = 204, .upload_offset = kFirstPiece});
  EXPECT_EQ(actions.send->from, kFirstPiece);
  EXPECT_EQ(actions.send->bytes, kFirstPiece / 2);
  now += kSecond;
  actions = told({.status = 204, .upload_offset = kFirstPiece + kFirstPiece / 2});
  EXPECT_EQ(actions.send->bytes, kBytes - kFirstPiece - kFirstPiece / 2);  // four times as much would fit
  actions = told({.status = 204, .upload_offset = kBytes});
  EXPECT_EQ(actions.changed.at(0).photos[0].upload_id, "5000000001");
  ASSERT_EQ(actions.send->step, Step::kAsk);
  EXPECT_FALSE(actions.received);
  actions = answer(200, receipt(kReport, {kA}));
  EXPECT_FALSE(actions.received->first);
  EXPECT_TRUE(actions.received->whole);
  EXPECT_TRUE(outbox.items.empty());
}

TEST_F(WordsFirstTest, WordsGoBeforePhotosOfAny) {
  begun();
  queue(kOther, {{kB, "", 1000}});
  const Actions actions = told({.status = 204, .upload_offset = 1000});
  EXPECT_EQ(actions.send->step, Step::kCreate);
  EXPECT_EQ(actions.send->report_id, kOther);
  // And then on where it was.
  const Actions next = answer(201, pending(kOther, {}, {kB}));
  EXPECT_EQ(next.send->step, Step::kBytes);
  EXPECT_EQ(next.send->from, 1000);
}

TEST_F(WordsFirstTest, AfterALostAnswerTheOffsetIsAskedForAndOnlyTheRestIsSent) {
  begun();
  Actions actions = later(told({}));
  ASSERT_EQ(actions.send->step, Step::kOffset);
  EXPECT_EQ(outbox.items[0].attempts, 1);
  actions = told({.status = 200, .upload_offset = 77'777});
  EXPECT_EQ(actions.send->from, 77'777);
  EXPECT_EQ(actions.send->bytes, 64 * 1024) << "smaller pieces on a bad link";
  EXPECT_EQ(outbox.items[0].attempts, 0) << "the server took something";
  // What takes nothing slows down.
  actions = later(told({}));
  told({.status = 200, .upload_offset = 77'777});
  EXPECT_EQ(outbox.items[0].attempts, 1);
  told({.status = 409});
  EXPECT_EQ(outbox.items[0].attempts, 2);
}

TEST_F(WordsFirstTest, AnAnswerThatSaysNothingIsNone) {
  for (const std::int64_t offset : {std::int64_t{-1}, std::int64_t{0}, kBytes + 1}) {
    outbox = {.token = "t", .way = Way::kWordsFirst};
    begun();
    EXPECT_EQ(later(told({.status = 200, .upload_offset = offset})).send->step, Step::kOffset) << offset;
  }
  for (const std::string_view location : {"", "uploads/5", "/titik/1/uploads/", "//jahat/5", "http://jahat", "/a b", "/a\\b"}) {
    outbox = {.token = "t", .way = Way::kWordsFirst};
    queue(kReport, {{kA, "", kBytes}});
    answer(201, pending(kReport, {}, {kA}));
    EXPECT_EQ(later(told({.status = 201, .location = location, .upload_offset = 0})).send->step, Step::kBegin) << location;
  }
}

TEST_F(WordsFirstTest, AForgottenUploadIsBegunAnewEverMoreSlowly) {
  Actions actions = begun();
  for (int i = 0; i < 3; ++i) {
    actions = later(told({.status = i == 0 ? 404 : i == 1 ? 410 : 460}));
    ASSERT_EQ(actions.send->step, Step::kBegin);
    actions = told({.status = 201, .location = "/titik/1/uploads/6", .upload_offset = 0});
    ASSERT_EQ(actions.send->step, Step::kBytes);
  }
  actions = told({.status = 404});
  EXPECT_FALSE(actions.refused);
  EXPECT_GT(actions.wake_at, now);
}

// Each time the server takes a piece, which is progress, and then says that all of it was in vain.
TEST_F(WordsFirstTest, PiecesThatAreTakenInVainSlowItDownToo) {
  begun();
  for (int i = 0; i < 5; ++i) {
    ASSERT_EQ(told({.status = 204, .upload_offset = 1000}).send->step, Step::kBytes);
    told({.status = 460});
    EXPECT_EQ(outbox.items[0].attempts, i + 1);
    ASSERT_EQ(event(Kind::kSendNow).send->step, Step::kBegin);
    ASSERT_EQ(told({.status = 201, .location = "/titik/1/uploads/6", .upload_offset = 0}).send->step, Step::kBytes);
  }
}

TEST_F(WordsFirstTest, APhotoThatIsThereAlreadyIsNotSent) {
  queue(kReport, {{kA, "", kBytes}});
  answer(201, pending(kReport, {}, {kA}));
  EXPECT_EQ(told({.status = 201, .location = "/titik/1/uploads/6", .upload_offset = kBytes}).send->step, Step::kAsk);
}

TEST_F(WordsFirstTest, AfterARestartTheDatabaseSaysHowFarItWas) {
  begun();
  std::vector<OutboxItem> items = outbox.items;
  outbox = {.token = "t", .items = items};
  EXPECT_EQ(event(Kind::kDue).send->step, Step::kWay);
  EXPECT_EQ(told({.status = 204, .tus_extension = "creation,titik-report"}).send->step, Step::kOffset);
  items[0].photos[0].upload_id = "5000000001";
  outbox = {.token = "t", .items = items, .way = Way::kWordsFirst};
  EXPECT_EQ(event(Kind::kDue).send->step, Step::kAsk);
  // To a server that takes no resumable uploads any more all of it goes the other way, under the same key.
  items[0].photos[0].upload_id = "/titik/1/uploads/5000000001";
  outbox = {.token = "t", .items = items};
  event(Kind::kDue);
  EXPECT_EQ(told({.status = 404}).send->step, Step::kUpload);
  EXPECT_EQ(answer(200, file("501", kA)).send->step, Step::kCreate);
  EXPECT_TRUE(answer(200, receipt(kReport, {kA})).received->whole);
}

TEST_F(WordsFirstTest, AReportThatIsNotThisDevicesAnyMoreIsSentAgainUnderItsKey) {
  begun();
  told({.status = 204, .upload_offset = kBytes});
  Actions actions = later(answer(404));
  ASSERT_EQ(actions.send->step, Step::kCreate);
  actions = answer(200, receipt(kReport, {kA}));
  EXPECT_TRUE(actions.received->whole);
}

TEST_F(WordsFirstTest, APhotoThatDidNotArriveAfterAllIsSentAgain) {
  begun();
  told({.status = 204, .upload_offset = kBytes});
  const Actions actions = later(answer(200, pending(kReport, {}, {kA})));
  EXPECT_EQ(actions.send->step, Step::kBegin);
}

TEST_F(WordsFirstTest, ARefusedPhotoOfAReceivedReportWaitsAndOthersGoOn) {
  begun();
  queue(kOther);
  const Actions actions = told({.status = 415, .body = R"({"message":"Bukan foto"})"});
  EXPECT_FALSE(actions.refused);
  EXPECT_EQ(outbox.items.size(), 2u);
  EXPECT_EQ(actions.send->report_id, kOther);
}

TEST_F(WordsFirstTest, WhereOnlyGetAndPostPassThePhotoGoesAsAFileAndTheReportIsCreatedOnceMore) {
  for (const int status : {403, 405, 501}) {
    outbox = {.token = "t", .way = Way::kWordsFirst};
    begun();
    const Actions actions = later(told({.status = status}));
    ASSERT_TRUE(actions.send) << status;
    EXPECT_EQ(actions.send->step, Step::kUpload) << status;
  }
}

TEST_F(WordsFirstTest, AReceiptThatLacksAPhotoOrSaysNothingIsNone) {
  queue(kReport, {{kA, "", kBytes}});
  EXPECT_TRUE(answer(201, pending(kReport, {}, {kB})).refused);
  outbox = {.token = "t", .way = Way::kWordsFirst};
  queue(kReport, {{kA, "", kBytes}});
  EXPECT_FALSE(answer(201, R"({"complaint_id": 99})").received) << "the photos are still here";
}

TEST_F(OutboxTest, AnIdThatTheCityHasWithOtherContentIsNamed) {
  outbox.token = "t";
  queue(kReport);
  const Actions actions = answer(409, lapor::write_error({"Sudah dipakai", {}}));
  ASSERT_TRUE(actions.refused);
  EXPECT_EQ(actions.refused->message, "Sudah dipakai");
  EXPECT_EQ(actions.refused->problems, (std::vector<report::Problem>{{report::Field::kId, report::ProblemCode::kInvalid}}));
}

TEST_F(OutboxTest, AReportThatGetsThroughEndsTheWaitsThatOnlyTheNetworkCaused) {
  outbox.token = "t";
  queue(kReport);
  (void)answer(0);
  ASSERT_GT(outbox.items[0].not_before, now);
  queue(kOther);
  const Actions actions = answer(201, receipt(kOther));
  EXPECT_EQ(actions.changed.back().report_id, kReport);
  ASSERT_TRUE(actions.send);
  EXPECT_EQ(actions.send->report_id, kReport);
  // What the server itself put off waits.
  (void)answer(503);
  queue(kOther);
  EXPECT_FALSE(answer(201, receipt(kOther)).send);
}

TEST_F(OutboxTest, WithTheNetworkBackReportsGoInTheOrderOfTheirMaking) {
  outbox.token = "t";
  queue(kReport);
  (void)answer(0);
  now = outbox.items[0].not_before;
  (void)event(Kind::kDue);
  (void)answer(0);  // twice
  queue(kOther);
  (void)answer(0);  // once
  EXPECT_EQ(event(Kind::kOnline).send->report_id, kReport);
}

// Step 13.
TEST_F(OutboxTest, OnALinkThatCostsTheWordsGoAndThePhotosWait) {
  outbox.token = "t";
  outbox.way = Way::kWordsFirst;
  handle(outbox, {.kind = Kind::kLink, .photos_wait = true}, Line::kFree, now, 0);
  ASSERT_EQ(queue(kReport, {{kA, "", 1000}}).send->step, Step::kCreate);
  Actions actions = answer(201, lapor::write_created({.report_id = kReport, .tracking_id = "42", .pending_sha256 = {kA}}));
  ASSERT_TRUE(actions.received);
  EXPECT_FALSE(actions.send);
  EXPECT_EQ(actions.wake_at, 0);  // a better link or a person wakes it, not the clock
  EXPECT_FALSE(event(Kind::kOnline).send);

  EXPECT_EQ(queue(kOther).send->report_id, kOther);  // others' words go on
  (void)answer(201, receipt(kOther));
  ASSERT_EQ(handle(outbox, {.kind = Kind::kLink, .photos_wait = false}, Line::kFree, now, 0).send->step, Step::kBegin);
}

TEST_F(OutboxTest, WhoAsksForPhotosOnALinkThatCostsGetsThem) {
  outbox.token = "t";
  outbox.way = Way::kWordsFirst;
  outbox.photos_wait = true;
  outbox.items = {{.report_id = kReport, .photos = {{kA, "", 1000}}, .words_at_server = true}};
  ASSERT_FALSE(event(Kind::kDue).send);
  ASSERT_EQ(event(Kind::kSendNow).send->step, Step::kBegin);
  (void)answer(201, {});  // without a Location: it waits for its turn, not for the link
  EXPECT_FALSE(is_held(outbox, outbox.items[0]));
  // Browsers tell of their link all the time.
  for (const bool costs : {true, false, true}) handle(outbox, {.kind = Kind::kLink, .photos_wait = costs}, Line::kFree, now, 0);
  EXPECT_FALSE(is_held(outbox, outbox.items[0]));
  // And until then only: the next report's wait again.
  outbox.items.clear();
  (void)event(Kind::kDue);
  EXPECT_FALSE(outbox.photos_now);
}

// A server that takes photos only before the words: the report goes whole, or it would not go at all.
TEST_F(OutboxTest, WhereFilesGoFirstALinkThatCostsHoldsNothing) {
  outbox.token = "t";
  outbox.photos_wait = true;
  EXPECT_EQ(queue(kReport, {{kA, "", 1000}}).send->step, Step::kUpload);
}

// The words are there, and two photos to come; the server takes thumbnails.
class Thumbnails : public ::testing::Test {
 protected:
  Thumbnails() {
    outbox.token = "t";
    outbox.way = Way::kWordsFirst;
    outbox.takes_thumbnails = true;
    outbox.items = {{.report_id = kReport, .photos = {{kA, "", 1000}, {kB, "", 1000}}, .words_at_server = true}};
  }
  Actions due() { return handle(outbox, {.kind = Event::Kind::kDue}, Line::kFree, now, 1); }
  Actions answered(Answer answer) {
    return handle(outbox, {.kind = Event::Kind::kAnswered, .number = outbox.in_flight->number, .answer = answer}, Line::kFree, now, 1);
  }
  Outbox outbox;
  UnixMillis now = 1'795'200'000'000;
};

TEST_F(Thumbnails, GoAheadOfThePhotosEachOnceAndOutliveAKill) {
  Actions actions = due();
  ASSERT_EQ(actions.send->step, Step::kThumbnail);
  EXPECT_EQ(actions.send->sha256, kA);
  actions = answered({.status = 204});
  ASSERT_EQ(actions.changed.at(0).thumbnails, 1);
  ASSERT_EQ(actions.send->step, Step::kThumbnail);
  EXPECT_EQ(actions.send->sha256, kB);
  actions = answered({.status = 404});  // of no use to anybody, and no harm
  EXPECT_EQ(actions.changed.at(0).thumbnails, 2);
  EXPECT_EQ(actions.send->step, Step::kBegin);
}

TEST_F(Thumbnails, OneThatFailsOrIsDamagedIsLeftOut) {
  ASSERT_EQ(due().send->step, Step::kThumbnail);
  Actions actions = answered({});  // no network: it waits, and goes on with the next
  EXPECT_FALSE(actions.send.has_value());
  now += kHour;
  actions = due();
  ASSERT_EQ(actions.send->step, Step::kThumbnail);
  EXPECT_EQ(actions.send->sha256, kB);
  actions = answered({.photo_unreadable = true});
  EXPECT_FALSE(actions.refused.has_value());  // the photo itself may be whole
  EXPECT_EQ(actions.send->step, Step::kBegin);
}

TEST_F(Thumbnails, GoWherePhotosWaitForAnotherLink) {
  outbox.photos_wait = true;
  EXPECT_EQ(due().send->step, Step::kThumbnail);
  EXPECT_EQ(answered({.status = 204}).send->step, Step::kThumbnail);
  EXPECT_FALSE(answered({.status = 204}).send.has_value());
  EXPECT_TRUE(is_held(outbox, outbox.items[0]));
}

TEST_F(Thumbnails, AreNotSentToAServerThatDoesNotTakeThem) {
  outbox.takes_thumbnails = false;
  EXPECT_EQ(due().send->step, Step::kBegin);
}

}  // namespace
}  // namespace titik::sync
