// Which privacy notice a citizen had seen stands at their report.
#include "serve/test_world.h"

namespace titik::serve {
namespace {

constexpr const char* kKey = "0192f0c1-0000-7000-8000-000000000001";

struct ConsentWorld : World {
  static report::CityProfile city_with_notice() {
    report::CityProfile profile = test_city();
    profile.privacy_version = 5;
    return profile;
  }
  Response ask(const std::string& target, Headers headers, const std::string& body) {
    Request request{body.empty() ? "GET" : "POST", target, std::move(headers), static_cast<std::int64_t>(body.size()), {}};
    request.read_body = [&](const BodySink& sink) { return sink(body); };
    return handle(city_app, request);
  }
  int version_of(const Response& created) {
    const std::int64_t id = std::stoll(lapor::read_created(created.text())->tracking_id);
    return lapor::read_create(repository->report(id)->request, city)->privacy_version;
  }

  App city_app{*repository, files, *partial_files, *public_face, proofs, workflow, city_with_notice(),
               R"({"id":"kota-uji","privacy_version":5,"retention":{"identity_months":12}})", {}, app.now, app.log, gate};
};

TEST_F(ConsentWorld, ThePhoneSaysIt) {
  const Headers who = phone();
  const auto body = [](int version) {
    return report_json("Lubang", "[]", R"(,"titik":{"category":"jalan","privacy_version":)" + std::to_string(version) + "}");
  };
  const Response first = create(who, body(3), kKey);
  ASSERT_EQ(first.status, 201) << first.text();
  EXPECT_EQ(version_of(first), 3);
  EXPECT_EQ(create(who, body(4), kKey).status, 200);  // the city's notice is new, the report is the same
  EXPECT_EQ(version_of(first), 3);
  EXPECT_EQ(version_of(create(who, report_json())), 0);  // an older phone's
}

TEST_F(ConsentWorld, OfAnEnteredReportItIsTheDesks) {
  Headers officer = agency();
  officer["Idempotency-Key"] = kKey;
  const Response entered = ask("/titik/1/office/reports", officer, R"({"report":)" + report_json("Lubang", "[]", R"(,"titik":{"category":"jalan","privacy_version":9})") +
                                   R"(,"channel":"112","consent":"lisan"})");
  ASSERT_EQ(entered.status, 201) << entered.text();
  EXPECT_EQ(version_of(entered), 5);
}

TEST_F(ConsentWorld, PhonesAreToldOfTheNoticeAndNotOfRetention) {
  const std::string profile(ask("/titik/1/profile", {}, "").text());
  EXPECT_NE(profile.find(R"("privacy_version":5)"), std::string::npos);
  EXPECT_EQ(profile.find("retention"), std::string::npos);
}

}  // namespace
}  // namespace titik::serve
