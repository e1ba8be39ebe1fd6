// A whole server in a folder of its own, without a network: for the tests of routes and of the repository.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>
#include <filesystem>
#include <fstream>

#include "base/json.h"
#include "serve/crypto.h"
#include "serve/english.h"
#include "serve/routes.h"
#include "serve/test_answers.h"
#include "serve/test_database.h"

namespace titik::serve {

inline constexpr UnixMillis kToday = 1'795'000'000'000;  // 2026-11-18 in Jambi
// A JPEG in its structure, with a frame and a scan, of a coding that our decoder does not have. 304 bytes.
inline const std::string kJpeg = std::string("\xFF\xD8\xFF\xC9\0\x0B\x08\0\x01\0\x01\x01\x01\x11\0\xFF\xDA\0\x08\x01\x01\0\0\x3F\0", 25) +
                                  std::string(277, 'j') + "\xFF\xD9";

struct TemporaryFolder {
  TemporaryFolder() {
    std::string name = "/tmp/titik-serve-XXXXXX";
    path = mkdtemp(name.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path); }
  std::string path;
};

inline constexpr std::string_view kTestPhrases = R"({"acknowledgements":["terima kasih","akan kami tindak lanjuti"]})";

// What a refusal says to people, in whichever form it has: ours, Open311's, XML.
inline std::vector<std::string> sentences_of(const Response& refusal) {
  std::vector<std::string> sentences;
  std::string text(refusal.text());
  if (refusal.content_type.starts_with("text/xml")) {
    for (const std::string tag : {"message", "description"}) {
      const std::string begin = "<" + tag + ">", end = "</" + tag + ">";
      for (std::size_t at = text.find(begin); at != text.npos; at = text.find(begin, at + 1)) {
        sentences.push_back(text.substr(at + begin.size(), text.find(end, at) - at - begin.size()));
        for (const auto& [from, to] : {std::pair{"&quot;", "\""}, {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}}) {
          for (std::size_t i = 0; (i = sentences.back().find(from, i)) != text.npos; ++i) sentences.back().replace(i, std::string(from).size(), to);
        }
      }
    }
  } else if (const Result<Json> body = parse_json(text); body.ok()) {
    if (body->is_array()) {
      for (const Json& error : *body) sentences.push_back(string_or(error, "description"));
    } else {
      const lapor::ErrorBody error = lapor::read_error(text);
      if (!error.message.empty()) sentences.push_back(error.message);
      for (const lapor::FieldError& one : error.errors) sentences.push_back(one.message);
    }
  }
  // Open311 has a field's name before its sentence.
  for (std::string& sentence : sentences) {
    const std::size_t colon = sentence.find(": ");
    if (in_english(sentence).empty() && colon != sentence.npos && sentence.find(' ') == colon + 1) sentence.erase(0, colon + 2);
  }
  return sentences;
}

inline report::CityProfile test_city() {
  report::CityProfile city;
  city.id = "kota-uji";
  city.zone_name = "WIB";
  city.channel_token = "6f1c2b0a-4d3e-4a57-9b18-1571a0c3e5d1";
  city.agencies = {{.id = "pupr", .name = "Dinas Pekerjaan Umum", .short_name = "Dinas PUPR", .lapor_institution_id = "101"},
                   {.id = "dishub", .name = "Dinas Perhubungan", .short_name = "Dishub", .lapor_institution_id = "102"}};
  city.categories = {{.id = "jalan", .name = "Jalan", .icon = "construction", .agency = "pupr", .hours = 72, .lapor_category_id = "11"},
                     {.id = "lampu-jalan", .name = "Lampu Jalan", .icon = "lamp", .agency = "dishub", .hours = 24, .lapor_category_id = "12"}};
  return city;
}

// A form with these files, in the shape of RFC 7578.
inline std::string form_of(const std::vector<std::string>& files,
                           const std::map<std::string, std::string>& fields = {}) {
  std::string body;
  for (const auto& [name, value] : fields) {
    body += "--B\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
  }
  for (const std::string& file : files) {
    body += "--B\r\nContent-Disposition: form-data; name=\"attachments[]\"; filename=\"a.jpg\"\r\n\r\n" + file + "\r\n";
  }
  return body + "--B--\r\n";
}

class World : public ::testing::Test {
 public:
  using Headers = std::map<std::string, std::string, HeaderLess>;

  // `rules`: what the server alone reads of a profile. `before`: what the database holds when the server finds it.
  explicit World(report::CityProfile given = test_city(), std::string_view rules = kTestPhrases,
                 const std::function<void(const TestDatabase&)>& before = [](const TestDatabase&) {})
          : repository((before(database), Repository::open(database.location()).value())),
            files(FileStore::open(folder.path + "/files").value()),
            partial_files(PartialFiles::open(folder.path + "/partial", files).value()), city(std::move(given)),
            public_face(PublicFace::open(database.location(), city).value()), proofs(repository->sql(), files, city),
            workflow(repository->sql(), CityRules::of(city, rules).value()),
            app{*repository, files, *partial_files, *public_face, proofs, workflow, city, R"({"id":"kota-uji"})", {}, [this] { return now.load(); },
                [this](const Json& event) { const std::lock_guard lock(log_mutex); log += to_text(event) + "\n"; }, gate} {}

