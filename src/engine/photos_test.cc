// A report's photos in the store: covered, replaced, missing, and the blobs that nothing refers to.
#include "engine/test_engine.h"

namespace titik::engine {
namespace {

TEST_F(EngineTest, ACoveredPhotoTakesThePlaceOfItsOriginalInOneCommit) {
  const std::string id = write();
  const report::Photo before = world.detail_of(id)->draft.photos[0];
  report::Photo covered = test_photo('c');
  covered.origin = report::PhotoOrigin::kGallery;  // the engine knows better
  const std::uint64_t commits = world.engine->durable_commit();
  EXPECT_TRUE(ok(world.command(ReplacePhoto{id, before.sha256, covered})));
  EXPECT_EQ(world.engine->durable_commit(), commits + 1);
  const std::vector<report::Photo> photos = world.detail_of(id)->draft.photos;
  ASSERT_EQ(photos.size(), 2u);
  EXPECT_EQ(photos[0].sha256, covered.sha256);
  EXPECT_EQ(photos[0].origin, before.origin);
  EXPECT_EQ(photos[0].taken_at, before.taken_at);
  EXPECT_EQ(photos[0].place, before.place);
  EXPECT_TRUE(photos[0].original_sha256.empty());
  EXPECT_EQ(photos[1].sha256, test_photo('b').sha256);
  EXPECT_FALSE(world.blobs.contains(before.sha256));
  EXPECT_FALSE(world.blobs.contains(before.thumbnail_sha256));
  EXPECT_TRUE(world.blobs.contains(covered.sha256));
  EXPECT_EQ(error(world.command(ReplacePhoto{id, before.sha256, test_photo('d')})), ErrorCode::kNotFound);
}

TEST_F(EngineTest, TheOriginalOfACoveredPhotoIsKeptWhenTheCitizenSaysSoAndNeverSent) {
  const std::string id = write();
  const report::Photo before = world.detail_of(id)->draft.photos[0];
  for (const char name : {'c', 'd'}) {
    const std::string old = world.detail_of(id)->draft.photos[0].sha256;
    EXPECT_TRUE(ok(world.command(ReplacePhoto{id, old, test_photo(name), Original::kKeep})));
  }
  // Covered twice: the one before the first time is kept, the one between is not.
  EXPECT_EQ(world.detail_of(id)->draft.photos[0].original_sha256, before.sha256);
  EXPECT_EQ(world.detail_of(id)->draft.photos[0].original_bytes, before.bytes);
  EXPECT_TRUE(world.blobs.contains(before.sha256));
  EXPECT_FALSE(world.blobs.contains(before.thumbnail_sha256));
  EXPECT_FALSE(world.blobs.contains(test_photo('c').sha256));
  restart();
  world.engine->sweep_blobs({{before.sha256, 1}});
  EXPECT_TRUE(world.blobs.contains(before.sha256));
  EXPECT_TRUE(ok(world.command(Submit{id})));
  world.run();
  ASSERT_EQ(world.server.reports.size(), 1u);
  EXPECT_EQ(world.server.reports.begin()->second.photos,
            (std::vector<std::string>{test_photo('d').sha256, test_photo('b').sha256}));
  for (const auto& [upload, sha256] : world.server.files) EXPECT_NE(sha256, before.sha256) << upload;
}

TEST_F(EngineTest, AnOriginalThatIsKeptNoLongerGoesAndSoItDoesWithItsPhoto) {
  const std::string id = write();
  const report::Photo before = world.detail_of(id)->draft.photos[0];
  EXPECT_TRUE(ok(world.command(ReplacePhoto{id, before.sha256, test_photo('c'), Original::kKeep})));
  EXPECT_TRUE(ok(world.command(ReplacePhoto{id, test_photo('c').sha256, test_photo('d'), Original::kDelete})));
  EXPECT_FALSE(world.blobs.contains(before.sha256));

  EXPECT_TRUE(ok(world.command(ReplacePhoto{id, test_photo('b').sha256, test_photo('e'), Original::kKeep})));
  EXPECT_TRUE(world.blobs.contains(test_photo('b').sha256));
  EXPECT_TRUE(ok(world.command(RemovePhoto{id, test_photo('e').sha256})));
  EXPECT_FALSE(world.blobs.contains(test_photo('b').sha256));
}

TEST_F(EngineTest, AStopWhileAPhotoIsReplacedLeavesTheOneOrTheOther) {
  const std::string id = write();
  const std::string before = world.detail_of(id)->draft.photos[0].sha256;
  world.disk->hold(true);
  world.command(ReplacePhoto{id, before, test_photo('c')});
  restart();
  world.command(OpenReport{id});
  ASSERT_EQ(world.detail_of(id)->draft.photos.size(), 2u);
  EXPECT_EQ(world.detail_of(id)->draft.photos[0].sha256, before);
  EXPECT_TRUE(world.blobs.contains(before));
}

TEST_F(EngineTest, APositionThatComesLaterIsKeptWhenItIsBetter) {
  const std::string id = write();
  const auto place = [&](double accuracy) {
    report::Photo photo = test_photo('a');
    photo.place = report::Place{{-1.6, 103.6}, accuracy, report::PlaceSource::kGps, 5};
    return world.command(ReplacePhoto{id, photo.sha256, photo});
  };
  const auto stored = [&] { return world.detail_of(id)->draft.photos[0]; };
  EXPECT_TRUE(ok(place(40)));
  EXPECT_EQ(stored().place->accuracy_m, 40);
  EXPECT_TRUE(ok(place(12)));
  EXPECT_EQ(stored().place->accuracy_m, 12);
  EXPECT_TRUE(ok(place(90)));
  EXPECT_EQ(stored().place->accuracy_m, 12);
  EXPECT_TRUE(stored().original_sha256.empty());
  EXPECT_TRUE(world.blobs.contains(test_photo('a').sha256));
  EXPECT_TRUE(world.blobs.contains(test_photo('a').thumbnail_sha256));
  // A kept original stays kept.
  EXPECT_TRUE(ok(world.command(ReplacePhoto{id, test_photo('b').sha256, test_photo('c'), Original::kKeep})));
  report::Photo placed = test_photo('c');
  placed.place = report::Place{{-1.6, 103.6}, 9, report::PlaceSource::kGps, 5};
  EXPECT_TRUE(ok(world.command(ReplacePhoto{id, placed.sha256, placed})));
  EXPECT_EQ(world.detail_of(id)->draft.photos[1].original_sha256, test_photo('b').sha256);
  EXPECT_TRUE(world.blobs.contains(test_photo('b').sha256));
  // Too late.
  EXPECT_TRUE(ok(world.command(Submit{id})));
  EXPECT_EQ(error(place(1)), ErrorCode::kConflict);
  EXPECT_EQ(stored().place->accuracy_m, 12);
}

TEST_F(EngineTest, AMissingPhotoOnThePhoneNeedsAttention) {
  const std::string id = write();
  world.blobs.erase(test_photo('b').sha256);
  world.command(Submit{id});
  world.run();
  EXPECT_EQ(world.state_of(id), PhoneState::kNeedsAttention);
  EXPECT_TRUE(ok(world.command(RemovePhoto{id, test_photo('b').sha256})));
  EXPECT_TRUE(ok(world.command(Submit{id})));
  world.run();
  EXPECT_EQ(world.state_of(id), PhoneState::kReceived);
}

TEST_F(EngineTest, BlobsGoOnlyAfterTheRowsAreDurablyGone) {
  const std::string id = write();
  world.command(SaveDraft{test_draft(2)});
  world.command(AddPhoto{test_draft(2).id, test_photo('a')});  // shared
  world.disk->hold(true);
  const std::int64_t removal = world.command(DeleteDraft{id});
  EXPECT_EQ(world.blobs.size(), 4u);
  EXPECT_FALSE(world.reply(removal));
  world.disk->release();
  EXPECT_TRUE(ok(removal));
  EXPECT_EQ(world.last<ReportRemoved>()->report_id, id);
  EXPECT_TRUE(world.blobs.contains(test_photo('a').sha256));
  EXPECT_TRUE(world.blobs.contains(test_photo('a').thumbnail_sha256));
  EXPECT_FALSE(world.blobs.contains(test_photo('b').sha256));
}

// The same photo comes again while its removal is on its way to the disk.
TEST_F(EngineTest, AnArrivingBlobIsNotDeleted) {
  const std::string id = write();
  world.disk->hold(true);
  world.command(RemovePhoto{id, test_photo('b').sha256});
  world.engine->blob_arriving(test_photo('b').sha256);
  world.disk->release();
  EXPECT_TRUE(world.blobs.contains(test_photo('b').sha256));
  EXPECT_FALSE(world.blobs.contains(test_photo('b').thumbnail_sha256));
}

TEST_F(EngineTest, OldBlobsWithoutARowAreSweptYoungOnesStay) {
  write();
  const std::string old(64, '1'), young(64, '2');
  world.blobs[old] = world.blobs[young] = 1;
  world.engine->sweep_blobs({{old, world.clock - kDay - 1}, {young, world.clock - kHour}, {test_photo('a').sha256, 0}});
  EXPECT_FALSE(world.blobs.contains(old));
  EXPECT_TRUE(world.blobs.contains(young));
  EXPECT_TRUE(world.blobs.contains(test_photo('a').sha256));
}

}  // namespace
}  // namespace titik::engine
