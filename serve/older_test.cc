// The older generations of the LAPOR! interface, as their clients speak them.
#include <set>

#include "photo/test_photos.h"
#include "serve/test_world.h"
#include "serve/xml.h"

namespace titik::serve {
namespace {

std::string upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

// What the client of 2018 sends, as it sends it.
struct Push {
  std::string token;
  std::string secret = "0", anonymous = "0";
  std::string words = "Lubang besar\ndi tikungan Jalan Sudirman";
  std::string phone = "081234567890", email = "siti@contoh.id", first_name = "Siti", last_name = "Rahayu";
  [[nodiscard]] std::string xml() const {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<lapor token=\"{" + upper(token) + "}\"><pelapor><email>" + email + "</email><telpon>" + phone +
           "</telpon><namadepan>" + first_name + "</namadepan><namabelakang>" + last_name + "</namabelakang></pelapor><laporan rahasia=\"" + secret +
           "\" anonim=\"" + anonymous + "\"><isi>" + words + "</isi></laporan></lapor>";
  }
};

class Older : public World {
 protected:
  Response push(const std::string& xml, Headers headers = {}) {
    headers["Content-Type"] = "text/xml";
    const Response response = call("POST", "/api/stream/addstream", headers, xml);
    EXPECT_EQ(response.content_type, "text/xml; charset=utf-8");
    return response;
  }
  Response push(const Push& one) { return push(one.xml()); }
  static std::string token_of(const Headers& who) { return who.at("Authorization").substr(7); }
  static std::string value(const Response& response, const char* name) {
    const auto root = read_xml(response.text());
    EXPECT_TRUE(root.ok()) << response.text();
    return root.ok() && root->child(name) ? root->child(name)->text : "";
  }
  // Refused with this status, in XML, in both languages, and every sentence of it.
  void expect_refused(int status, const std::string& xml, const std::string& field = {}) {
    const Response response = push(xml);
    EXPECT_EQ(response.status, status) << xml << response.text();
    const Response english = push(xml, {{"Accept-Language", "en"}});
    EXPECT_EQ(english.header("Content-Language"), "en");
    const auto root = read_xml(response.text());
    ASSERT_TRUE(root.ok()) << response.text();
    EXPECT_EQ(root->name, "lapor");
    EXPECT_EQ(value(english, "message"), in_english(value(response, "message")));
    EXPECT_NE(value(english, "message"), "");
    const XmlElement* errors = root->child("errors");
    if (!field.empty()) {
      ASSERT_TRUE(errors) << response.text();
      EXPECT_EQ(errors->children.at(0).child("field")->text, field);
    }
    for (const XmlElement& error : errors ? errors->children : std::vector<XmlElement>()) {
      EXPECT_NE(in_english(error.child("message")->text), "") << error.child("message")->text;
    }
  }
  StoredReport stored(const Response& response) { return repository->report(std::stoll(value(response, "trackingid"))).value(); }

