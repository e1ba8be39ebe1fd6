// What people write and what opens doors is in no line of the log, in no metric, and in no answer that refuses: every
// route is driven with marked names, numbers, texts, tokens and passwords, rightly and wrongly.
#include <set>

#include "base/base64.h"
#include "serve/accounts.h"
#include "serve/api_health.h"
#include "serve/test_world.h"

namespace titik::serve {
namespace {

constexpr const char* kPassword = "sandi MARKASANDI tiga";
constexpr const char* kKey = "0192f0c1-0000-7000-8000-000000000001";
// Fields of all the bodies there are; each is marked where a text fits.
constexpr const char* kFields[] = {"title", "content", "nameUser", "phoneUser", "emailUser", "description", "first_name", "last_name", "phone", "email",
                                   "address_string", "landmark", "reason", "reason_description", "agency", "kind", "channel", "consent", "code",
                                   "name", "password", "complaint_id", "institution_from_id", "template_code", "api_key", "service_code", "confirm",
                                   "jurisdiction_id", "lat", "long", "attachments", "classification_id", "category_id", "date_of_incident"};

struct SecretsWorld : World {
  SecretsWorld() {
    (void)Accounts(repository->sql(), gate.passwords).add({.name = "pejabat", .role = Role::kAdministrator}, kPassword, now).value();
    citizen = phone();
    system = agency();
    const Response login = call("POST", "/titik/1/office/session", {{"X-Titik-Office", "1"}}, to_text({{"name", "pejabat"}, {"password", kPassword}}));
    EXPECT_EQ(login.status, 200);
    const std::string cookie(login.header("Set-Cookie"));
    officer = {{"Cookie", cookie.substr(0, cookie.find(';'))}, {"X-Titik-Office", "1"}};
    secrets = {"MARKA", "081299988877", citizen["Authorization"].substr(7), system["Authorization"].substr(7), cookie.substr(14, 40)};
    file_id = upload(citizen, kJpeg + "MARKAFOTO");
    const Response made = create(citizen, report(R"("attachments":"[)" + file_id + R"(]",)"), kKey);
    EXPECT_EQ(made.status, 201) << made.text();
    id = lapor::read_created(made.text())->tracking_id;
  }

  static std::string report(const std::string& more = "") {
    return "{" + more + R"("title":"MARKAJUDUL","content":"MARKAISI","classification_id":1,"category_id":"11","date_of_incident":"2026-11-17",)"
           R"("latitude":-1.6,"longitude":103.6,"is_secret":true,"is_new_user_slider":true,"nameUser":"MARKANAMA","phoneUser":"081299988877",)"
           R"("titik":{"category":"jalan","landmark":"MARKAPATOKAN"}})";
  }

  // Not by call(): what strangers send is not for serve/openapi.yaml to describe.
  Response drive(const std::string& method, const std::string& target, Headers headers, const std::string& body = {}) {
    Request request{method, target, std::move(headers), static_cast<std::int64_t>(body.size()), {}};
    request.read_body = [&](const BodySink& sink) { return sink(body); };
    return handle(app, request);
  }

  // The path with its own ids, or with what a stranger puts there.
  std::string path_of(std::string path, bool marked) {
    const std::map<std::string, std::string> ids = {{"{uuid}", kKey}, {"{sha256}", sha256_hex(kJpeg)}, {"{code}", "jalan.json"}};
    while (path.find('{') != path.npos) {
      const std::size_t at = path.find('{');
      const std::string name = path.substr(at, path.find('}') - at + 1);
      const auto known = ids.find(name);
      std::string value = known != ids.end() ? known->second : path.find("/files/") != path.npos ? file_id : id;
      if (path.starts_with("/open311/") && name == "{id}") value += ".json";
      path.replace(at, name.size(), marked ? "MARKAJALUR" : value);
    }
    return path;
  }

  void look(const std::string& what, const Response& response) {
    ++asked;
    if (response.status < 400) return;
    ++refused;
    std::string text(response.text());
    for (const auto& [name, value] : response.headers) text += "\n" + name + ": " + value;
    for (const std::string& secret : secrets) EXPECT_EQ(text.find(secret), std::string::npos) << what << " answers " << response.status << " with " << secret << ": " << text;
  }

