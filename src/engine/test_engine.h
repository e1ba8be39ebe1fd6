// An engine that has started, for engine_test.cc and news_test.cc.
#pragma once

#include <gtest/gtest.h>

#include "engine/engine.h"
#include "engine/test_world.h"

namespace titik::engine {

using report::PhoneState;

class EngineTest : public testing::Test {
 protected:
  void SetUp() override {
    world.start();
    ASSERT_NE(world.engine, nullptr);
  }
  // A complete draft with two photos.
  std::string write(int number = 1) {
    const report::Draft draft = test_draft(number);
    EXPECT_TRUE(ok(world.command(SaveDraft{draft})));
    EXPECT_TRUE(ok(world.command(AddPhoto{draft.id, test_photo('a')})));
    EXPECT_TRUE(ok(world.command(AddPhoto{draft.id, test_photo('b')})));
    return draft.id;
  }
  bool ok(std::int64_t command) {
    const std::optional<Reply> reply = world.reply(command);
    return reply && !reply->error;
  }
  ErrorCode error(std::int64_t command) {
    const std::optional<Reply> reply = world.reply(command);
    EXPECT_TRUE(reply && reply->error);
    return reply && reply->error ? reply->error->code : ErrorCode::kInternal;
  }
  void restart() {
    world.kill();
    world.start();
    ASSERT_NE(world.engine, nullptr) << world.open_error->message;
  }
  void expect_one_whole_report(const std::string& id) {
    ASSERT_EQ(world.server.reports.size(), 1u);
    const TestServer::Report& report = world.server.reports.begin()->second;
    EXPECT_EQ(report.id, id);
    EXPECT_EQ(report.photos, (std::vector<std::string>{test_photo('a').sha256, test_photo('b').sha256}));
    EXPECT_EQ(world.state_of(id), PhoneState::kReceived);
  }
  TestWorld world;
};

}  // namespace titik::engine
