// Every route, as everybody: who is let in is written down here, once for each route of the table in routes.cc, and a
// route that is not here fails the test. What is somebody else's looks like what is not there.
#include <set>

#include "photo/photo.h"
#include "serve/access_log.h"
#include "serve/accounts.h"
#include "serve/devices.h"
#include "serve/sessions.h"
#include "serve/test_world.h"

namespace titik::serve {
namespace {

// The letters of those who are let in. A report of the agency "pupr" is asked for, and files of its owner.
const std::map<std::string, std::string> kMatrix = {
    // . nobody   c the channel alone   o the report's phone   s another phone   w one that follows by a code   r a phone whose token was taken back
    // i another system   l, h liaison and head of its agency   L, H of another   k coordinator   m mayor's office
    // a administrator   d an account that was disabled   e a session that has ended
    {"GET /lapor/3.0.0/masters/institutions/external", "oswi"},
    {"GET /lapor/3.0.0/masters/templates", "oswi"},
    {"POST /lapor/3.0.0/complaints/complaint/file", "oswi"},
    {"POST /lapor/3.0.0/complaints/complaint", "oswi"},
    {"GET /lapor/3.0.0/complaints/{id}/complaint", "owi"},
    {"GET /lapor/3.0.0/complaints/{id}/followups", "owi"},
    {"POST /lapor/3.0.0/complaints/followup/add", "oi"},
    {"POST /lapor/3.0.0/complaints/process/{id}/reject", "i"},
    {"POST /titik/1/devices", "coswrilhLHkmade"},  // all who know the channel
    {"GET /titik/1/reports/changes", "oswi"},
    {"GET /titik/1/reports/near", "*"},
    {"GET /titik/1/reports/affected", "osw"},
    {"POST /titik/1/reports/{id}/affected", ""},        // of a secret report nothing is said, not even to its phone
    {"DELETE /titik/1/reports/{id}/affected", ""},
    {"POST /titik/1/reports/{id}/confirmations", ""},
    {"GET /titik/1/reports/{uuid}", "oi"},
    {"POST /titik/1/reports/{uuid}/code", "o"},
    {"DELETE /titik/1/reports/{uuid}/code", "o"},
    {"POST /titik/1/claims", "osw"},
    {"DELETE /titik/1/devices/own", "osw"},             // each time a new phone's
    {"POST /titik/1/devices/own/erasure", "osw"},
    {"DELETE /titik/1/office/reports/{id}/devices", "a"},
    {"GET /titik/1/files/{id}", "oi"},
    {"GET /titik/1/files/{id}/thumbnail", ""},  // the photo of this test is no picture
    {"POST /titik/1/reports/{uuid}/thumbnails/{sha256}", "o"},
    {"GET /titik/1/reports/{id}/thumbnails", "i"},
    {"OPTIONS /titik/1/uploads", "*"},
    {"POST /titik/1/uploads", "oswi"},
    {"HEAD /titik/1/uploads/{id}", "o"},
    {"PATCH /titik/1/uploads/{id}", "o"},
    {"DELETE /titik/1/uploads/{id}", "o"},
    {"POST /titik/1/office/session", "*"},  // with a name and a password
    {"GET /titik/1/office/session", "lLhHkma"},
    {"DELETE /titik/1/office/session", "*"},
    {"GET /titik/1/office/files/{id}", "lhkma"},
    {"GET /titik/1/profile", "*"},
    {"GET /titik/1/keys", "*"},
    {"GET /titik/1/counts", "*"},
    {"GET /titik/1/reports", "*"},
    {"GET /titik/1/public/reports", "*"},
    {"GET /titik/1/public/reports/{id}", ""},
    {"GET /titik/1/public/map", "*"},
    {"GET /titik/1/public/files/{id}", ""},
    {"GET /titik/1/public/counts", "*"},
    {"GET /titik/1/public/agencies", "*"},
    {"GET /open311/v2/discovery.json", "*"},
    {"GET /open311/v2/services.json", "*"},
    {"GET /open311/v2/requests.json", "*"},
    {"POST /open311/v2/requests.json", ""},             // its key is in the form
    {"GET /open311/v2/discovery.xml", "*"},
    {"GET /open311/v2/services.xml", "*"},
    {"GET /open311/v2/requests.xml", "*"},
    {"POST /open311/v2/requests.xml", ""},
    {"GET /open311/v2/services/{code}", "*"},
    {"GET /open311/v2/requests/{id}", ""},
    {"GET /open311/v2/tokens/{id}", ""},
    {"POST /api/stream/addstream", "oswi"},             // its token is in the body
    {"POST /api/services/f01/gettopics", "oswi"},
    {"GET /pengaduan/{id}", ""},
    {"POST /titik/1/reports/{uuid}/reopen", "o"},
    {"GET /titik/1/office/reports", "ilLhHkma"},        // each sees what it may see
    {"GET /titik/1/office/reports/{id}/reporter", "ilhkma"},
    {"POST /titik/1/office/reports/{id}/code", ""},     // of reports that somebody entered alone
    {"POST /titik/1/office/reports/{id}/words", ""},
    {"POST /titik/1/office/files", "lLhHkma"},
    {"GET /titik/1/office/reports/{id}", "ilhkma"},
    {"POST /titik/1/office/reports/{id}/verify", "ilhka"},
    {"POST /titik/1/office/reports/{id}/dispose", "ika"},
    {"POST /titik/1/office/reports/{id}/hand-on", "ilhka"},  // the mayor's office: what was escalated to it
    {"POST /titik/1/office/reports/{id}/follow-up", "ilhka"},
    {"POST /titik/1/office/reports/{id}/hold", "ika"},
    {"POST /titik/1/office/reports/{id}/resume", "ika"},
    {"POST /titik/1/office/reports/{id}/archive", "ika"},
    {"POST /titik/1/office/reports/{id}/close", "ilhka"},
    {"POST /titik/1/office/reports/{id}/hide", "ika"},
    {"POST /titik/1/office/reports", "ilLhHka"},  // not the mayor's office
    {"GET /titik/1/office/reports/{id}/entered", ""},   // it was not entered for somebody
    {"GET /titik/1/health", "*"},
    {"GET /healthz", "*"},
};

// The rows above that let nobody in, at a report that is open to all, that its agency has answered with a picture, and
// at one that was entered for somebody: who of the same visitors gets what they ask for.
const std::map<std::string, std::string> kOpenMatrix = {
    {"POST /titik/1/reports/{id}/affected", "osw"},
    {"DELETE /titik/1/reports/{id}/affected", "osw"},
    {"POST /titik/1/reports/{id}/confirmations", "osw"},
    {"GET /titik/1/files/{id}/thumbnail", "oi"},
    {"GET /titik/1/public/reports/{id}", "*"},
    {"GET /titik/1/public/files/{id}", "*"},
    {"POST /open311/v2/requests.json", "oswi"},  // whose key is good
    {"POST /open311/v2/requests.xml", "oswi"},
    {"GET /open311/v2/requests/{id}", "*"},
    {"GET /open311/v2/tokens/{id}", "*"},
    {"GET /pengaduan/{id}", "*"},
    {"GET /titik/1/office/reports/{id}/entered", "ilhkma"},
    {"POST /titik/1/office/reports/{id}/code", "ilhka"},
    {"POST /titik/1/office/reports/{id}/words", "ika"},  // who does not speak for the one who judges them
};

constexpr const char* kPassword = "kuda baterai staples";
constexpr const char* kKey = "0192f0c1-0000-7000-8000-000000000001";

struct RolesWorld : World {
  RolesWorld() {
    visitors = {{'.', {}}, {'c', channel()}, {'o', phone()}, {'s', phone()}, {'w', phone()}, {'r', phone()}, {'i', agency()},
                {'l', officer("l", Role::kLiaison, "pupr")}, {'h', officer("h", Role::kHead, "pupr")},
                {'L', officer("lain", Role::kLiaison, "dishub")}, {'H', officer("kepala", Role::kHead, "dishub")},
                {'k', officer("k", Role::kCoordinator)}, {'m', officer("m", Role::kMayor)},
                {'a', officer("a", Role::kAdministrator)}, {'d', officer("d", Role::kAdministrator)},
                {'e', officer("e", Role::kAdministrator)}};
    Accounts accounts(repository->sql(), gate.passwords);
    (void)accounts.disable("akun-d", now).value();
    const std::string cookie = visitors['e']["Cookie"];
    (void)Sessions(repository->sql(), gate.passwords).end(cookie.substr(cookie.find('=') + 1)).value();
    const auto device = repository->caller_by_token(sha256_hex(visitors['r']["Authorization"].substr(7))).value();
    (void)revoke_caller(repository->sql(), device->id, now).value();
    file_id = upload(visitors['o']);
    tracking_id = lapor::read_created(create(visitors['o'], report_json("Lubang", "[" + file_id + "]", R"(,"is_secret":true)"), kKey).text()).value().tracking_id;
    follow_again();
  }

