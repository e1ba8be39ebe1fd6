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
  Outbox outbox;
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
  for (const int status : {400, 403, 409, 413, 422}) {
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

}  // namespace
}  // namespace titik::sync