  const Headers system = agency();
  const Headers who = phone();
  const Push usual{.token = token_of(system)};
};

TEST_F(Older, WhatIsPushedIsAReportLikeAnyOther) {
  const Response response = push(usual);
  ASSERT_EQ(response.status, 201) << response.text();
  EXPECT_TRUE(response.text().starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<lapor><trackingid>")) << response.text();
  EXPECT_FALSE(value(response, "transaksiid").empty());
  const StoredReport report = stored(response);
  EXPECT_EQ(report.category_id, "lampu-jalan");  // the last of the profile
  EXPECT_EQ(report.title, "Lampu Jalan");        // not the words, which are public when the office has seen them
  EXPECT_EQ(report.agency_id, "dishub");
  EXPECT_FALSE(report.is_secret);
  EXPECT_EQ(report.report_id, value(response, "transaksiid"));
  EXPECT_GT(report.follow_up_due_at, now);
  const lapor::CreateRequest request = lapor::read_create(report.request, city).value();
  EXPECT_EQ(request.draft.content, usual.words);
  EXPECT_EQ(request.draft.incident_date, "2026-11-18");
  EXPECT_EQ(request.draft.reporter_name, "Siti Rahayu");
  EXPECT_EQ(request.draft.reporter_phone, "081234567890");
  EXPECT_EQ(request.draft.landmark, "");
  EXPECT_FALSE(request.draft.place);
  EXPECT_EQ(report.request.find("siti@contoh.id"), std::string::npos);
  EXPECT_EQ(detail(system, value(response, "trackingid")).status_code, "belum_terverifikasi");
  EXPECT_EQ(log.find(token_of(system)), std::string::npos);
  EXPECT_EQ(log.find("Siti"), std::string::npos);
  EXPECT_NE(log.find("/api/stream/addstream"), std::string::npos);
}

TEST_F(Older, TheSamePushOfOneDayIsOneReport) {
  const Response first = push(usual);
  now += 90 * kSecond;
  const Response again = push(usual);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(value(again, "trackingid"), value(first, "trackingid"));
  EXPECT_EQ(value(again, "transaksiid"), value(first, "transaksiid"));
  // Another caller, other words, another reporter, another flag, another day: another report.
  std::set<std::string> ids = {value(first, "trackingid")};
  std::vector<Push> others(6, usual);
  others[0].token = token_of(who);
  others[1].words = "Lubang lain";
  others[2].phone = "081234567891";
  others[3].secret = "1";
  others[4].anonymous = "1";
  others[5].email = "budi@contoh.id";
  const auto push_another = [&](const Push& other) {
    const Response response = push(other);
    EXPECT_EQ(response.status, 201) << response.text();
    ids.insert(value(response, "trackingid"));
  };
  for (const Push& other : others) push_another(other);
  now += kDay;
  push_another(usual);
  EXPECT_EQ(ids.size(), 8u);
  // A client that has a key of its own is known by it.
  const Headers keyed = {{"Idempotency-Key", "0192f0c1-0000-7000-8000-000000000001"}};
  EXPECT_EQ(push(usual.xml(), keyed).status, 201);
  EXPECT_EQ(push(usual.xml(), keyed).status, 200);
  EXPECT_EQ(push(others[1].xml(), keyed).status, 409);
  EXPECT_EQ(push(usual.xml(), {{"Idempotency-Key", "x"}}).status, 422);
}

TEST_F(Older, AnonymousAndSecretAreHonoured) {
  Push quiet = usual;
  quiet.anonymous = "1";
  quiet.phone = "bukan nomor";  // what is not kept is not judged
  const StoredReport anonymous = stored(push(quiet));
  for (const char* hidden : {"Siti", "Rahayu", "bukan nomor", "contoh.id"}) EXPECT_EQ(anonymous.request.find(hidden), std::string::npos) << hidden;
  EXPECT_TRUE(lapor::read_create(anonymous.request, city)->draft.is_anonymous);
  quiet.secret = "1";
  const StoredReport secret = stored(push(quiet));
  EXPECT_TRUE(secret.is_secret);
  const std::string list(call("GET", "/titik/1/public/reports", {}).text());
  EXPECT_NE(list.find(std::to_string(anonymous.tracking_id)), std::string::npos);
  EXPECT_EQ(list.find(std::to_string(secret.tracking_id)), std::string::npos);
}

TEST_F(Older, TheTokenIsAPhonesOrASystems) {
  Push one = usual;
  one.token = token_of(who);
  const Response response = push(one);
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(detail(who, value(response, "trackingid")).status_code, "belum_terverifikasi");
  std::string bare = usual.xml();
  bare.replace(bare.find("{" + upper(usual.token) + "}"), usual.token.size() + 2, usual.token);  // without braces, small
  EXPECT_EQ(push(bare).status, 201);
  const std::string hidden = random_hex(32);
  (void)repository->add_caller(CallerKind::kOffice, "kantor-uji", sha256_hex(hidden), kToday).value();
  for (const std::string& bad : {std::string(), std::string("x"), sha256_hex(usual.token), city.channel_token, hidden}) {
    one.token = bad;
    expect_refused(403, one.xml(), "token");
  }
  expect_refused(403, "<lapor><laporan rahasia='0' anonim='0'><isi>x</isi></laporan></lapor>", "token");
  expect_refused(403, "<a/>", "token");
}

TEST_F(Older, WhatCannotBeTakenIsRefusedInXml) {
  const std::string begin = "<lapor token='" + usual.token + "'>";
  expect_refused(400, "", "baris 1");
  expect_refused(400, begin, "baris 1");
  expect_refused(400, "{}", "baris 1");
  expect_refused(415, "<!DOCTYPE lapor SYSTEM 'file:///etc/passwd'>" + begin + "</lapor>", "baris 1");
  expect_refused(415, "<?xml version='1.0' encoding='ISO-8859-1'?>" + begin + "</lapor>", "baris 1");
  expect_refused(413, begin + std::string(kMaxJsonBody, ' ') + "</lapor>");
  std::string deep = begin;
  for (int i = 0; i < kMaxXmlDepth; ++i) deep += "<a>";
  expect_refused(413, deep, "baris 1");
  expect_refused(422, begin + "</lapor>", "laporan");
  expect_refused(422, "<laporan token='" + usual.token + "'><laporan rahasia='0' anonim='0'><isi>x</isi></laporan></laporan>", "laporan");
  for (const char* flags : {"", "rahasia='0'", "anonim='0'", "rahasia='0' anonim=''", "rahasia='ya' anonim='0'", "Rahasia='1' anonim='0'", "rahasia='0' anonim='2'"}) {
    expect_refused(422, begin + "<laporan " + flags + "><isi>x</isi></laporan></lapor>");
  }
  const auto with = [&](const std::string& words, const std::string& reporter) {
    return begin + reporter + "<laporan rahasia='0' anonim='0'>" + words + "</laporan></lapor>";
  };
  expect_refused(422, with("", ""), "content");
  expect_refused(422, with("<isi> \n </isi>", ""), "content");
  expect_refused(422, with("<isi>" + std::string(5001, 'x') + "</isi>", ""), "content");
  expect_refused(422, with("<isi>x</isi>", "<pelapor><telpon>12</telpon></pelapor>"), "reporter_phone");
  EXPECT_EQ(push(with("<isi>x</isi>", "")).status, 201);
  EXPECT_EQ(push(with("<isi><![CDATA[<b> & ]]>&lt;i&gt;</isi>", "<pelapor/>")).status, 201);
  const Response get = call("GET", "/api/stream/addstream", {});
  EXPECT_EQ(get.status, 405);
  EXPECT_EQ(get.header("Allow"), "POST");
  EXPECT_EQ(get.content_type, "text/xml; charset=utf-8");
  EXPECT_EQ(lapor::read_error(call("GET", "/api/stream", {}).text()).message, "Alamat ini tidak ada.");
}

TEST_F(Older, PushesCountAsReportsDo) {
  Push one = usual;
  one.token = token_of(who);
  const std::string device = std::to_string(repository->caller_by_token(sha256_hex(one.token)).value()->id);
  while (gate.limits.take(Budget::kReport, true, device, now) == 0) {}
  expect_refused(429, one.xml());
  EXPECT_EQ(push(one).header("Retry-After"), "1");
  EXPECT_EQ(push(usual).status, 201);  // another system's are counted by its address
  peer = "203.0.113.9";
  const std::string address = origin_of(Request{.peer = peer}, gate.proxies).counted_as;
  while (gate.limits.take(Budget::kReport, false, address, now) == 0) {}
  body_was_read = false;
  EXPECT_EQ(push(usual).status, 429);
  EXPECT_FALSE(body_was_read);
}

TEST_F(Older, TopicsAreTheCitysCategories) {
  const std::string form = "a=b&KEYTOKEN=%7B" + upper(usual.token) + "%7D";
  const Response response = call("POST", "/api/services/f01/gettopics", {{"Content-Type", "application/x-www-form-urlencoded"}}, form);
  ASSERT_EQ(response.status, 200) << response.text();
  EXPECT_EQ(response.text(), R"([{"id":"11","parent":"0","topic_name":"Jalan"},{"id":"12","parent":"0","topic_name":"Lampu Jalan"}])");
  const auto ask = [&](const std::string& body) { return call("POST", "/api/services/f01/gettopics", {}, body).status; };
  EXPECT_EQ(ask(" {\"KEYTOKEN\":\"" + usual.token + "\"}"), 200);
  EXPECT_EQ(ask("KEYTOKEN=" + token_of(who)), 200);
  for (const char* bad : {"", "KEYTOKEN=", "KEYTOKEN=x", "{}", "{\"KEYTOKEN\":1}"}) EXPECT_EQ(ask(bad), 403) << bad;
  EXPECT_EQ(ask("{"), 400);
  EXPECT_EQ(ask("keytoken=" + usual.token), 403);
  EXPECT_EQ(call("POST", "/api/services/f01/gettopics?KEYTOKEN=" + usual.token, {}).status, 403);  // addresses are written down on the way
  const std::string device = std::to_string(repository->caller_by_token(sha256_hex(token_of(who))).value()->id);
  while (gate.limits.take(Budget::kRequest, true, device, now) == 0) {}
  EXPECT_EQ(ask("KEYTOKEN=" + token_of(who)), 429);
  EXPECT_EQ(log.find(usual.token), std::string::npos);
}

TEST_F(Older, AReportHasAPublicPage) {
  const std::string id = lapor::read_created(create(who, report_json("Lubang <b>\\\"& 'x'", "[]",
      R"(,"is_new_user_slider":true,"nameUser":"Siti Rahayu","phoneUser":"081234567890")")).text())->tracking_id;
  const Response fresh = call("GET", "/pengaduan/" + id, {});
  ASSERT_EQ(fresh.status, 200);
  EXPECT_EQ(fresh.content_type, "text/html; charset=utf-8");
  EXPECT_EQ(call("GET", "/pengaduan/" + id, {{"If-None-Match", fresh.header("ETag")}}).status, 304);
  std::string page(fresh.text());
  EXPECT_TRUE(page.starts_with("<!doctype html>\n<html lang=\"id\">")) << page;
  EXPECT_NE(page.find("<h1>Lubang &lt;b&gt;&quot;&amp; &#39;x&#39;</h1>"), std::string::npos) << page;
  EXPECT_NE(page.find("Belum (Belum Terverifikasi)"), std::string::npos);
  EXPECT_NE(page.find(" WIB</time>"), std::string::npos);
  EXPECT_EQ(page.find("Ada lubang"), std::string::npos);  // until the office has seen it
  ASSERT_TRUE(workflow.take(std::stoll(id), desk(), {.action = Action::kVerify}, now).ok());
  const auto picture = photo::encode_jpeg(photo::testing::four_quarters({64, 48}), 80).value();
  ASSERT_EQ(follow_up(system, id, "Sudah <ditambal>.\nTelepon 0812 3456 7890", {std::string(picture.begin(), picture.end())}).status, 201);
  while (proofs.work(20, now).value() > 0) {}  // a picture is shown when it was compared
  ASSERT_EQ(follow_up(who, id, "Terima kasih, saya Siti").status, 201);
  page = std::string(call("GET", "/pengaduan/" + id, {}).text());
  EXPECT_NE(page.find("<p>Ada lubang</p>"), std::string::npos);
  EXPECT_NE(page.find("Sudah &lt;ditambal&gt;.<br>Telepon [disamarkan]"), std::string::npos) << page;
  EXPECT_NE(page.find("Tindak lanjut"), std::string::npos);
  EXPECT_NE(page.find("<img src=\"/titik/1/public/files/"), std::string::npos);
  EXPECT_NE(page.find("<p>Pemeriksaan bukti: Foto bukti belum pernah dipakai pada laporan lain.</p>"), std::string::npos) << page;
  EXPECT_NE(page.find("Terverifikasi</li>"), std::string::npos);
  for (const char* hidden : {"Siti", "0812", "<ditambal>", "<script", "style"}) EXPECT_EQ(page.find(hidden), std::string::npos) << hidden;
  EXPECT_EQ(call("HEAD", "/pengaduan/" + id, {}).status, 200);
  EXPECT_EQ(log.find(id), std::string::npos);
}

TEST_F(Older, ASecretReportsPageIsNone) {
  const std::string secret = lapor::read_created(create(who, report_json("Rahasia", "[]", R"(,"is_secret":true)")).text())->tracking_id;
  const std::string archived = create_report(who);
  ASSERT_TRUE(workflow.take(std::stoll(archived), desk(), {.action = Action::kVerify}, now).ok());
  ASSERT_TRUE(workflow.take(std::stoll(archived), desk(), {.action = Action::kArchive, .text = "Bukan laporan, hanya percobaan petugas"}, now).ok());
  const Response none = call("GET", "/pengaduan/9999999999", {});
  EXPECT_EQ(none.status, 404);
  EXPECT_EQ(none.content_type, "text/html; charset=utf-8");
  for (const std::string& id : {secret, archived, std::string("x"), std::string("99999999999"), std::string("%3Cscript%3E")}) {
    const Response response = call("GET", "/pengaduan/" + id, who);
    EXPECT_EQ(response.status, 404) << id;
    EXPECT_EQ(response.text(), none.text()) << id;
    EXPECT_EQ(response.header("Cache-Control"), none.header("Cache-Control")) << id;
  }
}

}  // namespace
}  // namespace titik::serve
