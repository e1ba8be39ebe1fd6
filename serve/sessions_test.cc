#include "serve/sessions.h"

#include <atomic>
#include <thread>

#include "serve/accounts.h"
#include "serve/test_world.h"

namespace titik::serve {
namespace {

constexpr const char* kPassword = "kuda baterai staples";

struct SessionWorld : World {
  SessionWorld() : accounts(repository->sql(), gate.passwords), sessions(repository->sql(), gate.passwords) {
    add("siti", Role::kLiaison, "pupr");
  }
  void add(const std::string& name, Role role, const std::string& agency = "") {
    (void)accounts.add({.name = name, .role = role, .agency_id = agency}, kPassword, now).value();
  }
  LoginAnswer log_in(const std::string& name, const std::string& password, const std::string& browser = "") {
    return sessions.log_in({name, password, browser}, now).value();
  }
  // Over HTTP, as a browser does.
  Response post_login(const std::string& name, const std::string& password, Headers headers = {}) {
    headers["X-Titik-Office"] = "1";
    return call("POST", "/titik/1/office/session", headers, to_text({{"name", name}, {"password", password}}));
  }
  static std::string cookie_of(const Response& response, const std::string& name) {
    for (const auto& [header, value] : response.headers) {
      if (header == "Set-Cookie" && value.starts_with(name + "=")) return value.substr(0, value.find(';'));
    }
    return {};
  }

