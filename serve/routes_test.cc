// Who reaches what, with which limits.
#include "serve/routes.h"

#include "serve/test_world.h"

namespace titik::serve {
namespace {

std::string without_braces(std::string pattern) {
  for (const char* id : {"{id}", "{uuid}"}) {
    if (const std::size_t at = pattern.find(id); at != std::string::npos) pattern.replace(at, std::string(id).size(), "1");
  }
  return pattern;
}

class BehindAGateway : public World {
 public:
  BehindAGateway() : World(city_of_it()) {}
  static report::CityProfile city_of_it() {
    report::CityProfile city = test_city();
    city.token_header = "X-Kanal";
    city.auth_header = "X-Ponsel";
    return city;
  }
};

TEST_F(BehindAGateway, HeadersMayHaveTheNamesOfTheProfile) {
  const Headers usual = phone();
  EXPECT_EQ(create(usual, report_json()).status, 201);
  EXPECT_EQ(create({{"X-Kanal", usual.at("token")}, {"X-Ponsel", usual.at("Authorization")}}, report_json()).status, 201);
  EXPECT_EQ(create({{"X-Kanal", usual.at("token")}}, report_json()).status, 401);
  EXPECT_EQ(create({{"X-Ponsel", usual.at("Authorization")}}, report_json()).status, 401);
}

TEST_F(World, EveryRouteRefusesWrongCredentialsBeforeTheBodyIsRead) {
  const Headers good = phone();
  Headers wrong_channel = good;
  wrong_channel["token"] = "6F1C2B0A-4D3E-4A57-9B18-1571A0C3E5D1";  // without braces
  int guarded = 0;
  for (const RouteSummary& route : all_routes()) {
    if (route.access == Access::kAnybody || route.access == Access::kOfficer) continue;
    ++guarded;
    std::vector<Headers> bad = {{}, {{"Authorization", good.at("Authorization")}}, wrong_channel};
    if (route.access != Access::kChannel) {
      bad.push_back(channel());
      bad.push_back(with("0123"));
      bad.push_back(with(sha256_hex(good.at("Authorization").substr(7))));  // the stored hash is no token
    }
    for (const Headers& headers : bad) {
      body_was_read = false;
      const Response response = call(route.method, without_braces(route.pattern), headers, "x");
      EXPECT_EQ(response.status, 401) << route.pattern;
      EXPECT_FALSE(lapor::read_error(response.text()).message.empty()) << route.pattern;
      EXPECT_FALSE(body_was_read) << route.pattern;
    }
    if (route.access == Access::kIntegration) {
      EXPECT_EQ(call(route.method, without_braces(route.pattern), good, "x").status, 403) << route.pattern;
      EXPECT_FALSE(body_was_read);
    }
    EXPECT_EQ(call("PUT", without_braces(route.pattern), good).status, 405) << route.pattern;
  }
  EXPECT_EQ(guarded, 41);
}

TEST_F(World, EachWayToNameTheTokenIsTaken) {
  const Headers good = phone();
  const std::string token = good.at("Authorization").substr(7);
  for (const auto& [name, value] : {std::pair<std::string, std::string>{"Authorization", "Bearer " + token},
                                    {"authorization", "bearer " + token}, {"auth", "Bearer " + token}, {"auth", token}}) {
    Headers headers = channel();
    headers[name] = value;
    EXPECT_EQ(call("GET", "/lapor/3.0.0/masters/templates?page_size=5", headers).status, 200) << name;
  }
}

TEST_F(World, APhoneSeesOnlyItsOwn) {
  const Headers owner = phone();
  const Headers other = phone();
  const Headers office = agency();
  const std::string file = upload(owner);
  const std::string key = "0192f0c1-0000-7000-8000-000000000001";
  const auto created = lapor::read_created(create(owner, report_json("Lubang", "[" + file + "]"), key).text());
  ASSERT_TRUE(created.ok());
  for (const std::string& path : {"/lapor/3.0.0/complaints/" + created->tracking_id + "/complaint",
                                  "/lapor/3.0.0/complaints/" + created->tracking_id + "/followups",
                                  "/titik/1/reports/" + key, "/titik/1/files/" + file}) {
    EXPECT_EQ(call("GET", path, owner).status, 200) << path;
    EXPECT_EQ(call("GET", path, office).status, 200) << path;
    EXPECT_EQ(call("GET", path, other).status, 404) << path;
  }
  // A foreign report looks exactly like none.
  EXPECT_EQ(call("GET", "/lapor/3.0.0/complaints/" + created->tracking_id + "/complaint", other).text(),
            call("GET", "/lapor/3.0.0/complaints/9999999999/complaint", other).text());
  EXPECT_EQ(call("GET", "/titik/1/files/" + file, other).text(), call("GET", "/titik/1/files/999", other).text());
  EXPECT_EQ(follow_up(other, created->tracking_id, "x").status, 404);
  // Nor can another phone attach the file.
  EXPECT_EQ(create(other, report_json("Lubang", "[" + file + "]")).status, 422);
}

TEST_F(World, AFileIsGivenWithItsType) {
  const Headers who = phone();
  const Response response = call("GET", "/titik/1/files/" + upload(who), who);
  EXPECT_EQ(response.text(), kJpeg);
  EXPECT_EQ(response.content_type, "image/jpeg");
  EXPECT_EQ(response.header("Content-Disposition"), "inline; filename=\"a.jpg\"");
  EXPECT_EQ(response.header("Cache-Control"), "private, immutable, max-age=31536000");
}

TEST_F(World, UploadsAreBoundedAndChecked) {
  Headers who = phone();
  who["Content-Type"] = "multipart/form-data; boundary=B";
  const auto status = [&](const std::vector<std::string>& sent) {
    return call("POST", "/lapor/3.0.0/complaints/complaint/file", who, form_of(sent)).status;
  };
  const auto jpeg_of = [](std::int64_t size) { return kJpeg + std::string(static_cast<std::size_t>(size) - kJpeg.size(), 'x'); };
  EXPECT_EQ(status({jpeg_of(report::kMaxFileBytes)}), 200);
  EXPECT_EQ(status({jpeg_of(report::kMaxFileBytes + 1)}), 413);
  EXPECT_EQ(status(std::vector<std::string>(5, kJpeg)), 200);
  EXPECT_EQ(status(std::vector<std::string>(6, kJpeg)), 413);
  EXPECT_EQ(status({"GIF89a..........."}), 415);
  EXPECT_EQ(status({"<svg onload=x>"}), 415);
  EXPECT_EQ(status({""}), 422);
  EXPECT_EQ(status({}), 422);
  EXPECT_EQ(upload(who), upload(who));  // the same file, waiting: the same id
  EXPECT_NE(upload(who), upload(who, kJpeg + "2"));
  const auto pdf = lapor::read_uploaded(
      call("POST", "/lapor/3.0.0/complaints/complaint/file", who, form_of({"%PDF-1.7 ..."})).text());
  ASSERT_TRUE(pdf.ok());
  EXPECT_EQ(pdf->documents.size(), 1u);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path + "/files/incoming"));  // nothing refused is left behind
}