  Response call(const std::string& method, const std::string& target, Headers headers, std::string body = {}) {
    Request request{method, target, std::move(headers), static_cast<std::int64_t>(body.size()), {}};
    request.read_body = [&](const BodySink& sink) {
      body_was_read = true;
      for (std::size_t at = 0; at < body.size(); at += 997) {  // in odd pieces
        if (!sink(std::string_view(body).substr(at, 997))) return false;
      }
      return true;
    };
    request.peer = peer;
    Response response = handle(app, request);
    record_answer(request, response);
    // Every refusal that any test sees can be said in English.
    if (response.status >= 400 && response.header("Content-Language").empty() && testing::UnitTest::GetInstance()->current_test_info()) {
      for (const std::string& sentence : sentences_of(response)) EXPECT_NE(in_english(sentence), "") << sentence;
    }
    return response;
  }

  static Headers channel() { return {{"token", "{6F1C2B0A-4D3E-4A57-9B18-1571A0C3E5D1}"}}; }
  static Headers with(const std::string& token) {
    Headers headers = channel();
    headers["Authorization"] = "Bearer " + token;
    return headers;
  }

  // A new phone's credentials.
  Headers phone() {
    const Response response = call("POST", "/titik/1/devices", channel());
    return with(lapor::read_device(response.text()).value().token);
  }
  Headers agency() {
    const std::string token = random_hex(32);
    (void)repository->add_caller(CallerKind::kIntegration, "uji", sha256_hex(token), kToday).value();
    return with(token);
  }

  // As the command line.
  Actor desk() {
    if (desk_id == 0) desk_id = repository->add_caller(CallerKind::kOffice, "kantor", sha256_hex(random_hex(32)), kToday).value();
    return actor_of({desk_id, CallerKind::kOffice, "kantor"});
  }

  std::string upload(const Headers& who, const std::string& bytes = kJpeg) {
    Headers headers = who;
    headers["Content-Type"] = "multipart/form-data; boundary=B";
    const Response response = call("POST", "/lapor/3.0.0/complaints/complaint/file", headers, form_of({bytes}));
    const auto uploaded = lapor::read_uploaded(response.text());
    return uploaded.ok() && !uploaded->images.empty() ? uploaded->images[0].id : "";
  }

  static std::string report_json(const std::string& title = "Lubang", const std::string& attachments = "[]",
                                 const std::string& more = "") {
    return R"({"title":")" + title + R"(","content":"Ada lubang","classification_id":1,"category_id":"11",)" +
           R"("date_of_incident":"2026-11-17","latitude":-1.612345678,"longitude":103.6,"attachments":")" + attachments + "\"" +
           more + "}";
  }
  Response create(Headers who, const std::string& body, const std::string& key = {}) {
    if (!key.empty()) who["Idempotency-Key"] = key;
    return call("POST", "/lapor/3.0.0/complaints/complaint", std::move(who), body);
  }
  std::string create_report(const Headers& who) {
    return lapor::read_created(create(who, report_json()).text()).value().tracking_id;
  }
  Response follow_up(Headers who, const std::string& id, const std::string& content,
                     const std::vector<std::string>& photos = {}) {
    who["Content-Type"] = "multipart/form-data; boundary=B";
    return call("POST", "/lapor/3.0.0/complaints/followup/add", std::move(who),
                form_of(photos, {{"complaint_id", id}, {"content", content}}));
  }
  lapor::Detail detail(const Headers& who, const std::string& id) {
    return lapor::read_detail(call("GET", "/lapor/3.0.0/complaints/" + id + "/complaint", who).text(), 420).value();
  }

  TemporaryFolder folder;
  TestDatabase database{folder.path};
  std::atomic<UnixMillis> now = kToday;
  std::unique_ptr<Repository> repository;
  FileStore files;
  std::unique_ptr<PartialFiles> partial_files;
  report::CityProfile city;
  std::unique_ptr<PublicFace> public_face;
  Proofs proofs;
  Workflow workflow;
  std::int64_t desk_id = 0;
  std::mutex log_mutex;
  std::string log;
  std::atomic<bool> body_was_read = false;
  std::string peer;  // where requests come from; "": not counted
  // Passwords that cost little, so that the tests are quick.
  Gate gate{TrustedProxies::parse("10.0.0.0/8").value(), RateLimits(), PasswordHasher({.kibibytes = 64, .passes = 1})};
  App app;
};

}  // namespace titik::serve