  void follow_again() {
    const Response made = call("POST", "/titik/1/reports/" + std::string(kKey) + "/code", visitors['o']);
    (void)call("POST", "/titik/1/claims", visitors['w'], to_text({{"code", string_or(*parse_json(made.text()), "code")}}));
  }

  // With the channel's token too, as a browser's page knows it: it opens no door of its own.
  Headers officer(const std::string& name, Role role, const std::string& agency_id = "") {
    Accounts accounts(repository->sql(), gate.passwords);
    (void)accounts.add({.name = "akun-" + name, .role = role, .agency_id = agency_id}, kPassword, now).value();
    const auto answer = Sessions(repository->sql(), gate.passwords).log_in({"akun-" + name, kPassword, ""}, now).value();
    Headers headers = channel();
    headers["Cookie"] = "titik_session=" + answer.session;
    headers["X-Titik-Office"] = "1";
    return headers;
  }

  std::string begin_upload() {
    Headers headers = visitors['o'];
    headers["Tus-Resumable"] = "1.0.0";
    headers["Upload-Length"] = "1000";
    const std::string location = call("POST", "/titik/1/uploads", headers).header("Location");
    return location.substr(location.rfind('/') + 1);
  }

  std::string path_of(const std::string& pattern) {
    const auto with = [&](const char* what, const std::string& value) {
      std::string path = pattern;
      return path.replace(path.find(what), std::string(what).size(), value);
    };
    if (pattern.find("{sha256}") != pattern.npos) return "/titik/1/reports/" + std::string(kKey) + "/thumbnails/" + sha256_hex(kJpeg);
    if (pattern.find("{uuid}") != pattern.npos) return with("{uuid}", kKey);
    if (pattern.find("{code}") != pattern.npos) return with("{code}", "jalan.json");
    if (pattern.find("{id}") == pattern.npos) return pattern;
    if (pattern.starts_with("/open311/")) return with("{id}", tracking_id + ".json");
    if (pattern.find("/files/") != pattern.npos) return with("{id}", file_id);
    if (pattern.find("/uploads/") != pattern.npos) return with("{id}", begin_upload());
    return with("{id}", tracking_id);
  }