  Accounts accounts;
  Sessions sessions;
};

TEST_F(SessionWorld, AccountsAreMadeByTheRules) {
  const auto refused = [&](const Account& account, const char* password = kPassword) {
    const auto added = accounts.add(account, password, now);
    return added.ok() ? "" : added.error().where;
  };
  EXPECT_EQ(refused({.name = "siti", .role = Role::kMayor}), "name");  // taken
  EXPECT_EQ(refused({.name = "Si", .role = Role::kMayor}), "name");
  EXPECT_EQ(refused({.name = "budi", .role = Role::kLiaison}), "agency");
  EXPECT_EQ(refused({.name = "budi", .role = Role::kMayor, .agency_id = "pupr"}), "agency");
  EXPECT_EQ(refused({.name = "budi", .role = Role::kMayor}, "pendek"), "password");
  EXPECT_EQ(refused({.name = "budi", .role = Role::kMayor}), "");
  EXPECT_EQ(accounts.list()->size(), 2u);
  EXPECT_EQ(accounts.disable("nobody", now).error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(officer_role_from_name("citizen"));
  EXPECT_FALSE(officer_role_from_name("system"));
}

TEST_F(SessionWorld, LoginOverHttpGivesCookiesThatNoScriptReads) {
  Headers headers{{"X-Forwarded-Proto", "https"}};
  peer = "10.0.0.2";
  const Response response = post_login("siti", kPassword, headers);
  ASSERT_EQ(response.status, 200);
  EXPECT_EQ(response.text(), R"({"agency_id":"pupr","agency_name":"Dinas PUPR","name":"siti","role":"liaison"})");
  int cookies = 0;
  for (const auto& [name, value] : response.headers) {
    if (name != "Set-Cookie") continue;
    ++cookies;
    EXPECT_NE(value.find("; Path=/titik/1/office; HttpOnly; SameSite=Strict; Max-Age="), std::string::npos) << value;
    EXPECT_NE(value.find("; Secure"), std::string::npos);
  }
  EXPECT_EQ(cookies, 2);
  EXPECT_EQ(post_login("siti", kPassword).header("Set-Cookie").find("Secure"), std::string::npos);  // plain http
  const Headers session{{"Cookie", "x=1; " + cookie_of(response, "titik_session")}};
  EXPECT_EQ(call("GET", "/titik/1/office/session", session).text(), response.text());
  EXPECT_EQ(call("GET", "/titik/1/office/session", {{"Cookie", "titik_session=0"}}).status, 401);
  Headers leaving = session;
  leaving["X-Titik-Office"] = "1";
  EXPECT_EQ(call("DELETE", "/titik/1/office/session", leaving).status, 204);
  EXPECT_EQ(call("GET", "/titik/1/office/session", session).status, 401);
  for (const char* secret : {"siti", kPassword, "titik_session="}) EXPECT_EQ(log.find(secret), std::string::npos);
}

TEST_F(SessionWorld, AnotherSitesPageCanDoNothing) {
  const std::string body = to_text({{"name", "siti"}, {"password", kPassword}});
  EXPECT_EQ(call("POST", "/titik/1/office/session", {}, body).status, 403);
  Headers foreign{{"X-Titik-Office", "1"}, {"Origin", "https://evil.example"}, {"Host", "lapor.kota.go.id"}};
  EXPECT_EQ(call("POST", "/titik/1/office/session", foreign, body).status, 403);
  foreign["Origin"] = "null";
  EXPECT_EQ(call("POST", "/titik/1/office/session", foreign, body).status, 403);
  foreign["Origin"] = "https://lapor.kota.go.id";
  const Response response = call("POST", "/titik/1/office/session", foreign, body);
  ASSERT_EQ(response.status, 200);
  EXPECT_EQ(call("DELETE", "/titik/1/office/session", {{"Cookie", cookie_of(response, "titik_session")}}).status, 403);
  EXPECT_EQ(call("GET", "/titik/1/office/session", {{"Cookie", cookie_of(response, "titik_session")}}).status, 200);
}

TEST_F(SessionWorld, UnknownWrongAndDisabledAnswerAlike) {
  add("budi", Role::kCoordinator);
  ASSERT_TRUE(accounts.disable("budi", now).ok());
  const Response unknown = post_login("nobody", kPassword);
  const Response wrong = post_login("siti", "salah salah salah");
  const Response disabled = post_login("budi", kPassword);
  EXPECT_EQ(unknown.status, 401);
  EXPECT_EQ(unknown.text(), wrong.text());
  EXPECT_EQ(unknown.text(), disabled.text());
  EXPECT_EQ(unknown.header("Set-Cookie"), "");
  EXPECT_EQ(wrong.header("Set-Cookie"), "");
  // And they lock alike.
  for (const char* name : {"nobody", "siti", "budi"}) {
    for (int i = 0; i < 4; ++i) EXPECT_EQ(post_login(name, "salah salah salah").status, 401) << name << i;
    EXPECT_EQ(post_login(name, kPassword).status, 429) << name;
    EXPECT_EQ(post_login(name, kPassword).header("Retry-After"), "2") << name;
  }
}

TEST_F(SessionWorld, FailuresWaitEverLongerAndAStrangerKeepsNobodyOutForLong) {
  const std::string browser = log_in("siti", kPassword).browser;
  ASSERT_FALSE(browser.empty());
  UnixMillis longest = 0;
  for (int i = 0; i < 100; ++i) {
    const LoginAnswer answer = log_in("siti", "salah");
    EXPECT_FALSE(answer.account);
    longest = std::max(longest, answer.wait);
    now += answer.wait;
  }
  EXPECT_EQ(longest, kStrangersWait);
  while (log_in("siti", "salah").wait == 0) {}  // now it is locked
  EXPECT_GT(log_in("siti", kPassword).wait, 0);
  // From the browser of before it is not, and another account's browser helps nothing.
  EXPECT_TRUE(log_in("siti", kPassword, browser).account);
  add("budi", Role::kCoordinator);
  EXPECT_GT(log_in("siti", kPassword, log_in("budi", kPassword).browser).wait, 0);
  // That browser has its own count.
  while (log_in("siti", "salah", browser).wait == 0) {}
  EXPECT_GT(log_in("siti", kPassword, browser).wait, 0);
  // Five minutes are enough for everybody else, and a new password at once.
  now += kStrangersWait;
  EXPECT_TRUE(log_in("siti", kPassword).account);
  while (log_in("siti", "salah").wait == 0) {}
  ASSERT_TRUE(accounts.set_password("siti", "kata sandi baru").ok());
  EXPECT_FALSE(log_in("siti", kPassword).account);
  EXPECT_TRUE(log_in("siti", "kata sandi baru").account);
}

// Whoever keeps the server busy with passwords must not thereby begin anew: what was counted before stays.
TEST_F(SessionWorld, ATryThatWasNotLookedAtLeavesWhatWasCountedBefore) {
  const auto counted = [&] {
    const SqlLock lock(repository->sql().mutex());
    Statement row = repository->sql().prepare("SELECT failures, wait_until FROM login_failure WHERE name_sha256 = ?1").value();
    EXPECT_TRUE(row.bind(1, sha256_hex("siti")).ok());
    EXPECT_TRUE(row.step().value());
    return std::pair(row.integer(0), row.integer(1));
  };
  for (int i = 0; i < 9; ++i) now += log_in("siti", "salah").wait;
  PasswordHasher slow({.kibibytes = 16 * 1024, .passes = 2});
  Sessions busy(repository->sql(), slow);
  std::atomic<bool> over = false;
  std::vector<std::thread> crowd;
  for (int i = 0; i < 12; ++i) {
    crowd.emplace_back([&] {
      while (!over) (void)slow.verify("salah", "");
    });
  }
  bool turned_away = false;
  for (int i = 0; i < 100 && !turned_away; ++i) {
    now = std::max<UnixMillis>(now, counted().second);  // so that it is looked at, if there is a place
    const auto before = counted();
    const LoginAnswer answer = busy.log_in({"siti", "salah", ""}, now).value();
    turned_away = answer.wait > 0;
    if (turned_away) EXPECT_EQ(counted(), before);
  }
  over = true;
  for (std::thread& one : crowd) one.join();
  EXPECT_TRUE(turned_away);
  // The next failure waits longer than those before it, not as if it were the first.
  const auto failures = counted().first;
  EXPECT_GE(failures, 5);
  (void)log_in("siti", "salah");
  EXPECT_EQ(counted().first, failures + 1);
  EXPECT_GT(log_in("siti", kPassword).wait, 0);
}

TEST_F(SessionWorld, ASessionTurnsAndEnds) {
  const std::string first = log_in("siti", kPassword).session;
  const auto alive = [&](const std::string& token) { return sessions.session(token, now).value(); };
  ASSERT_TRUE(alive(first));
  EXPECT_EQ(alive(first)->new_token, "");
  now += kSessionTurn;
  const std::string second = alive(first)->new_token;
  ASSERT_FALSE(second.empty());
  EXPECT_TRUE(alive(first));  // requests that were under way
  EXPECT_EQ(alive(first)->new_token, "");
  EXPECT_TRUE(alive(second));
  now += kTurnGrace;
  EXPECT_FALSE(alive(first));
  ASSERT_TRUE(alive(second));
  // Without a request it ends, and after a day's work in any case.
  now += kSessionIdle;
  EXPECT_FALSE(alive(second));
  std::string token = log_in("siti", kPassword).session;
  const UnixMillis start = now;
  while (true) {
    const auto live = alive(token);
    if (!live) break;
    if (!live->new_token.empty()) token = live->new_token;
    now += 30 * kMinute;
  }
  EXPECT_EQ(now - start, kSessionLife);
  // What changes a right ends it at once.
  token = log_in("siti", kPassword).session;
  ASSERT_TRUE(accounts.set_role("siti", Role::kHead, "dishub").ok());
  EXPECT_FALSE(alive(token));
  token = log_in("siti", kPassword).session;
  EXPECT_EQ(alive(token)->account.agency_id, "dishub");
  ASSERT_TRUE(accounts.disable("siti", now).ok());
  EXPECT_FALSE(alive(token));
  ASSERT_TRUE(sessions.sweep(now + 2 * kDay).ok());
}

TEST_F(SessionWorld, TheTurnReachesTheBrowser) {
  const Response response = post_login("siti", kPassword);
  now += kSessionTurn;
  const Response turned = call("GET", "/titik/1/office/session", {{"Cookie", cookie_of(response, "titik_session")}});
  EXPECT_EQ(turned.status, 200);
  const std::string next = cookie_of(turned, "titik_session");
  ASSERT_FALSE(next.empty());
  now += kTurnGrace;
  EXPECT_EQ(call("GET", "/titik/1/office/session", {{"Cookie", cookie_of(response, "titik_session")}}).status, 401);
  EXPECT_EQ(call("GET", "/titik/1/office/session", {{"Cookie", next}}).status, 200);
}

}  // namespace
}  // namespace titik::serve
