#include "store/repository.h"

#include <gtest/gtest.h>

#include "store/migrations.h"

namespace titik::store {
namespace {

using report::PhoneState;

const std::string kId = "019aa7d2-0000-7000-8000-000000000001";
const std::string kOther = "019aa7d2-0000-7000-8000-000000000002";

class RepositoryTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(migrate(db).ok()); }

  template <typename Work>
  void change(Work work) {
    const Result<Ok> result = repository.transaction(work);
    ASSERT_TRUE(result.ok()) << result.error().message;
  }

  static report::Draft draft(const std::string& id = kId) {
    return {.id = id, .category_id = "jalan", .title = "Lubang", .content = "Dalam\nsekali",
            .incident_date = "2026-11-20", .reporter_name = "Siti",
            .place = report::Place{{-1.61, 103.61}, 12.5, report::PlaceSource::kGps, 99},
            .landmark = "RT 05", .created_at = 10, .updated_at = 11};
  }
  static report::Photo photo(char name) {
    return {std::string(64, name), 1000, 1600, 1200, std::string(64, static_cast<char>(name + 1)), 100,
            report::PhotoOrigin::kCamera, 7, report::Place{{1, 2}, 0, report::PlaceSource::kExif, 8}};
  }
  StoredReport stored(const std::string& id = kId) {
    const auto found = repository.find(id);
    EXPECT_TRUE(found.ok() && found->has_value());
    return found.ok() && *found ? **found : StoredReport();
  }

  Database db = Database::open(":memory:").value();
  Repository repository{db};
};

TEST_F(RepositoryTest, DraftComesBackAsSaved) {
  change([&] { return repository.save_draft(draft()); });
  EXPECT_EQ(stored().draft, draft());
  EXPECT_EQ(stored().state, PhoneState::kDraft);
  EXPECT_FALSE(repository.find(kOther)->has_value());
}

TEST_F(RepositoryTest, SavingAgainReplacesWordsAndKeepsPhotosAndBirth) {
  change([&] { return repository.save_draft(draft()); });
  change([&] { return repository.add_photo(kId, photo('a')); });
  report::Draft changed = draft();
  changed.title = "Lubang besar";
  changed.place.reset();
  changed.created_at = 500;
  change([&] { return repository.save_draft(changed); });
  EXPECT_EQ(stored().draft.title, "Lubang besar");
  EXPECT_FALSE(stored().draft.place.has_value());
  EXPECT_EQ(stored().draft.created_at, 10);
  ASSERT_EQ(stored().draft.photos.size(), 1u);
  EXPECT_EQ(stored().draft.photos[0], photo('a'));
}

TEST_F(RepositoryTest, PhotosKeepTheirOrderAndAreNeverDoubled) {
  change([&] { return repository.save_draft(draft()); });
  for (const char name : {'c', 'a', 'c', 'e'}) change([&] { return repository.add_photo(kId, photo(name)); });
  ASSERT_EQ(stored().draft.photos.size(), 3u);
  EXPECT_EQ(stored().draft.photos[0].sha256[0], 'c');
  EXPECT_EQ(stored().draft.photos[2].sha256[0], 'e');
  EXPECT_EQ(repository.summaries()->at(0).thumbnail_sha256, photo('c').thumbnail_sha256);
  change([&] { return repository.remove_photo(kId, photo('c').sha256); });
  EXPECT_EQ(stored().draft.photos[0].sha256[0], 'a');
}

TEST_F(RepositoryTest, PhotoWithoutItsReportIsRefused) {
  const Result<Ok> result = repository.transaction([&] { return repository.add_photo(kId, photo('a')); });
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kConflict);
}

TEST_F(RepositoryTest, BlobsAreUsedUntilTheLastRowIsGone) {
  change([&] { return repository.save_draft(draft()); });
  change([&] { return repository.save_draft(draft(kOther)); });
  change([&] { return repository.add_photo(kId, photo('a')); });
  change([&] { return repository.add_photo(kOther, photo('a')); });
  EXPECT_EQ(repository.blobs_of(kId)->size(), 2u);
  change([&] { return repository.delete_report(kId); });
  EXPECT_TRUE(*repository.is_blob_used(photo('a').sha256));
  EXPECT_TRUE(*repository.is_blob_used(photo('a').thumbnail_sha256));
  change([&] { return repository.delete_report(kOther); });
  EXPECT_FALSE(*repository.is_blob_used(photo('a').sha256));
  EXPECT_TRUE(repository.summaries()->empty());
}