  // A request that a route's own checks refuse with 400 or 422 at worst, when it lets the visitor in.
  int ask(const RouteSummary& route, const Headers& visitor) {
    Headers headers = visitor;
    std::string body = "{}";
    if (route.pattern.find("/uploads") != route.pattern.npos) headers["Tus-Resumable"] = "1.0.0";
    if (route.method == "PATCH") {
      headers["Content-Type"] = "application/offset+octet-stream";
      headers["Upload-Offset"] = "0";
    }
    if (route.pattern.find("followup/add") != route.pattern.npos || route.pattern.find("/reject") != route.pattern.npos ||
        route.pattern.find("/follow-up") != route.pattern.npos) {
      headers["Content-Type"] = "multipart/form-data; boundary=B";
      body = form_of({}, {{"complaint_id", tracking_id}, {"content", "x"}, {"reason", "101"}, {"kind", "answer"}});
    }
    if (route.pattern.find("/confirmations") != route.pattern.npos) {
      body = R"({"works":true,"place":{"latitude":-1.612345,"longitude":103.6,"accuracy_m":10}})";
    }
    const auto bearer = visitor.find("Authorization");
    const std::string token = bearer == visitor.end() ? "" : bearer->second.substr(7);
    if (route.pattern.ends_with("/addstream")) {
      body = "<lapor token='" + token + "'><laporan rahasia='1' anonim='1'><isi>Lubang</isi></laporan></lapor>";
    }
    if (route.pattern.ends_with("/gettopics")) body = "KEYTOKEN=" + token;
    if (route.method == "POST" && route.pattern == "/titik/1/office/session") {
      headers = {{"X-Titik-Office", "1"}};  // without the cookie: logging in ends the session of before
      body = to_text({{"name", "akun-k"}, {"password", kPassword}});
    }
    if (route.method == "DELETE" && route.pattern == "/titik/1/office/session") {
      headers = {{"X-Titik-Office", "1"}};  // nobody's session ends: the others are still to be tried
    }
    // What takes devices away tries it with others, so that those of the matrix stay.
    if (route.pattern == "/titik/1/devices/own" && (visitor == visitors['o'] || visitor == visitors['s'] || visitor == visitors['w'])) headers = phone();
    if (route.pattern.ends_with("/devices") && route.method == "DELETE") {
      return call(route.method, "/titik/1/office/reports/" + create_report(phone()) + "/devices", headers).status;
    }
    // The claim of w ends with it, and is made again.
    const int status = call(route.method, path_of(route.pattern), headers, body).status;
    if (route.pattern.ends_with("/code") && status == 204) follow_again();
    return status;
  }

