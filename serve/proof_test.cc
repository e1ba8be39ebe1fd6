// Evidence that is no evidence: photos that were used before, that show another place, that are older than the report.
#include <cmath>

#include "photo/photo.h"
#include "photo/test_photos.h"
#include "serve/test_world.h"

namespace titik::serve {
namespace {

using photo::testing::Buffer;

// A picture of its own for each seed: waves across it.
photo::Pixels scene(int seed, photo::Size size = {320, 240}) {
  photo::Pixels pixels{size, {}};
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      double light = 128;
      for (int wave = 1; wave <= 6; ++wave) {
        const double turn = seed * 2.4 + wave * 1.7;
        light += 20 * std::sin(turn + 6.3 * wave * (std::cos(turn) * x / size.width + std::sin(turn) * y / size.height));
      }
      const auto value = static_cast<std::uint8_t>(std::clamp(light, 0.0, 255.0));
      pixels.rgba.insert(pixels.rgba.end(), {value, value, value, 255});
    }
  }
  return pixels;
}
std::string text_of(const Buffer& bytes) { return {bytes.begin(), bytes.end()}; }
std::string jpeg(int seed, int quality = 80, photo::Size size = {320, 240}) {
  return text_of(photo::encode_jpeg(scene(seed, size), quality).value());
}

class Proof : public World {
 protected:
  std::string reported(const Headers& reporter, const std::string& photo, const std::string& more = "") {
    return lapor::read_created(create(reporter, report_json("Lubang", "[" + upload(reporter, photo) + "]", more)).text()).value().tracking_id;
  }
  void show(const std::string& id, const std::vector<std::string>& photos) {
    ASSERT_EQ(follow_up(officer, id, "Sudah ditambal", photos).status, 201);
    while (proofs.work(100, now).value() > 0) {}
  }
  // What the report's history ends with.
  std::string last_line(const Headers& reader, const std::string& id) { return detail(reader, id).log.back().text; }
  std::string findings(const std::string& id) {
    std::string text;
    const std::vector<EvidenceFinding> all = proofs.findings(std::stoll(id)).value();
    for (const EvidenceFinding& one : all) {
      text += one.finding + (one.own ? " own" : "") + (one.other_tracking_id ? " " + std::to_string(one.other_tracking_id) : "") + ";";
    }
    return text;
  }
  Headers who = phone();
  Headers officer = agency();
};

TEST_F(Proof, NewEvidenceIsClear) {
  const std::string id = reported(who, jpeg(1));
  show(id, {jpeg(2), jpeg(3)});
  EXPECT_EQ(findings(id), "clear;clear;");
  EXPECT_EQ(last_line(who, id), "Pemeriksaan bukti: Foto bukti belum pernah dipakai pada laporan lain.");
  EXPECT_EQ(proofs.work(100, now).value(), 0);
}

TEST_F(Proof, TheComplaintsOwnPhotoIsNoEvidence) {
  const std::string id = reported(who, jpeg(1));
  show(id, {jpeg(1)});
  EXPECT_EQ(findings(id), "same_file own " + id + ";");
  EXPECT_EQ(last_line(who, id), "Pemeriksaan bukti: Foto bukti ini sama persis dengan foto yang sudah ada pada laporan ini.");
}

TEST_F(Proof, APhotoOfAnotherReportIsNamedHoweverItWasWritten) {
  const std::string first = reported(who, jpeg(1));
  show(first, {jpeg(2)});
  const std::string second = reported(phone(), jpeg(3));
  show(second, {jpeg(2, 45, {240, 180})});  // smaller, and of worse quality
  EXPECT_EQ(findings(second), "same_look " + first + ";");
  EXPECT_NE(last_line(officer, second).find("sangat mirip dengan foto pada laporan " + first), std::string::npos);
  const std::string third = reported(phone(), jpeg(4));
  show(third, {jpeg(1)});  // a citizen's photo of the first
  EXPECT_EQ(findings(third), "same_file " + first + ";");
  EXPECT_NE(last_line(officer, third).find("Foto ini pernah dipakai pada laporan " + first), std::string::npos);
  // Anybody sees it beside the answer.
  const Json shown = *parse_json(call("GET", "/titik/1/public/reports/" + third, {}).text());
  EXPECT_EQ(string_or(member(member(shown, "answers")[0], "proof")[0], "tracking_id"), first);
}

TEST_F(Proof, ASecretReportIsNotNamed) {
  const std::string secret = reported(who, jpeg(1), R"(,"is_secret":true)");
  const std::string id = reported(phone(), jpeg(3));
  show(id, {jpeg(1)});
  EXPECT_EQ(findings(id), "same_file;");
  EXPECT_EQ(last_line(officer, id), "Pemeriksaan bukti: Foto ini pernah dipakai pada laporan lain.");
}

