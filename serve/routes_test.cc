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
  EXPECT_EQ(guarded, 45);
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

TEST_F(World, APhotoIsOneFromHeadToEnd) {
  const Headers who = phone();
  EXPECT_NE(upload(who, kJpeg), "");
  for (const std::string& broken : {kJpeg.substr(0, 200), kJpeg.substr(0, 4) + std::string(300, 'x'), std::string("\xFF\xD8\xFF\xE0", 4) + std::string(300, 'j'),
                                    std::string("\x89PNG\r\n\x1A\n") + std::string(50, 'p')}) {
    Headers headers = who;
    headers["Content-Type"] = "multipart/form-data; boundary=B";
    const Response response = call("POST", "/lapor/3.0.0/complaints/complaint/file", headers, form_of({broken}));
    EXPECT_EQ(response.status, 415);
    EXPECT_EQ(lapor::read_error(response.text()).message, "Foto rusak atau terpotong. Ambil atau pilih foto lain.");
  }
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
  const Response response = create(phone(), R"({"title":" ","content":"x","category_id":"99","date_of_incident":"2027-01-01",)"
                                           R"("titik":{"report_id":"0192f0c1-0000-7000-8000-000000000003"}})");
  EXPECT_EQ(response.status, 422);
  std::string fields;
  for (const auto& error : lapor::read_error(response.text()).errors) fields += error.field + ":" + error.code + " ";
  EXPECT_EQ(fields, "place:missing category_id:missing title:missing incident_date:in_future ");
}

// As it was observed in clients that ran against the real service (lapor-api.md, Create): no place, no `titik`.
TEST_F(World, ACreateAsObservedElsewhereIsTaken) {
  const Headers system = agency();
  const auto body = [](int kind, const std::string& more = "") {
    return R"({"title":"Lubang","content":"Ada lubang","channel":12,"is_new_user_slider":true,"emailUser":"a@contoh.id","nameUser":"Siti",)"
           R"("phoneUser":"081234567890","is_inbox":true,"classification_id":)" + std::to_string(kind) +
           R"(,"category_id":11,"priority_program_id":null,"location_id":1571,"community_id":null,"date_of_incident":"2026-11-17",)"
           R"("copy_externals":"[]","info_disposition":"","info_attachments":"[]","tags_raw":"","is_approval":false,"is_anonymous":false,)"
           R"("is_secret":false,"is_priority":false,"attachments":"[].")" + more + "}";
  };
  const auto agency_of = [&](const Response& made) { return workflow.row(std::stoll(lapor::read_created(made.text())->tracking_id))->subject.agency_id; };
  for (const int kind : {1, 2, 3}) {
    const Response made = create(system, body(kind));
    ASSERT_EQ(made.status, 201) << made.text();
    EXPECT_EQ(agency_of(made), "pupr");
  }
  // A system may name the agency, by its number there; a phone may not.
  const std::string to_dishub = R"(,"is_disposisi_slider":true,"disposition_id":"102")";
  EXPECT_EQ(agency_of(create(system, body(1, to_dishub))), "dishub");
  EXPECT_EQ(agency_of(create(system, body(1, R"(,"is_disposisi_slider":false,"disposition_id":"102")"))), "pupr");
  EXPECT_EQ(agency_of(create(phone(), body(1, to_dishub))), "pupr");
  EXPECT_EQ(create(system, body(1, R"(,"is_disposisi_slider":true,"disposition_id":"999")")).status, 422);
  // The public web form's place.
  const Response placed = create(system, body(1, R"(,"origin_latitude":"-1.61","origin_longitude":"103.6")"));
  const StoredReport stored = repository->report(std::stoll(lapor::read_created(placed.text())->tracking_id)).value();
  EXPECT_NE(stored.request.find(R"("latitude":-1.61)"), std::string::npos) << stored.request;
  const Json told = parse_json(call("GET", "/lapor/3.0.0/complaints/" + std::to_string(stored.tracking_id) + "/complaint", system).text()).value();
  EXPECT_EQ(told["results"]["data"]["disposition_id"], "101");
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