  std::map<char, Headers> visitors;
  std::string file_id;
  std::string tracking_id;
};

TEST_F(RolesWorld, EveryRouteLetsInWhomItShouldAndNobodyElse) {
  std::set<std::string> seen;
  int tried = 0;
  for (const RouteSummary& route : all_routes()) {
    const std::string name = route.method + " " + route.pattern;
    seen.insert(name);
    const auto row = kMatrix.find(name);
    if (row == kMatrix.end()) {
      ADD_FAILURE() << name << " is not in the matrix: say who is let in";
      continue;
    }
    for (const auto& [letter, headers] : visitors) {
      const bool let_in = row->second == "*" || row->second.find(letter) != std::string::npos;
      const int status = ask(route, headers);
      const bool refused = status == 401 || status == 403 || status == 404;
      EXPECT_EQ(refused, !let_in) << name << " as " << letter << ": " << status;
      EXPECT_LT(status, 500) << name << " as " << letter;
      EXPECT_NE(status, 405) << name;
      ++tried;
    }
  }
  for (const auto& [name, letters] : kMatrix) EXPECT_TRUE(seen.contains(name)) << name << " is no route any more";
  EXPECT_EQ(tried, static_cast<int>(all_routes().size() * 16));
}

struct OpenWorld : RolesWorld {
  OpenWorld() {
    // Stripes, lying or standing: two pictures that nobody takes for the same.
    const auto jpeg = [](bool standing) {
      photo::Pixels pixels{{64, 64}, {}};
      for (int i = 0; i < 64 * 64; ++i) {
        const auto light = static_cast<std::uint8_t>((standing ? i % 64 : i / 64) * (standing ? 4 : 3) % 251);
        pixels.rgba.insert(pixels.rgba.end(), {light, light, light, 255});
      }
      const auto bytes = photo::encode_jpeg(pixels, 80).value();
      return std::string(bytes.begin(), bytes.end());
    };
    photo_id = upload(visitors['o'], jpeg(true));
    open_id = lapor::read_created(create(visitors['o'], report_json("Lubang", "[" + photo_id + "]")).text()).value().tracking_id;
    EXPECT_EQ(follow_up(visitors['i'], open_id, "Sudah ditambal", {jpeg(false)}).status, 201);
    while (proofs.work(20, now).value() > 0) {}
    const std::string shown(call("GET", "/titik/1/public/reports/" + open_id, {}).text());
    const std::size_t path = shown.find("/titik/1/public/files/");
    EXPECT_NE(path, shown.npos) << shown;
    if (path != shown.npos) evidence_path = shown.substr(path, shown.find('"', path) - path);
    Headers office = visitors['i'];
    office["Idempotency-Key"] = "0192f0c1-0000-7000-8000-000000000009";
    entered_id = lapor::read_created(call("POST", "/titik/1/office/reports", office,
        R"({"report":)" + report_json() + R"(,"channel":"112","consent":"lisan","contact":{"name":"Siti"}})").text()).value().tracking_id;
  }

  // With the api_key of who has one.
  int ask_open(const std::string& method, const std::string& pattern, const Headers& visitor) {
    std::string path = pattern, body;
    Headers headers = visitor;
    if (const std::size_t id = path.find("{id}"); id != path.npos) {
      const bool is_open311 = path.starts_with("/open311/");
      path.replace(id, 4, path.starts_with("/titik/1/office/") ? entered_id : path.find("/files/") != path.npos ? photo_id : is_open311 ? open_id + ".xml" : open_id);
    }
    if (pattern == "/titik/1/public/files/{id}") path = evidence_path;
    if (path.ends_with("/words")) body = R"({"content":"Masih berlubang"})";
    if (path.ends_with("/confirmations")) body = R"({"works":true,"place":{"latitude":-1.612345,"longitude":103.6,"accuracy_m":10}})";
    if (method == "POST" && path.starts_with("/open311/")) {
      headers["Content-Type"] = "application/x-www-form-urlencoded";
      const auto token = visitor.find("Authorization");
      body = "service_code=jalan&lat=-1.6&long=103.6&description=x&api_key=" + (token == visitor.end() ? "" : token->second.substr(7));
    }
    return call(method, path, headers, body).status;
  }