TEST_F(Proof, PlaceAndTimeOfThePhotoCount) {
  const std::string id = reported(who, jpeg(1));
  const photo::testing::ExifWriter exif(photo::ByteOrder::kBig);
  const auto gps = std::vector{exif.ascii(1, "S"), exif.rationals(2, {2, 1, 0, 1, 0, 1}), exif.ascii(3, "E"), exif.rationals(4, {103, 1, 36, 1, 0, 1})};
  const Buffer with = photo::testing::with_exif(photo::encode_jpeg(scene(2)).value(),
                                                exif.tiff({}, {exif.ascii(0x9003, "2026:11:01 08:00:00")}, gps));
  show(id, {text_of(with)});
  EXPECT_EQ(findings(id), "far;taken_before;");
  EXPECT_NE(last_line(who, id).find("43105 meter"), std::string::npos) << last_line(who, id);
  // What everybody may see of it has no EXIF.
  const Json shown = *parse_json(call("GET", "/titik/1/public/reports/" + id, {}).text());
  const std::string path = string_or(member(member(shown, "answers")[0], "evidence")[0], "path");
  const Response picture = call("GET", path, {});
  EXPECT_EQ(picture.status, 200);
  EXPECT_EQ(picture.content_type, "image/jpeg");
  const std::string bytes(picture.text());
  EXPECT_EQ(bytes, text_of(photo::encode_jpeg(scene(2)).value()));
  // Nor what the reporter gets, whose phone is told no hash of other bytes; the office has it as it came.
  const auto thread = lapor::read_follow_ups(call("GET", "/lapor/3.0.0/complaints/" + id + "/followups", who).text(), 420).value();
  const lapor::Attachment told = thread.items.back().attachments.at(0);
  EXPECT_EQ(told.sha256, "");
  EXPECT_EQ(call("GET", told.path, who).text(), bytes);
  EXPECT_EQ(call("GET", told.path, officer).text(), text_of(with));
}

TEST_F(Proof, APngReachesThePhoneWithoutItsMetadataToo) {
  const std::string id = reported(who, jpeg(1));
  const photo::testing::ExifWriter exif(photo::ByteOrder::kBig);
  const photo::Pixels pixels = scene(2);
  const std::string plain = text_of(photo::testing::rgba_png(pixels.size, pixels.rgba));
  const std::string with = text_of(photo::testing::rgba_png(pixels.size, pixels.rgba, exif.tiff({exif.ascii(0x010F, "Siti")}, {}, {})));
  show(id, {with});
  const auto thread = lapor::read_follow_ups(call("GET", "/lapor/3.0.0/complaints/" + id + "/followups", who).text(), 420).value();
  ASSERT_EQ(thread.items.back().kind, lapor::FollowUpKind::kAction);
  const lapor::Attachment told = thread.items.back().attachments.at(0);
  EXPECT_EQ(told.extension, "png");
  EXPECT_EQ(told.sha256, "");
  EXPECT_EQ(call("GET", told.path, who).text(), plain);
  EXPECT_EQ(call("GET", told.path, officer).text(), with);
}

TEST_F(Proof, SoDoesAWebpAndOneThatIsCutIsRefused) {
  const std::string id = reported(who, jpeg(1));
  const std::string size = std::string("VP8X\x0A\0\0\0", 8), extent("\0\0\0\x3F\0\0\x2F\0\0", 9);
  const auto webp = [&](char flags, const std::string& chunks) {
    const std::string body = "WEBP" + size + flags + extent + chunks;
    return "RIFF" + std::string(1, static_cast<char>(body.size())) + std::string(3, '\0') + body;
  };
  const std::string exif("EXIF\x04\0\0\0Siti", 12);
  show(id, {webp(8, exif)});
  const auto thread = lapor::read_follow_ups(call("GET", "/lapor/3.0.0/complaints/" + id + "/followups", who).text(), 420).value();
  const lapor::Attachment told = thread.items.back().attachments.at(0);
  EXPECT_EQ(told.extension, "webp");
  EXPECT_EQ(told.sha256, "");
  EXPECT_EQ(call("GET", told.path, who).text(), webp(0, ""));
  EXPECT_EQ(call("GET", told.path, officer).text(), webp(8, exif));
  std::string cut = webp(8, exif);
  cut[12 + 18 + 4] = 99;  // its last chunk says that it goes on
  EXPECT_EQ(follow_up(officer, id, "Sudah ditambal", {cut}).status, 415);
}

