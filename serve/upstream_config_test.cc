#include "serve/upstream_config.h"

#include <sys/stat.h>

#include "serve/test_world.h"
#include "serve/upstream_client.h"

namespace titik::serve {
namespace {

report::CityProfile real_city() {
  report::CityProfile city = test_city();
  city.lapor_ids_are_placeholders = false;
  city.channel = 13;
  return city;
}

std::string config_with(const std::string& more = "") {
  return R"({"base_url": "https://api.example.go.id/lapor/3.0.0/", "bearer": "kode", "token": "{ABC}", "user_id": "77", "institution_id": 900)" +
         more + "}";
}

TEST(UpstreamConfig, ReadsAllAndHasDefaults) {
  const auto config = parse_upstream_config(config_with(R"(, "send": "vertical", "institutions": {"pupr": "5001"},
      "status_map": {"Sedang Dikerjakan": "proses", "7": "ditutup_admin"}, "poll_first_minutes": 0.5)"), real_city());
  ASSERT_TRUE(config.ok()) << config.error().where << config.error().message;
  EXPECT_EQ(config->base.origin, "https://api.example.go.id");
  EXPECT_EQ(config->base.path, "/lapor/3.0.0");
  EXPECT_EQ(config->token, "ABC");
  EXPECT_EQ(config->institution_id, "900");
  EXPECT_EQ(config->channel, 13);
  EXPECT_EQ(config->send, UpstreamConfig::Send::kVertical);
  EXPECT_FALSE(config->send_identity);
  EXPECT_EQ(config->institution_of(real_city(), "pupr"), "5001");
  EXPECT_EQ(config->institution_of(real_city(), "dishub"), "102");
  EXPECT_EQ(config->category_of(real_city(), "jalan"), "11");
  EXPECT_EQ(config->status_map.at("sedang dikerjakan"), report::Status::kInProcess);
  EXPECT_EQ(config->poll_first, 30 * kSecond);
}

TEST(UpstreamConfig, SaysWhatIsWrong) {
  const auto where = [](const std::string& more) {
    const auto config = parse_upstream_config(config_with(more), real_city());
    return config.ok() ? std::string("nothing") : config.error().where;
  };
  EXPECT_EQ(where(R"(, "pool": 1)"), "pool");
  EXPECT_EQ(where(R"(, "send": "some")"), "send");
  EXPECT_EQ(where(R"(, "bearer": "a b")"), "bearer");
  EXPECT_EQ(where(R"(, "bearer": "")"), "bearer");
  EXPECT_EQ(where(R"(, "user_id": "x")"), "user_id");
  EXPECT_EQ(where(R"(, "institutions": {"tidak-ada": "1"})"), "institutions.tidak-ada");
  EXPECT_EQ(where(R"(, "status_map": {"Proses": "apa"})"), "status_map.Proses");
  EXPECT_EQ(where(R"(, "file_hosts": ["ftp://x"])"), "file_hosts");
  EXPECT_EQ(where(R"(, "list_path": "complaints")"), "list_path");
  EXPECT_EQ(where(R"(, "poll_longest_minutes": 1)"), "poll_longest_minutes");
  EXPECT_EQ(where(R"(, "base_url": "http://api.example.go.id")"), "base_url");
  EXPECT_EQ(where(R"(, "base_url": "https://u:p@api.example.go.id")"), "base_url");
}

TEST(UpstreamConfig, IsRefusedWhileTheIdsArePlaceholders) {
  const auto config = parse_upstream_config(config_with(), test_city());
  EXPECT_EQ(config.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(config.error().where, "lapor_ids_are_placeholders");
}

TEST(UpstreamConfig, AFileThatEverybodyMayReadIsRefusedAndNothingOfItIsTold) {
  const TemporaryFolder folder;
  const std::string path = folder.path + "/upstream.json";
  std::ofstream(path) << config_with(R"(, "channel": "x", "send": "rahasia-besar")");
  chmod(path.c_str(), 0644);
  EXPECT_EQ(read_upstream_config(path, real_city()).error().code, ErrorCode::kForbidden);
  chmod(path.c_str(), 0600);
  const auto config = read_upstream_config(path, real_city());
  ASSERT_FALSE(config.ok());
  EXPECT_EQ(config.error().where, path + ": send");
  EXPECT_EQ(config.error().message.find("rahasia-besar"), std::string::npos);
}

TEST(UpstreamConfig, TheEnvironmentGoesFirst) {
  const TemporaryFolder folder;
  const std::string path = folder.path + "/upstream.json";
  std::ofstream(path) << config_with();
  chmod(path.c_str(), 0600);
  setenv("TITIK_UPSTREAM_BEARER", "lain", 1);
  const auto config = read_upstream_config(path, real_city());
  unsetenv("TITIK_UPSTREAM_BEARER");
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->bearer, "lain");
}

TEST(UpstreamClient, TellsWhatMayHaveBeenDoneFromWhatWasNot) {
  EXPECT_EQ(outcome_of(200, R"({"complaint_id": 1})"), UpstreamOutcome::kDone);
  EXPECT_EQ(outcome_of(200, R"({"success": false, "message": "x"})"), UpstreamOutcome::kRefused);
  EXPECT_EQ(outcome_of(200, R"({"status": "error"})"), UpstreamOutcome::kRefused);
  EXPECT_EQ(outcome_of(200, "<html>"), UpstreamOutcome::kUnknown);
  EXPECT_EQ(outcome_of(500, "{}"), UpstreamOutcome::kUnknown);
  EXPECT_EQ(outcome_of(504, "{}"), UpstreamOutcome::kUnknown);
  EXPECT_EQ(outcome_of(503, "{}"), UpstreamOutcome::kNotDone);
  EXPECT_EQ(outcome_of(429, "{}"), UpstreamOutcome::kNotDone);
  EXPECT_EQ(outcome_of(302, ""), UpstreamOutcome::kNoAccess);
  EXPECT_EQ(outcome_of(401, "{}"), UpstreamOutcome::kNoAccess);
  EXPECT_EQ(outcome_of(422, "{}"), UpstreamOutcome::kRefused);
}

TEST(UpstreamClient, AsksNoHostThatNobodyNamed) {
  const UpstreamConfig config = parse_upstream_config(config_with(), real_city()).value();
  UpstreamClient client(config);
  EXPECT_FALSE(client.fetch("https://elsewhere.example/x.jpg"));
  EXPECT_FALSE(client.fetch("//elsewhere.example/x.jpg"));
  EXPECT_FALSE(client.fetch("https://api.example.go.id.elsewhere.example/x.jpg"));
  EXPECT_FALSE(client.fetch("https://api.example.go.id@elsewhere.example/x.jpg"));
  EXPECT_FALSE(client.fetch("file:///etc/passwd"));
}

TEST(UpstreamClient, NoConnectionMeansNotDone) {
  UpstreamConfig config = parse_upstream_config(config_with(), real_city()).value();
  config.base = {"http://127.0.0.1:1", ""};  // nobody listens there
  const UpstreamAnswer answer = UpstreamClient(config).post_json("/complaints/complaint", "{}");
  EXPECT_EQ(answer.outcome, UpstreamOutcome::kNotDone);
  EXPECT_EQ(answer.status, 0);
}

}  // namespace
}  // namespace titik::serve