  std::vector<std::pair<std::string, std::string>> bodies() {
    std::string marked, nested, form, urlencoded, xml = "<?xml version=\"1.0\"?><r>";
    std::map<std::string, std::string> fields;
    for (const std::string field : kFields) {
      marked += (marked.empty() ? "" : ",") + ("\"" + field + "\":\"MARKA" + field + "\"");
      nested += (nested.empty() ? "" : ",") + ("\"" + field + "\":{\"MARKAKUNCI\":[\"MARKADALAM\"]}");
      urlencoded += (urlencoded.empty() ? "" : "&") + field + "=MARKA" + field;
      fields[field] = "MARKA" + field;
      xml += "<" + field + ">MARKA</" + field + ">";
    }
    fields["complaint_id"] = id;
    const std::string multipart = "multipart/form-data; boundary=B";
    return {{"application/json", "{" + marked + "}"},
            {"application/json", "{" + nested + "}"},
            {"application/json", R"({"MARKAKUNCI":"MARKANILAI","report":)" + report() + R"(,"channel":"112","consent":"lisan","contact":{"name":"MARKANAMA","phone":"081299988877"}})"},
            {"application/json", report()},
            {"application/json", R"({"code":"MARKAKODE","content":"MARKAISI","reason":"MARKAALASAN","works":true,"name":"pejabat","password":"MARKASALAH"})"},
            {"application/json", R"({"title":"MARKAPUTUS)"},
            {"application/json", "\"MARKA\xff\""},
            {"application/x-www-form-urlencoded", urlencoded},
            {multipart, form_of({kJpeg + "MARKA"}, fields)},
            {multipart, form_of({"MARKA bukan foto"}, fields)},
            {multipart, "--B\r\nContent-Disposition: form-data; name=\"MARKA\"\r\n\r\nMARKA"},
            {"MARKAJENIS/x", "MARKA"},
            {"application/xml", xml}};
  }

  Headers citizen, system, officer;
  std::vector<std::string> secrets;
  std::string file_id, id;
  int asked = 0, refused = 0;
};

TEST_F(SecretsWorld, NothingOfPeopleIsInTheLogTheMetricsOrARefusal) {
  Headers stranger = channel();
  stranger["Authorization"] = "Bearer MARKATOKEN";
  Headers foreign = {{"token", "MARKAKANAL"}, {"Authorization", "Basic MARKATOKEN"}, {"Cookie", "titik_session=MARKASESI; titik_browser=MARKA"}};
  const std::vector<std::pair<char, Headers>> visitors = {{'o', citizen}, {'i', system}, {'k', officer}, {'s', stranger}, {'f', foreign}};
  for (const RouteSummary& route : all_routes()) {
    if (route.method == "DELETE" && route.pattern == "/titik/1/devices/own") continue;  // signs the citizen out: below
    if (route.method == "DELETE" && (route.pattern == "/titik/1/office/session" || route.pattern.ends_with("/devices"))) continue;
    for (const bool marked : {false, true}) {
      const std::string path = path_of(route.pattern, marked) + (marked ? "?since=MARKA&status=MARKA&agency=MARKA&before=MARKA&bbox=MARKA&page=MARKA&from=MARKA&api_key=MARKA&latitude=MARKA" : "");
      for (const auto& [letter, headers] : visitors) {
        for (const auto& [type, body] : bodies()) {
          const bool has_body = route.method == "POST" || route.method == "PATCH";
          Headers all = headers;
          all["Content-Type"] = type;
          if (marked) all["Idempotency-Key"] = "MARKAKUNCI";
          all["Tus-Resumable"] = marked ? "MARKAVERSI" : "1.0.0";
          all["Upload-Length"] = marked ? "MARKA" : "50";
          all["Upload-Offset"] = marked ? "MARKA" : "0";
          all["Upload-Metadata"] = marked ? "MARKA MARKA" : "filename " + to_base64("MARKAFOTO.jpg");
          all["Upload-Checksum"] = marked ? "MARKA MARKA" : "";
          all["If-None-Match"] = "MARKA";
          all["X-Forwarded-For"] = "MARKA";
          look(route.method + " " + path + " as " + letter + " " + type, drive(route.method, path, all, has_body ? body : ""));
          if (!has_body) break;
        }
      }
    }
  }
  for (const char* target : {"/MARKA", "/titik/1/MARKA", "/lapor/3.0.0/complaints/MARKA%2", "/titik/1/reports/%ff"}) {
    for (const char* method : {"GET", "POST", "MARKA"}) look(target, drive(method, target, citizen, "MARKA"));
  }
  look("sign out", drive("DELETE", "/titik/1/devices/own", citizen));
  look("signed out", drive("GET", "/titik/1/reports/changes", citizen));

  EXPECT_GT(asked, 3000);
  EXPECT_GT(refused, 2000);
  const std::string metrics(monitor(app, {.method = "GET", .target = "/metrics", .headers = {}, .content_length = {}, .read_body = {}}).text());
  EXPECT_NE(metrics.find("titik_"), std::string::npos);
  EXPECT_GT(log.size(), 100'000u);
  for (const std::string& secret : secrets) {
    EXPECT_EQ(metrics.find(secret), std::string::npos) << secret;
    const std::size_t at = log.find(secret);
    EXPECT_EQ(at, std::string::npos) << log.substr(at > 200 ? at - 200 : 0, 400);
  }
  // And the log speaks of faults of ours where there are some; here there are none.
  EXPECT_EQ(log.find("\"fault\""), std::string::npos) << log.substr(log.find("\"fault\""), 300);
}

}  // namespace
}  // namespace titik::serve