TEST_F(World, InstitutionsAreTheCitysAgencies) {
  const auto listed = lapor::read_institutions(call("GET", "/lapor/3.0.0/masters/institutions/external?page_size=1", phone()).text());
  ASSERT_TRUE(listed.ok());
  ASSERT_EQ(listed->size(), 2u);
  EXPECT_EQ((*listed)[0].name, "Dinas Pekerjaan Umum");
}

TEST_F(World, AJsonBodyIsBounded) {
  const Headers who = phone();
  body_was_read = false;
  EXPECT_EQ(create(who, std::string(kMaxJsonBody + 1, ' ')).status, 413);
  EXPECT_FALSE(body_was_read);
  EXPECT_EQ(create(who, std::string(kMaxJsonBody, ' ')).status, 400);
  // Chunked: no length is told beforehand.
  Request request{"POST", "/lapor/3.0.0/complaints/complaint", who, std::nullopt, {}};
  std::size_t pieces = 0;
  request.read_body = [&](const BodySink& sink) {
    const std::string piece(64 * 1024, ' ');
    while (pieces < 100'000 && sink(piece)) ++pieces;
    return false;
  };
  EXPECT_EQ(handle(app, request).status, 413);
  EXPECT_EQ(pieces, 4u);
}

TEST_F(World, ProblemsAreToldByField) {
  const Response response = create(phone(), R"({"title":" ","content":"x","category_id":"99","date_of_incident":"2027-01-01"})");
  EXPECT_EQ(response.status, 422);
  std::string fields;
  for (const auto& error : lapor::read_error(response.text()).errors) fields += error.field + ":" + error.code + " ";
  EXPECT_EQ(fields, "place:missing category_id:missing title:missing incident_date:in_future ");
}

TEST_F(World, UnknownAddressesAndPublicOnes) {
  EXPECT_EQ(call("GET", "/titik/1/nothing", {}).status, 404);
  EXPECT_EQ(call("GET", "/lapor/3.0.0/", {}).status, 404);
  EXPECT_EQ(call("POST", "/index.html", {}).status, 405);
  EXPECT_EQ(call("GET", "/titik/1/health", {}).status, 200);
  EXPECT_EQ(call("HEAD", "/titik/1/health", {}).status, 200);
  const Response profile = call("GET", "/titik/1/profile", {});
  EXPECT_EQ(string_or(*parse_json(profile.text()), "id"), "kota-uji");
  EXPECT_EQ(call("GET", "/titik/1/profile", {{"If-None-Match", profile.header("ETag")}}).status, 304);
}

TEST_F(World, ThePublicListHoldsNothingSecretAndRoundsPlaces) {
  const Headers who = phone();
  (void)create(who, report_json("Terbuka", "[]", R"(,"is_new_user_slider":true,"nameUser":"Siti Rahayu","phoneUser":"081234567890")"));
  (void)create(who, report_json("Tersembunyi", "[]", R"(,"is_secret":true)"));
  const std::string text(call("GET", "/titik/1/reports", {}).text());
  EXPECT_EQ(text.find("Tersembunyi"), std::string::npos);
  EXPECT_EQ(text.find("Siti"), std::string::npos);
  EXPECT_EQ(text.find("0812"), std::string::npos);
  const auto list = lapor::read_public_reports(text);
  ASSERT_TRUE(list.ok());
  ASSERT_EQ(list->size(), 1u);
  EXPECT_EQ((*list)[0].point->latitude, -1.6123);
  EXPECT_EQ(lapor::read_counts(call("GET", "/titik/1/counts", {}).text())->received, 2);
  for (const char* personal : {"Siti", "0812", "7000001", "Terbuka"}) EXPECT_EQ(log.find(personal), std::string::npos);
  EXPECT_NE(log.find(R"("method":"POST","ms":)"), std::string::npos);
}

}  // namespace
}  // namespace titik::serve