  std::string photo_id, open_id, evidence_path, entered_id;
};

TEST_F(OpenWorld, WhoMayGetsWhatTheyAskForAndTheOthersDoNot) {
  for (const auto& [name, letters] : kMatrix) EXPECT_EQ(letters.empty(), kOpenMatrix.contains(name)) << name;
  for (const auto& [name, letters] : kOpenMatrix) {
    const std::size_t space = name.find(' ');
    for (const auto& [letter, headers] : visitors) {
      const bool let_in = letters == "*" || letters.find(letter) != std::string::npos;
      const int status = ask_open(name.substr(0, space), name.substr(space + 1), headers);
      if (let_in) EXPECT_TRUE(status == 200 || status == 201) << name << " as " << letter << ": " << status;
      else EXPECT_TRUE(status == 401 || status == 403 || status == 404) << name << " as " << letter << ": " << status;
    }
  }
}

TEST_F(RolesWorld, WhoReadsASecretReportIsWrittenDown) {
  for (const char who : {'o', 's', 'i', 'i', 'l', 'L', 'm'}) {
    (void)call("GET", "/titik/1/reports/" + std::string(kKey), visitors[who]);
    (void)call("GET", "/titik/1/office/files/" + file_id, visitors[who]);
  }
  std::string readers;
  const std::vector<Reading> readings = AccessLog(repository->sql()).list(std::stoll(tracking_id), 100).value();
  for (const Reading& reading : readings) {
    readers += reading.actor_kind + ":" + reading.actor_name + ":" + std::to_string(reading.times) + " ";
  }
  EXPECT_EQ(readers, "officer:akun-m:1 officer:akun-l:1 integration:uji:2 ");
  EXPECT_TRUE(AccessLog(repository->sql()).list(1, 100)->empty());
  // The contact of one that was entered for somebody is shown apart, and noted apart.
  Headers other = visitors['i'];
  other["Idempotency-Key"] = "0192f0c1-0000-7000-8000-000000000002";
  const Response entered = call("POST", "/titik/1/office/reports", other,
                                R"({"report":)" + report_json() + R"(,"channel":"112","consent":"lisan","contact":{"name":"Siti"}})");
  const std::string entered_id = lapor::read_created(entered.text())->tracking_id;
  EXPECT_TRUE(AccessLog(repository->sql()).list(std::stoll(entered_id), 100)->empty());
  EXPECT_EQ(call("GET", "/titik/1/office/reports/" + entered_id + "/entered", visitors['i']).status, 200);
  ASSERT_EQ(AccessLog(repository->sql()).list(std::stoll(entered_id), 100)->size(), 1u);
  EXPECT_EQ(AccessLog(repository->sql()).list(std::stoll(entered_id), 100)->front().actor_name, "uji");
  // A walk-in that an officer writes down: its agency reads the contact, another agency does not know of it.
  Headers liaison = visitors['l'];
  liaison["Idempotency-Key"] = "0192f0c1-0000-7000-8000-000000000003";
  const Response walk_in = call("POST", "/titik/1/office/reports", liaison,
                                R"({"report":)" + report_json() + R"(,"channel":"datang","consent":"lisan","contact":{"name":"Siti"}})");
  ASSERT_EQ(walk_in.status, 201) << walk_in.text();
  const std::string contact_of = "/titik/1/office/reports/" + lapor::read_created(walk_in.text())->tracking_id + "/entered";
  EXPECT_NE(call("GET", contact_of, visitors['l']).text().find("Siti"), std::string::npos);
  EXPECT_EQ(call("GET", contact_of, visitors['L']).status, 404);
  EXPECT_EQ(call("GET", contact_of, visitors['o']).status, 403);
  // One that is neither secret nor has a name in it is nobody's secret.
  const std::string open = create_report(visitors['s']);
  EXPECT_EQ(call("GET", "/lapor/3.0.0/complaints/" + open + "/complaint", visitors['i']).status, 200);
  EXPECT_TRUE(AccessLog(repository->sql()).list(std::stoll(open), 100)->empty());
}

}  // namespace
}  // namespace titik::serve