TEST_F(RepositoryTest, OutboxKeepsWhatTheMachineKnows) {
  change([&] { return repository.save_draft(draft()); });
  change([&] { return repository.add_photo(kId, photo('a')); });
  change([&] { return repository.submit(kId, 100); });
  change([&] { return repository.submit(kId, 200); });  // twice is once
  std::vector<OutboxItem> items = *repository.outbox();
  ASSERT_EQ(items.size(), 1u);
  items[0].photos[0].upload_id = "501";
  items[0].create_unanswered = true;
  items[0].attempts = 3;
  items[0].not_before = 77;
  items[0].told_to_wait = true;
  items[0].uploads_lost = 1;
  change([&] { return repository.save_item(items[0]); });
  EXPECT_EQ(*repository.outbox(), items);
  EXPECT_EQ(stored().photos_sent, 1);
  EXPECT_FALSE(items[0].words_at_server);
  items[0].photos[0].upload_id = "/titik/1/uploads/5000000001";  // under way
  change([&] { return repository.save_item(items[0]); });
  EXPECT_EQ(stored().photos_sent, 0);
}

TEST_F(RepositoryTest, RefusedReportTellsWhyAndCanBeSentAgain) {
  change([&] { return repository.save_draft(draft()); });
  change([&] { return repository.submit(kId, 100); });
  const std::vector<report::Problem> problems = {{report::Field::kTitle, report::ProblemCode::kTooLong},
                                                 {report::Field::kPhotos, report::ProblemCode::kInvalid}};
  change([&] { return repository.refuse(kId, "Judul terlalu panjang", problems); });
  EXPECT_EQ(stored().state, PhoneState::kNeedsAttention);
  EXPECT_EQ(stored().problem, "Judul terlalu panjang");
  EXPECT_EQ(stored().problems, problems);
  EXPECT_TRUE(repository.outbox()->empty());
  change([&] { return repository.submit(kId, 200); });
  EXPECT_EQ(stored().state, PhoneState::kQueued);
  EXPECT_TRUE(stored().problems.empty());
  EXPECT_EQ(repository.outbox()->size(), 1u);
}

TEST_F(RepositoryTest, ReceiptEndsTheWay) {
  change([&] { return repository.save_draft(draft()); });
  change([&] { return repository.submit(kId, 100); });
  change([&] { return repository.receive(kId, {.tracking_id = "42", .received_at = 5, .follow_up_due_at = 6}); });
  EXPECT_EQ(stored().state, PhoneState::kReceived);
  EXPECT_EQ(stored().tracking_id, "42");
  // Its photos follow: it stays in the outbox until they are there too.
  EXPECT_TRUE(repository.outbox()->at(0).words_at_server);
  EXPECT_TRUE(stored().photos_on_way);
  EXPECT_TRUE(repository.summaries()->at(0).photos_on_way);
  change([&] { return repository.leave_outbox(kId); });
  EXPECT_TRUE(repository.outbox()->empty());
  EXPECT_FALSE(stored().photos_on_way);
  EXPECT_FALSE(repository.summaries()->at(0).photos_on_way);
  ASSERT_EQ(repository.followed()->size(), 1u);
  change([&] { return repository.set_server_state(kId, {.tracking_id = "42", .status_name = "ditutup_admin"}); });
  EXPECT_TRUE(repository.followed()->empty());
}

TEST_F(RepositoryTest, AReceiptOutlivesItsReport) {
  using report::ReceiptVerdict;
  change([&] { return repository.save_draft(draft()); });
  change([&] { return repository.save_receipt({kId, true, "a.b.c"}); });
  ASSERT_EQ(repository.unchecked_receipts()->size(), 1u);
  EXPECT_EQ(repository.unchecked_receipts()->at(0).report_id, kId);
  change([&] { return repository.judge_receipt({kId, true, "a.b.other", ReceiptVerdict::kValid}); });  // it was another
  EXPECT_EQ(repository.receipts(kId)->at(0).verdict, ReceiptVerdict::kUnchecked);
  change([&] { return repository.judge_receipt({kId, true, "a.b.c", ReceiptVerdict::kValid}); });
  EXPECT_TRUE(repository.unchecked_receipts()->empty());
  change([&] { return repository.delete_report(kId); });
  ASSERT_EQ(repository.receipts(kId)->size(), 1u);
  EXPECT_EQ(repository.receipts(kId)->at(0).jws, "a.b.c");
  EXPECT_EQ(repository.receipts(kId)->at(0).verdict, ReceiptVerdict::kValid);
}