TEST_F(Proof, BrokenAndHugePicturesHoldNothingUp) {
  const std::string id = reported(who, kJpeg);
  show(id, {kJpeg + "x", text_of(photo::testing::grey_jpeg(8000, 6000)), jpeg(5)});
  EXPECT_EQ(findings(id), "bytes_only;bytes_only;clear;");
  EXPECT_EQ(look_at(text_of(photo::testing::grey_jpeg(8000, 6000)), 420).looks, 0u);
  EXPECT_EQ(look_at(text_of(photo::testing::grey_jpeg(320, 240)), 420).looks, 0u);  // flat: like any other grey wall
  EXPECT_NE(look_at(jpeg(5), 420).looks, 0u);
}

TEST_F(Proof, WhatWasNotLookedAtIsNotCalledNew) {
  const std::string first = reported(who, jpeg(1)), second = reported(who, jpeg(2));
  const std::string letter = "%PDF-1.4\n" + std::string(300, 'x');
  show(first, {letter});
  EXPECT_EQ(findings(first), "bytes_only;");
  EXPECT_EQ(last_line(who, first), "Pemeriksaan bukti: Berkas bukti ini hanya dibandingkan persis; berkas yang sama belum pernah dipakai.");
  show(second, {letter});  // one letter for every report
  EXPECT_EQ(findings(second), "same_file " + first + ";");
}

// Faces, plates and homes may be in what citizens send.
TEST_F(Proof, EvidenceThatIsACitizensPictureIsNotPublic) {
  const Headers writer = who;
  const std::string id = reported(writer, jpeg(1));
  ASSERT_EQ(follow_up(writer, id, "Masih begini", {jpeg(2)}).status, 201);
  const auto shown = [&] {
    const Json detail = parse_json(call("GET", "/titik/1/public/reports/" + id, {}).text()).value();
    std::size_t count = 0;
    for (const Json& answer : member(detail, "answers")) count += member(answer, "evidence").size();
    return count;
  };
  ASSERT_EQ(follow_up(officer, id, "Sudah ditambal", {jpeg(3)}).status, 201);
  EXPECT_EQ(shown(), 0u) << "not compared yet";
  while (proofs.work(100, now).value() > 0) {}
  EXPECT_EQ(shown(), 1u);
  show(id, {jpeg(2)});      // the picture of the citizen's reply
  show(id, {jpeg(1, 60)});  // the complaint's own, written anew
  EXPECT_EQ(shown(), 1u);
  const auto rows = repository->follow_ups(std::stoll(id), 1, 10).value().items;
  for (const lapor::FollowUp& one : rows) {
    const bool is_new = &one == &rows[1];
    const std::vector<StoredFile> with = repository->files_of_follow_up(std::stoll(one.id)).value();
    for (const StoredFile& file : with) {
      EXPECT_EQ(call("GET", "/titik/1/public/files/" + std::to_string(file.id), {}).status, is_new ? 200 : 404) << one.content;
    }
  }
}

TEST_F(Proof, EveryHashWithinTenBitsIsFound) {
  const std::string first = reported(who, jpeg(1));
  while (proofs.work(100, now).value() > 0) {}
  const std::uint64_t looks = look_at(jpeg(2), 420).looks;
  std::uint64_t state = 1;
  const auto set_first = [&](std::uint64_t other) {
    const SqlLock lock(repository->sql().mutex());
    Statement row = repository->sql().prepare("UPDATE picture SET looks = ?1, band0 = ?2, band1 = ?3, band2 = ?4, band3 = ?5").value();
    ASSERT_TRUE(row.bind_all(static_cast<std::int64_t>(other), static_cast<std::int64_t>(other & 0xFFFF), static_cast<std::int64_t>(other >> 16 & 0xFFFF),
                             static_cast<std::int64_t>(other >> 32 & 0xFFFF), static_cast<std::int64_t>(other >> 48)).ok());
    ASSERT_TRUE(row.run().ok());
  };
  const std::string id = reported(phone(), jpeg(3));
  for (int round = 0; round < 30; ++round) {
    const int bits = round % 2 == 0 ? 10 : 11;
    std::uint64_t other = looks;
    for (int changed = 0; changed < bits;) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      const std::uint64_t bit = std::uint64_t{1} << (state >> 58);
      if (((other ^ looks) & bit) != 0) continue;
      other ^= bit;
      ++changed;
    }
    set_first(other);
    const std::size_t before = proofs.findings(std::stoll(id)).value().size();
    show(id, {jpeg(2) + std::string(static_cast<std::size_t>(round) + 1, 'x')});  // other bytes, the same look
    const auto found = proofs.findings(std::stoll(id)).value();
    bool names_first = false;
    for (std::size_t i = before; i < found.size(); ++i) names_first = names_first || std::to_string(found[i].other_tracking_id) == first;
    EXPECT_EQ(names_first, bits == 10) << round;
  }
}

}  // namespace
}  // namespace titik::serve
