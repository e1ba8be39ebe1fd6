#include "serve/api_health.h"
#include "serve/test_world.h"
#include "serve/upstream_store.h"

namespace titik::serve {
namespace {

TEST(Metrics, DurationsAreCumulative) {
  Metrics metrics;
  for (const double seconds : {0.001, 0.02, 0.02, 99.0}) metrics.count_request("GET", "/a/{id}", 200, seconds);
  const std::string text = metrics.text({});
  EXPECT_NE(text.find("titik_http_requests_total{method=\"GET\",route=\"/a/{id}\",status=\"200\"} 4\n"), std::string::npos) << text;
  for (const char* line : {"le=\"0.005\"} 1\n", "le=\"0.01\"} 1\n", "le=\"0.025\"} 3\n", "le=\"10\"} 3\n", "le=\"+Inf\"} 4\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
}

TEST_F(World, MetricsKnowRoutesAndReportsAndNoIds) {
  const Headers who = phone();
  const std::string id = create_report(who);
  (void)detail(who, id);
  (void)call("BREW", "/titik/1/health", {});
  const Response response = monitor(app, {"GET", "/metrics", {}, 0, {}});
  const std::string text(response.text());
  EXPECT_EQ(response.status, 200);
  EXPECT_NE(text.find("titik_reports{status=\"belum_terverifikasi\"} 1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("route=\"/lapor/3.0.0/complaints/{id}/complaint\",status=\"200\"} 1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("method=\"OTHER\""), std::string::npos) << text;
  EXPECT_EQ(text.find(id), std::string::npos);
  EXPECT_EQ(text.find("BREW"), std::string::npos);
  EXPECT_EQ(monitor(app, {"GET", "/titik/1/reports", {}, 0, {}}).status, 404);
  EXPECT_EQ(call("GET", "/metrics", {}).status, 404);
}

TEST_F(World, MetricsTellWhatWaitsForTheLink) {
  const auto text = [&] { return std::string(monitor(app, {"GET", "/metrics", {}, 0, {}}).text()); };
  EXPECT_EQ(text().find("titik_upstream"), std::string::npos);  // it was never turned on
  UpstreamStore store(repository->sql());
  ASSERT_TRUE(store.begin(now).ok());
  EXPECT_NE(text().find("titik_upstream_outbox{state=\"waiting\"} 0\n"), std::string::npos);
  EXPECT_NE(text().find("titik_upstream_oldest_seconds 0\n"), std::string::npos);
  const Headers who = phone();
  for (int i = 0; i < 3; ++i) create_report(who);
  const auto all = [](auto&&...) { return true; };
  (void)store.take_changes(0, all, all, now).value();
  now += 90 * kSecond;
  EXPECT_NE(text().find("titik_upstream_outbox{state=\"waiting\"} 3\n"), std::string::npos) << text();
  EXPECT_NE(text().find("titik_upstream_oldest_seconds 90\n"), std::string::npos) << text();
  UpstreamItem item = store.next_item(now).value().value();
  EXPECT_TRUE(store.item_rests(item, "refused", "HTTP 422").ok());
  item = store.next_item(now).value().value();
  EXPECT_TRUE(store.item_leaves(item, now).value());
  EXPECT_TRUE(store.item_rests(item, "asks", "").ok());
  EXPECT_NE(text().find("titik_upstream_outbox{state=\"asks\"} 1\ntitik_upstream_outbox{state=\"refused\"} 1\n"), std::string::npos) << text();
  item = store.next_item(now).value().value();
  EXPECT_TRUE(store.item_done(item.id).ok());
  EXPECT_NE(text().find("titik_upstream_oldest_seconds 90\n"), std::string::npos) << text();  // a person is asked
}

TEST_F(World, HealthTellsOfADatabaseThatDoesNotAnswer) {
  EXPECT_EQ(call("GET", "/healthz", {}).status, 200);
  EXPECT_EQ(log.find("fault"), std::string::npos);
  // The file is gone from under it; or the connection leads where nothing of ours is.
  if (database.is_postgresql()) {
    const SqlLock lock(repository->sql().mutex());
    ASSERT_TRUE(repository->sql().execute("SET search_path = nowhere").ok());
  } else {
    const SqlLock lock(repository->sql().mutex());
    ASSERT_TRUE(repository->sql().execute("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA shrink_memory").ok());
    std::filesystem::resize_file(database.location(), 0);
  }
  for (const char* path : {"/healthz", "/titik/1/health"}) {
    const Response trouble = call("GET", path, {});
    EXPECT_EQ(trouble.status, 503);
    EXPECT_EQ(trouble.text(), R"({"problem":"database","status":"trouble"})");
    EXPECT_EQ(trouble.header("Retry-After"), "30");
  }
  EXPECT_NE(log.find("\"fault\":\""), std::string::npos) << log;
}

TEST_F(World, ATableThatIsGoneIsAFaultOfOneRequest) {
  {
    const SqlLock lock(repository->sql().mutex());
    ASSERT_TRUE(repository->sql().execute("DROP TABLE change").ok());
  }
  // Told in the log by the id in its answer.
  const Response broken = call("GET", "/titik/1/reports/changes", phone());
  EXPECT_EQ(broken.status, 500);
  EXPECT_EQ(broken.text().find("change"), std::string_view::npos);
  const std::size_t line = log.find(broken.header("X-Request-Id"));
  ASSERT_NE(line, std::string::npos);
  EXPECT_NE(log.find("\"fault\":\"database: "), std::string::npos) << log;
}

}  // namespace
}  // namespace titik::serve