TEST_F(RepositoryTest, NoLaterReceiptTakesTheProofAway) {
  using report::ReceiptVerdict;
  const auto best = [&] { return repository.receipts(kId)->at(0); };
  change([&] { return repository.save_receipt({kId, false, "words"}); });
  change([&] { return repository.save_receipt({kId, false, "words again"}); });  // nobody has looked at the first
  EXPECT_EQ(best().jws, "words again");
  change([&] { return repository.judge_receipt({kId, false, "words again", ReceiptVerdict::kValid}); });
  change([&] { return repository.save_receipt({kId, false, "a forgery"}); });
  EXPECT_EQ(best().jws, "words again");
  EXPECT_EQ(best().verdict, ReceiptVerdict::kValid);
  change([&] { return repository.save_receipt({kId, true, "whole"}); });
  EXPECT_EQ(best().jws, "words again");  // until it is known what the other is worth
  change([&] { return repository.judge_receipt({kId, true, "whole", ReceiptVerdict::kInvalid}); });
  EXPECT_EQ(best().jws, "words again");
  change([&] { return repository.save_receipt({kId, true, "whole again"}); });
  change([&] { return repository.judge_receipt({kId, true, "whole again", ReceiptVerdict::kValid}); });
  EXPECT_EQ(best().jws, "whole again");
}

TEST_F(RepositoryTest, FetchedEvidenceSurvivesANewTimeline) {
  change([&] { return repository.save_draft(draft()); });
  StoredEntry action{.kind = 4, .at = 9, .who = "PUPR", .text = "Ditambal"};
  action.evidence = {{.path = "/f/1", .file_name = "a.jpg", .extension = "jpg"}};
  const StoredEntry received{.kind = 0, .at = 1};
  change([&] { return repository.replace_timeline(kId, {action, received}); });
  change([&] { return repository.set_evidence(kId, "/f/1", std::string(64, 'e'), 12); });
  change([&] { return repository.replace_timeline(kId, {StoredEntry{.at = 10}, action, received}); });
  const std::vector<StoredEntry> timeline = *repository.timeline(kId);
  ASSERT_EQ(timeline.size(), 3u);
  EXPECT_EQ(timeline[1].evidence[0].sha256, std::string(64, 'e'));
  EXPECT_EQ(timeline[1].evidence[0].bytes, 12);
  EXPECT_EQ(timeline[2], received);
  EXPECT_TRUE(*repository.is_blob_used(std::string(64, 'e')));

  // The server tells another hash for the path: the file is another one now.
  action.evidence[0].told_sha256 = std::string(64, 'f');
  change([&] { return repository.replace_timeline(kId, {action}); });
  EXPECT_EQ(repository.timeline(kId)->at(0).evidence[0].sha256, "");
}

TEST_F(RepositoryTest, SettingsAndUse) {
  EXPECT_EQ(*repository.setting("x"), "");
  change([&] { return repository.set_setting("x", "1"); });
  change([&] { return repository.set_setting("x", "2"); });
  EXPECT_EQ(*repository.setting("x"), "2");
  change([&] { return repository.save_draft(draft()); });
  change([&] { return repository.add_photo(kId, photo('a')); });
  const StorageUse use = *repository.storage_use();
  EXPECT_EQ(use.photo_bytes, 1100);
  EXPECT_EQ(use.drafts, 1);
  EXPECT_GT(use.database_bytes, 0);
}

TEST(Migrations, RunOnceAndRefuseTheFuture) {
  Database db = Database::open(":memory:").value();
  ASSERT_TRUE(migrate(db).ok());
  ASSERT_TRUE(migrate(db).ok());
  ASSERT_TRUE(db.execute("PRAGMA user_version=" + std::to_string(kSchemaVersion + 1)).ok());
  const Result<Ok> newer = migrate(db);
  ASSERT_FALSE(newer.ok());
  EXPECT_EQ(newer.error().code, ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace titik::store
