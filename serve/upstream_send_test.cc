// What is told SP4N-LAPOR!: what goes and what stays, photos, and what may have arrived.
#include "serve/test_upstream.h"
#include "serve/copy_database.h"

namespace titik::serve {
namespace {

// --- What was here before the link ----------------------------------------------------------------

TEST_F(LinkTest, WhatWasHereBeforeTheLinkStaysUnlessItIsHandedOn) {
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 3; ++i) ids.push_back(std::stoll(create_report(phone())));
  execute("UPDATE report SET received_at = received_at - 86400000; UPDATE history SET at = at - 86400000");
  city.agencies[0].vertical = true;
  take(ids[0], {.action = Action::kVerify});
  take(ids[1], {.action = Action::kVerify});
  take(ids[1], {.action = Action::kClose, .text = "Sudah diperbaiki warga sendiri"});
  round();
  EXPECT_EQ(sent(), 0);
  // Handed on from one of the city's to a vertical body, which is told by its national channel.
  take(ids[2], {.action = Action::kHandOn, .agency_id = "dishub"});
  round();
  EXPECT_EQ(sent(), 0);
  take(ids[2], {.action = Action::kHandOn, .agency_id = "pupr"});
  round();
  EXPECT_EQ(sent(), 1);
  // One that was over when it was handed on is left alone.
  execute("UPDATE report SET status = 'ditutup_admin' WHERE tracking_id = " + std::to_string(ids[2]));
  execute("DELETE FROM outbox; DELETE FROM upstream_report; DELETE FROM change; INSERT INTO change(tracking_id) SELECT tracking_id FROM report");
  round();
  EXPECT_EQ(sent(), 1);
}

// All changes are read once more then: their numbers are higher than what was read.
TEST_F(LinkTest, ARestoreSendsNothingThatStayedHere) {
  const std::int64_t old = std::stoll(create_report(phone()));
  execute("UPDATE report SET received_at = received_at - 86400000; UPDATE history SET at = at - 86400000");
  city.agencies[0].vertical = true;
  const std::int64_t sent_before = std::stoll(create_report(phone()));
  round();
  ASSERT_EQ(sent(), 1);
  const auto restored = Repository::open(folder.path + "/restored.db").value();
  ASSERT_TRUE(copy_database(repository->sql(), restored->sql()).ok());
  Workflow its_workflow(restored->sql(), CityRules::of(city, kTestPhrases).value());
  UpstreamLink its_link(*restored, its_workflow, files, city, config, [this] { return now.load(); }, [](const std::string&) {});
  ASSERT_TRUE(its_link.start().ok());
  later(10 * kMinute);
  ASSERT_TRUE(its_link.round().value());
  EXPECT_EQ(sent(), 1);
  UpstreamStore its_store(restored->sql());
  EXPECT_FALSE(its_store.report(old).value().has_value());
  EXPECT_TRUE(its_store.report(sent_before).value().has_value());
}

// --- Photos ---------------------------------------------------------------------------------------

TEST_F(LinkTest, APhotoLeavesWithoutWhatTheCameraWroteIntoIt) {
  const photo::testing::ExifWriter exif(photo::ByteOrder::kBig);
  const std::string serial = "SN-9912-SITI";
  const auto dressed = [&](int width) {
    return text_of(photo::testing::with_exif(photo::testing::grey_jpeg(width, 16),
                                             exif.tiff({exif.ascii(0x010F, serial)}, {exif.ascii(0xA431, serial)}, {exif.rationals(2, {1, 1, 36, 1, 0, 1})})));
  };
  const Headers who = phone();
  const std::string id = lapor::read_created(create(who, report_json("Lubang", "[" + upload(who, dressed(16)) + "]")).text()).value().tracking_id;
  ASSERT_EQ(follow_up(agency(), id, "Sudah kami tambal", {dressed(24)}).status, 201);
  round();
  const std::vector<std::string> uploads = there.bodies_of("POST /complaints/complaint/file");
  const std::vector<std::string> answers_there = there.bodies_of("POST /complaints/followup/add");
  ASSERT_EQ(uploads.size(), 1u);
  ASSERT_EQ(answers_there.size(), 1u);
  EXPECT_NE(uploads[0].find(picture(16)), std::string::npos);  // the same picture, bit for bit
  EXPECT_NE(answers_there[0].find(picture(24)), std::string::npos);
  for (const std::string& body : {uploads[0], answers_there[0]}) {
    EXPECT_EQ(body.find(serial), std::string::npos);
    EXPECT_EQ(body.find("Exif"), std::string::npos);
  }
}

TEST_F(LinkTest, AFileThatCannotBeFreedOfThatStaysHereAndTheWordsGo) {
  const Headers who = phone();
  // A WebP, which is not decoded here.
  const std::string webp("RIFF\x16\0\0\0WEBPVP8 \x0A\0\0\0\x30\0\0\x9D\x01\x2A\x10\0\x10\0", 30);
  ASSERT_EQ(create(who, report_json("Lubang", "[" + upload(who, webp) + "]")).status, 201);
  round();
  EXPECT_EQ(sent(), 1);
  EXPECT_EQ(there.count("POST /complaints/complaint/file"), 0);
  EXPECT_NE(log.find("stays here"), log.npos) << log;
}

TEST_F(LinkTest, APhotoThatIsTooLargeForThemGoesSmaller) {
  photo::Pixels noise{{2000, 1500}, {}};
  std::uint32_t random = 1;
  for (int i = 0; i < 2000 * 1500; ++i) {
    random = random * 1'664'525 + 1'013'904'223;
    for (const unsigned part : {random >> 24, random >> 16 & 255, random >> 8 & 255, 255u}) noise.rgba.push_back(static_cast<std::uint8_t>(part));
  }
  const std::string large = text_of(photo::encode_jpeg(noise).value());
  ASSERT_GT(large.size(), 2'000'000u);
  const Headers who = phone();
  ASSERT_EQ(create(who, report_json("Lubang", "[" + upload(who, large) + "]")).status, 201);
  round();
  ASSERT_EQ(there.count("POST /complaints/complaint/file"), 1);
  EXPECT_LT(there.bodies_of("POST /complaints/complaint/file")[0].size(), 2'001'000u);
}

TEST_F(LinkTest, WordsGoWithoutFilesThatAreTooMuchForThem) {
  const std::int64_t id = sent_report();
  there.trouble = [this](const std::string& line) { return line.ends_with("/followup/add") && there.count(line) == 1 ? 413 : 0; };
  ASSERT_EQ(follow_up(agency(), std::to_string(id), "Sudah kami tambal", {picture(24)}).status, 201);
  round();
  const std::vector<std::string> bodies = there.bodies_of("POST /complaints/followup/add");
  ASSERT_EQ(bodies.size(), 2u);
  EXPECT_NE(bodies[0].find("attachment[0]"), std::string::npos);
  EXPECT_EQ(bodies[1].find("attachment[0]"), std::string::npos);
  EXPECT_NE(bodies[1].find("Sudah kami tambal"), std::string::npos);
  EXPECT_TRUE(store.troubled().value().empty());
}

// Of a report that came in words first, and went before its photos were here.
TEST_F(LinkTest, PhotosThatComeAfterTheReportFollowIt) {
  const std::string key = "0192f0c1-0000-7000-8000-0000000000aa";
  const std::vector<std::string> photos = {picture(16), picture(24)};
  std::string named;
  for (const std::string& one : photos) {
    named += (named.empty() ? "" : ",") + std::string(R"({"sha256":")") + sha256_hex(one) + R"(","bytes":)" + std::to_string(one.size()) + R"(,"width":16,"height":16,"origin":"camera"})";
  }
  const std::string more = R"(,"titik":{"report_id":")" + key + R"(","category":"jalan","photos_follow":true,"photos":[)" + named + "]}";
  const std::int64_t id = std::stoll(lapor::read_created(create(phone(), report_json("Lubang", "[]", more), key).text()).value().tracking_id);
  const std::int64_t caller = repository->report(id).value().caller_id;
  const auto come = [&](const std::string& photo) {
    IncomingFile incoming = files.receive().value();
    ASSERT_TRUE(incoming.write(photo).ok());
    const KeptFile kept = incoming.keep().value();
    Upload upload{.caller_id = caller, .length = kept.bytes, .sha256 = kept.sha256, .expires_at = now + kDay, .report_id = key};
    upload.id = repository->begin_upload(upload, 10).value();
    ASSERT_TRUE(repository->finish_upload(upload, {kept.sha256, kept.bytes, "image/jpeg", "IMG.jpg"}, Repository::Bytes::kJustKept, now).ok());
  };
  round();
  EXPECT_EQ(sent(), 0);
  later(config.photos_wait);
  round();
  ASSERT_EQ(sent(), 1);
  come(photos[0]);
  round();
  EXPECT_EQ(told(), 0);  // the rest is still to come
  come(photos[1]);
  round();
  ASSERT_EQ(told(), 1);
  const std::string body = there.bodies_of("POST /complaints/followup/add")[0];
  EXPECT_NE(body.find("Foto pelapor menyusul"), std::string::npos);
  for (const std::string& one : photos) EXPECT_NE(body.find(one), std::string::npos);
  take(id, {.action = Action::kVerify});
  rounds(3, kHour);
  EXPECT_EQ(told(), 1);
}

TEST_F(LinkTest, APhotoThatIsNeverTakenThereKeepsTheWordsBackForSomeTime) {
  report_with_photos(1);
  there.trouble = [](const std::string& line) { return line.ends_with("/complaint/file") ? 500 : 0; };
  for (int i = 0; i < 4; ++i) round(), later(kHour);
  EXPECT_EQ(sent(), 0);
  for (int i = 0; i < 3; ++i) round(), later(kHour);
  EXPECT_EQ(sent(), 1);
  EXPECT_EQ(there.count("POST /complaints/complaint/file"), 5);
}

// --- Ratings --------------------------------------------------------------------------------------

TEST_F(LinkTest, ARatingIsTold) {
  const std::int64_t id = sent_report();
  rounds(1, config.poll_first);
  take(id, {.action = Action::kClose, .text = "Sudah diperbaiki warga sendiri"});
  round();
  ASSERT_EQ(told(), 1);
  const std::int64_t caller = repository->report(id).value().caller_id;
  const Actor citizen = actor_of({caller, CallerKind::kDevice, ""});
  ASSERT_TRUE(workflow.write(id, citizen, {.action = Action::kRate, .rating = 2}, {}, now).ok());
  round();
  round();
  ASSERT_EQ(told(), 2);
  EXPECT_NE(there.bodies_of("POST /complaints/followup/add")[1].find("rating=2\n"), std::string::npos);
  ASSERT_TRUE(workflow.write(id, citizen, {.action = Action::kRate, .text = "Sudah rapi sekali", .rating = 5}, {}, now).ok());
  rounds(2, kHour);
  ASSERT_EQ(told(), 3);
  const std::string last = there.bodies_of("POST /complaints/followup/add")[2];
  EXPECT_NE(last.find("rating=5\n"), std::string::npos);
  EXPECT_NE(last.find("Sudah rapi sekali"), std::string::npos);
}

// --- In doubt, where nothing can be looked for ----------------------------------------------------

TEST_F(LinkTest, AReportThatTheListCannotHoldIsAskedAbout) {
  config.list_path = "/complaints";
  city.agencies[0].vertical = true;  // not the city's: what is disposed to it stands in no list of the city
  there.trouble = [](const std::string& line) { return line == "POST /complaints/complaint" ? 502 : 0; };
  create_report(phone());
  for (int i = 0; i < 4; ++i) round(), later(3 * kMinute);
  EXPECT_EQ(sent(), 1);
  EXPECT_EQ(UpstreamStore(repository->sql()).troubled().value().at(0).state, "asks");
}

TEST_F(LinkTest, AReportThatTheListIsTooLongForIsAskedAbout) {
  config.list_path = "/complaints";
  there.list = complaints(1, 50);
  there.trouble = [](const std::string& line) { return line == "POST /complaints/complaint" ? 502 : 0; };
  create_report(phone());
  for (int i = 0; i < 4; ++i) round(), later(3 * kMinute);
  EXPECT_EQ(sent(), 1);
  // In a list that is read to its end it would stand.
  there.list = complaints(1, 2);
  create_report(phone());
  for (int i = 0; i < 3; ++i) round(), later(3 * kMinute);
  EXPECT_GE(sent(), 1 + 2);
}

TEST_F(LinkTest, ANumberThatAnotherReportHasIsAskedAbout) {
  sent_report();
  there.number = "1500001";
  const std::int64_t id = std::stoll(create_report(phone()));
  EXPECT_TRUE(link->round().ok());
  ASSERT_EQ(sent(), 2);
  EXPECT_EQ(store.report(id).value()->upstream_id, "");
  EXPECT_EQ(store.troubled().value().at(0).state, "asks");
  rounds(2, kHour);
  EXPECT_EQ(sent(), 2);
}

// It stands on the second page; while that is asked for one above it is taken off, and it is on the first.
TEST_F(LinkTest, OneUnluckyReadingOfTheListIsNotBelieved) {
  config.list_path = "/complaints";
  bool is_shifted = false;
  there.trouble = [&](const std::string& line) {
    if (line == "POST /complaints/complaint" && there.list.empty()) {
      const std::string& body = there.bodies.back();
      const std::string mark = body.substr(body.find("[Titik Lapor"));
      there.list = complaints(1, 2);
      for (Elsewhere::Complaint& one : there.list) one.disposition = "900";
      there.list.push_back({.id = "1300001", .content = mark.substr(0, mark.find(']') + 1)});
      return 502;
    }
    if (line == "GET /complaints?page=2" && !is_shifted && now >= kToday + 3 * kMinute) {
      is_shifted = true;
      there.take_away("1400002");
      there.list.push_back({.id = "1200001", .disposition = "900"});
    }
    return 0;
  };
  // Without a walk through the list, which would find it too.
  ASSERT_TRUE(store.set_setting("upstream_list_at", std::to_string(now + kDay)).ok());
  const std::int64_t id = std::stoll(create_report(phone()));
  round();
  rounds(3, 3 * kMinute);
  EXPECT_TRUE(is_shifted);
  EXPECT_EQ(sent(), 1);
  EXPECT_EQ(store.report(id).value()->upstream_id, "1300001");
}

}  // namespace
}  // namespace titik::serve
