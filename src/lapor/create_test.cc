#include <gtest/gtest.h>

#include "base/json.h"
#include "lapor/lapor.h"

namespace titik::lapor {
namespace {

const std::string kHash(64, 'a');
constexpr std::string_view kUuid = "0192f0c1-0000-7000-8000-000000000001";

report::CityProfile profile() {
  report::CityProfile city;
  city.categories = {{.id = "jalan", .name = "Jalan", .lapor_category_id = "11"},
                     {.id = "sampah", .name = "Sampah", .lapor_category_id = "12"}};
  return city;
}

CreateRequest full_request() {
  CreateRequest request;
  request.lapor_category_id = "11";
  request.channel = 7;
  request.attachments = {"501", "502"};
  report::Draft& draft = request.draft;
  draft.id = kUuid;
  draft.category_id = "jalan";
  draft.title = "Lubang";
  draft.content = "Ada lubang\ndi \"jalan\" — dalam.";
  draft.incident_date = "2026-11-20";
  draft.is_secret = true;
  draft.reporter_name = "Siti Rahayu";
  draft.reporter_phone = "+62 812-3456-789";
  draft.place = report::Place{{-1.6101, 103.6131}, 12.5, report::PlaceSource::kGps, 1'795'000'000'000};
  draft.landmark = "RT 05";
  draft.created_at = 1'795'000'000'123;
  report::Photo photo{.sha256 = kHash, .bytes = 1234, .width = 1600, .height = 1200};
  photo.origin = report::PhotoOrigin::kCamera;
  photo.taken_at = 1'794'000'000'000;
  photo.place = report::Place{{-1.6, 103.6}, 0, report::PlaceSource::kExif, 1'794'000'000'000};
  draft.photos = {photo, {.sha256 = std::string(64, 'b'), .bytes = 1, .width = 1, .height = 1}};
  return request;
}

std::vector<std::string> attachments_of(const std::string& value) {
  const auto read = read_create(R"({"title":"a","attachments":)" + value + "}", profile());
  return read.ok() ? read->attachments : std::vector<std::string>{"error at " + read.error().where};
}

std::string error_place(std::string_view json) {
  const auto read = read_create(json, profile());
  return read.ok() ? "no error" : std::string(error_code_name(read.error().code)) + " " + read.error().where;
}

TEST(Create, WhatIsWrittenIsReadBack) {
  const CreateRequest request = full_request();
  const auto read = read_create(write_create(request), profile());
  ASSERT_TRUE(read.ok()) << read.error().where;
  EXPECT_EQ(read->draft, request.draft);
  EXPECT_EQ(read->attachments, request.attachments);
  EXPECT_EQ(read->lapor_category_id, "11");
  EXPECT_EQ(read->channel, 7);
}

TEST(Create, PhotosMayFollowTheWords) {
  CreateRequest request = full_request();
  EXPECT_EQ(write_create(request).find("photos_follow"), std::string::npos);  // as before, for who does not know it
  EXPECT_FALSE(read_create(write_create(request), profile())->photos_follow);
  request.photos_follow = true;
  request.attachments.clear();
  const auto read = read_create(write_create(request), profile());
  ASSERT_TRUE(read.ok());
  EXPECT_TRUE(read->photos_follow);
  EXPECT_EQ(read->draft.photos, request.draft.photos);
  EXPECT_EQ(error_place(R"({"titik":{"photos_follow":[]}})"), "malformed photos_follow");
}

TEST(Create, TellsWhichNoticeTheCitizenHadSeen) {
  CreateRequest request = full_request();
  EXPECT_EQ(write_create(request).find("privacy_version"), std::string::npos);
  request.privacy_version = 3;
  EXPECT_EQ(read_create(write_create(request), profile())->privacy_version, 3);
  EXPECT_EQ(read_create(R"({"titik":{"privacy_version":-1}})", profile())->privacy_version, 0);
}

TEST(Create, IsWrittenInTheShapeOfTheInterface) {
  const auto json = parse_json(write_create(full_request()));
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(optional_string(*json, "attachments"), "[501,502]");
  EXPECT_EQ(optional_string(*json, "copy_externals"), "[]");
  EXPECT_EQ(optional_integer(*json, "classification_id"), 1);
  EXPECT_EQ(optional_string(*json, "date_of_incident"), "2026-11-20");
  EXPECT_EQ(optional_string(*json, "nameUser"), "Siti Rahayu");
  EXPECT_TRUE(boolean_or(*json, "is_new_user_slider"));
  EXPECT_FALSE(json->contains("user_id"));
}

TEST(Create, AnAnonymousDraftLeavesNoIdentity) {
  CreateRequest request = full_request();
  request.draft.is_anonymous = true;
  request.user_id = "1001";
  const std::string text = write_create(request);
  EXPECT_EQ(text.find("Siti"), std::string::npos);
  EXPECT_EQ(text.find("812"), std::string::npos);
  EXPECT_EQ(text.find("nameUser"), std::string::npos);
  EXPECT_NE(text.find(R"("user_id":"1001")"), std::string::npos);
}

TEST(Create, TakesEveryFormOfAttachments) {
  const std::vector<std::string> both = {"501", "502"};
  EXPECT_EQ(attachments_of(R"("[501,502]")"), both);
  EXPECT_EQ(attachments_of(R"("[501,502].")"), both);
  EXPECT_EQ(attachments_of(R"("501,502.")"), both);
  EXPECT_EQ(attachments_of(R"("[\"501\", \"502\"]")"), both);
  EXPECT_EQ(attachments_of("[501,502]"), both);
  EXPECT_EQ(attachments_of(R"(["501","502"])"), both);
  EXPECT_EQ(attachments_of("501"), std::vector<std::string>{"501"});
  for (const char* none : {"false", "null", R"("")", R"("[]")", "[]", R"(".")"}) {
    EXPECT_TRUE(attachments_of(none).empty()) << none;
  }
  for (const char* bad : {"true", R"("abc")", "{}", "[1.5]", "[[1]]", "[-1]", R"("[501")", "[12345678901]"}) {
    EXPECT_EQ(attachments_of(bad), std::vector<std::string>{"error at attachments"}) << bad;
  }
}

TEST(Create, ReadsAForeignClientWithoutOurMember) {
  const auto read = read_create(R"({"title":"Sampah","content":"Menumpuk","channel":"13","classification_id":"2",
    "category_id":12,"latitude":"-1.5","longitude":"103.25","is_anonymous":"1","is_secret":0,
    "attachments":null,"community_id":null})", profile());
  ASSERT_TRUE(read.ok()) << read.error().where;
  EXPECT_EQ(read->draft.id, "");
  EXPECT_EQ(read->draft.category_id, "sampah");
  EXPECT_EQ(read->draft.classification, report::Classification::kInformationRequest);
  EXPECT_EQ(read->channel, 13);
  EXPECT_TRUE(read->draft.is_anonymous);
  EXPECT_FALSE(read->draft.is_secret);
  ASSERT_TRUE(read->draft.place);
  EXPECT_EQ(read->draft.place->point, (report::GeoPoint{-1.5, 103.25}));
  EXPECT_EQ(read->draft.place->source, report::PlaceSource::kPin);
}

TEST(Create, NamesTheMemberThatIsWrong) {
  EXPECT_EQ(error_place("[]"), "malformed ");
  EXPECT_EQ(error_place("{"), "malformed ");
  EXPECT_EQ(error_place(R"({"title":[]})"), "malformed title");
  EXPECT_EQ(error_place(R"({"classification_id":4})"), "malformed classification_id");
  EXPECT_EQ(error_place(R"({"is_secret":"maybe"})"), "malformed is_secret");
  EXPECT_EQ(error_place(R"({"latitude":1})"), "malformed longitude");
  EXPECT_EQ(error_place(R"({"latitude":"x","longitude":2})"), "malformed latitude");
  EXPECT_EQ(error_place(R"({"latitude":"1],[2","longitude":2})"), "malformed latitude");
  EXPECT_EQ(error_place(R"({"latitude":91,"longitude":2})"), "malformed latitude");
  EXPECT_EQ(error_place(R"({"titik":[]})"), "malformed titik");
  EXPECT_EQ(error_place(R"({"titik":{"report_id":"x"}})"), "malformed titik.report_id");
  EXPECT_EQ(error_place(R"({"titik":{"photos":[7]}})"), "malformed titik.photos[0]");
  EXPECT_EQ(error_place(R"({"titik":{"photos":[{"sha256":"x"}]}})"), "malformed titik.photos[0].sha256");
}

TEST(Create, ReadsNoNumberOutOfRange) {
  const auto read = read_create(R"({"channel":99999999999999999999,"titik":{"created_at":-5,"photos":[{"sha256":")" +
                                    kHash + R"(","width":1e300,"height":-3,"bytes":9223372036854775807}]}})",
                                profile());
  ASSERT_TRUE(read.ok()) << read.error().where;
  EXPECT_EQ(read->channel, 0);
  EXPECT_EQ(read->draft.created_at, 0);
  EXPECT_EQ(read->draft.photos[0].width, 0);
  EXPECT_EQ(read->draft.photos[0].height, 0);
}

TEST(Created, WhatIsWrittenIsReadBack) {
  const Receipt receipt{std::string(kUuid), "7000001", 1'795'000'000'001, 1'795'259'200'001, {kHash}, {std::string(64, 'b')}};
  const auto read = read_created(write_created(receipt));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(*read, receipt);
}

TEST(Created, FindsTheIdAtAllThreePlaces) {
  for (const char* json : {R"({"complaint_id":7000001})", R"({"data":{"complaint_id":"7000001"}})",
                           R"({"results":{"complaint":{"id":7000001}}})"}) {
    const auto read = read_created(json);
    ASSERT_TRUE(read.ok()) << json;
    EXPECT_EQ(*read, (Receipt{.tracking_id = "7000001"})) << json;
  }
  for (const char* json : {"{}", "[]", "7", "null", R"({"complaint_id":"12345678901"})", R"({"complaint_id":{}})",
                           R"({"complaint_id":"../7"})"}) {
    const auto read = read_created(json);
    ASSERT_FALSE(read.ok()) << json;
    EXPECT_EQ(read.error().where, "complaint_id") << json;
  }
}

}  // namespace
}  // namespace titik::lapor
