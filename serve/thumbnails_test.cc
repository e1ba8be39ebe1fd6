// Small pictures: of evidence, made here; of photos to come, as a phone sends them.
#include "serve/thumbnails.h"

#include "base/base64.h"
#include "lapor/lapor.h"
#include "photo/photo.h"
#include "serve/test_world.h"

namespace titik::serve {
namespace {

constexpr const char* kKey = "019aa7d2-0000-7000-8000-000000000001";

std::string jpeg_of(int width, int height, int quality = photo::kJpegQuality) {
  photo::Pixels pixels{{width, height}, {}};
  for (int i = 0; i < width * height; ++i) {
    for (const int part : {i % 251, i / width % 241, 90, 255}) pixels.rgba.push_back(static_cast<std::uint8_t>(part));
  }
  const std::vector<std::uint8_t> bytes = photo::encode_jpeg(pixels, quality).value();
  return {bytes.begin(), bytes.end()};
}

photo::Inspection look_at(std::string_view bytes) {
  return photo::inspect({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}).value();
}

class ThumbnailsTest : public World {
 protected:
  // Words of which one photo is to follow.
  std::string words(const std::string& photo) {
    const std::string hash = sha256_hex(photo);
    const std::string more = R"(,"titik":{"report_id":")" + std::string(kKey) + R"(","category":"jalan","photos_follow":true,"photos":[{"sha256":")" +
                             hash + R"(","bytes":)" + std::to_string(photo.size()) + R"(,"width":1600,"height":1200,"origin":"camera"}]})";
    return lapor::read_created(create(owner, report_json("Lubang", "[]", more), kKey).text()).value().tracking_id;
  }
  Response send(const Headers& who, const std::string& photo, const std::string& small, const std::string& key = kKey) {
    Headers headers = who;
    headers["Content-Type"] = "image/jpeg";
    return call("POST", lapor::thumbnail_path(key, sha256_hex(photo)), headers, small);
  }
  std::vector<PendingThumbnail> of(const std::string& id) { return ThumbnailStore(repository->sql()).of(std::stoll(id)).value(); }

  const Headers owner = phone();
};

TEST_F(ThumbnailsTest, OfEvidenceAreMadeOnceAndSeenByWhoSeesTheFile) {
  const std::string id = create_report(owner);
  const std::string photo = jpeg_of(1600, 1200);
  ASSERT_EQ(follow_up(agency(), id, "Sudah ditambal", {photo}).status, 201);
  const Response thread = call("GET", "/lapor/3.0.0/complaints/" + id + "/followups", owner);
  const lapor::Attachment file = lapor::read_follow_ups(thread.text(), 420)->items.at(0).attachments.at(0);
  EXPECT_EQ(file.thumbnail, file.path + "/thumbnail");
  const Response small = call("GET", file.thumbnail, owner);
  ASSERT_EQ(small.status, 200);
  EXPECT_EQ(small.content_type, "image/jpeg");
  EXPECT_EQ(look_at(small.text()).width, 320);
  EXPECT_EQ(look_at(small.text()).height, 240);
  EXPECT_LT(small.text().size() * 4, photo.size());
  EXPECT_EQ(call("GET", file.thumbnail, owner).text(), small.text());
  EXPECT_EQ(call("GET", file.thumbnail, agency()).status, 200);
  EXPECT_EQ(call("GET", file.thumbnail, phone()).status, 404);
  EXPECT_EQ(call("GET", file.thumbnail, channel()).status, 401);
  EXPECT_EQ(call("GET", "/titik/1/files/99999/thumbnail", owner).status, 404);
}

TEST_F(ThumbnailsTest, OfWhatIsNoPictureThereIsNone) {
  const std::string id = create_report(owner);
  ASSERT_EQ(follow_up(agency(), id, "Lihat", {kJpeg, "%PDF-1.4 surat"}).status, 201);
  const Response thread = call("GET", "/lapor/3.0.0/complaints/" + id + "/followups", owner);
  const std::vector<lapor::Attachment> files = lapor::read_follow_ups(thread.text(), 420)->items.at(0).attachments;
  EXPECT_EQ(call("GET", files.at(0).thumbnail, owner).status, 404);  // begins as a JPEG, and is none
  EXPECT_EQ(call("GET", files.at(0).thumbnail, owner).status, 404);
  EXPECT_EQ(call("GET", files.at(0).path, owner).status, 200);
  EXPECT_EQ(files.at(1).thumbnail, "");
}

TEST_F(ThumbnailsTest, ComeAheadOfThePhotoOnceAndGoWhenItComes) {
  const std::string photo = jpeg_of(400, 300), small = jpeg_of(320, 240);
  const std::string id = words(photo);
  EXPECT_EQ(of(id).size(), 0u);
  EXPECT_EQ(send(owner, photo, small).status, 204);
  EXPECT_EQ(send(owner, photo, jpeg_of(100, 100)).status, 204);  // the first one stays
  ASSERT_EQ(of(id).size(), 1u);
  const Response told = call("GET", "/titik/1/reports/" + id + "/thumbnails", agency());
  ASSERT_EQ(told.status, 200);
  const Json list = parse_json(told.text()).value()["thumbnails"];
  EXPECT_EQ(list[0]["sha256"], sha256_hex(photo));
  EXPECT_EQ(list[0]["jpeg"], of(id).at(0).jpeg);
  EXPECT_EQ(call("GET", "/titik/1/reports/" + id + "/thumbnails", owner).status, 403);

  upload(owner, photo);
  ASSERT_EQ(words(photo), id);  // takes what is here
  EXPECT_EQ(repository->photos_pending(std::stoll(id)).value(), 0);
  EXPECT_EQ(of(id).size(), 0u);
  EXPECT_EQ(send(owner, photo, small).status, 404);
}

TEST_F(ThumbnailsTest, OfStrangersAndWhatIsNoSmallJpegAreRefused) {
  const std::string photo = jpeg_of(400, 300), small = jpeg_of(320, 240);
  const std::string id = words(photo);
  EXPECT_EQ(send(phone(), photo, small).status, 404);
  EXPECT_EQ(send(owner, "another", small).status, 404);
  EXPECT_EQ(send(owner, photo, small, "019aa7d2-0000-7000-8000-000000000009").status, 404);
  for (const std::string& bad : {std::string(), std::string("GIF89a"), kJpeg, small.substr(0, small.size() / 2), jpeg_of(1200, 900, 1),
                                 small + std::string(kMaxThumbnailBytes, 'x')}) {
    EXPECT_EQ(send(owner, photo, bad).status, 422) << bad.size();
  }
  EXPECT_EQ(of(id).size(), 0u);
  // Whatever it carried besides its picture does not stay.
  std::string marked = small;
  marked.insert(2, std::string("\xFF\xFE\x00\x08", 4) + "RAHASI");  // a comment
  EXPECT_EQ(send(owner, photo, marked).status, 204);
  EXPECT_EQ(of(id).at(0).jpeg, to_base64(clean_thumbnail(small).value()));
}

}  // namespace
}  // namespace titik::serve
