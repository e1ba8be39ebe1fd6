// Every kind of damage to databases of the phone: what recovery gives is sound, and has everything that
// the damage left.
#include "store/recovery.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <set>

#include "store/integrity.h"
#include "store/migrations.h"
#include "store/paged_vfs.h"
#include "store/repository.h"

namespace titik::store {
namespace {

using report::PhoneState;

constexpr UnixMillis kNow = 1763700000000;

std::string id(int number) {
  char text[40];
  (void)snprintf(text, sizeof text, "019aa7d2-0000-7000-8000-%012d", number);
  return text;
}
std::string hash(int number, char kind) {
  char text[70];
  (void)snprintf(text, sizeof text, "%c%063d", kind, number);
  return text;
}

// `count` reports with a photo each; every second waits in the outbox, every fifth has a long text.
Result<Ok> fill(Repository& repository, int count) {
  for (int number = 1; number <= count; ++number) {
    const std::string words(number % 5 == 0 ? 12'000 : 100, 'x');
    TRY(repository.save_draft({.id = id(number), .category_id = "jalan", .title = "Judul " + std::to_string(number),
                               .content = words, .created_at = kNow - number, .updated_at = kNow - number}));
    TRY(repository.add_photo(id(number), {.sha256 = hash(number, 'a'), .bytes = 1000, .width = 1600, .height = 1200,
                                          .thumbnail_sha256 = hash(number, 'b'), .thumbnail_bytes = 10}));
    if (number % 2 == 0) TRY(repository.submit(id(number), kNow));
    if (number % 3 == 0) TRY(repository.mark_sms(id(number), kNow));
    if (number % 3 == 1) TRY(repository.save_receipt({id(number), number % 2 == 0, std::string(800, 'r') + std::to_string(number)}));
    if (number % 4 == 0) {
      // Of every second of them a photo is still on its way.
      const std::string upload = number % 8 == 0 ? "/titik/1/uploads/9" : "501";
      TRY(repository.save_item({.report_id = id(number), .photos = {{hash(number, 'a'), upload}}}));
      TRY(repository.receive(id(number), {.tracking_id = std::to_string(number)}));
      TRY(repository.leave_outbox(id(number)));
    }
    if (number % 4 == 0) TRY(repository.replace_timeline(id(number), {StoredEntry{.kind = 1, .at = 5, .who = "PUPR", .text = "ok"}}));
  }
  return repository.set_setting("device_token", "token-1");
}

StoredImage made(int reports) {
  StoredImage stored;
  PageSums sums;
  PagedFile file({}, [&](const PageBatch& batch) {
    apply(stored, batch, sums.head_after(batch));
    sums.accept(batch);
  });
  Database db = open_paged_database(file).value();
  EXPECT_TRUE(migrate(db).ok());
  Repository repository(db);
  EXPECT_TRUE(repository.transaction([&] { return fill(repository, reports); }).ok());
  return stored;
}

// A recovered database, open.
class Found {
 public:
  explicit Found(const StoredImage& damaged) {
    Result<PageImage> recovered = recover(damaged, kNow);
    EXPECT_TRUE(recovered.ok()) << recovered.error().where << recovered.error().message;
    EXPECT_TRUE(check_image(*recovered).ok());
    file_.emplace(std::move(recovered).value(), [](const PageBatch&) {});
    db_.emplace(open_paged_database(*file_).value());
    repository.emplace(*db_);
    EXPECT_TRUE(check_integrity(*db_).ok());
    Statement version = db_->prepare("PRAGMA user_version").value();
    EXPECT_TRUE(version.step().value());
    EXPECT_EQ(version.integer(0), kSchemaVersion);
    reports = static_cast<int>(repository->summaries()->size());
    EXPECT_EQ(*repository->setting("recovered"), std::to_string(reports));
  }
  StoredReport report(int number) {
    const auto found = repository->find(id(number));
    EXPECT_TRUE(found.ok() && found->has_value()) << number;
    return found.ok() && *found ? **found : StoredReport();
  }
  std::vector<OutboxItem> outbox() { return *repository->outbox(); }
  std::vector<StoredSummary> summaries() { return *repository->summaries(); }

 private:
  std::optional<PagedFile> file_;
  std::optional<Database> db_;

 public:
  std::optional<Repository> repository;
  int reports = 0;
};

void expect_everything(Found& found, int count) {
  EXPECT_EQ(found.reports, count);
  for (int number = 1; number <= count; ++number) {
    const StoredReport report = found.report(number);
    EXPECT_EQ(report.draft.title, "Judul " + std::to_string(number));
    EXPECT_EQ(report.draft.content.size(), number % 5 == 0 ? 12'000u : 100u);
    EXPECT_EQ(report.draft.photos.size(), 1u);
    EXPECT_EQ(report.tracking_id, number % 4 == 0 ? std::to_string(number) : "");
    EXPECT_EQ(report.sms_at, number % 3 == 0 ? kNow : 0);
    const std::vector<StoredReceipt> receipts = *found.repository->receipts(id(number));
    ASSERT_EQ(receipts.size(), number % 3 == 1 ? 1u : 0u);
    if (!receipts.empty()) EXPECT_EQ(receipts[0].jws, std::string(800, 'r') + std::to_string(number));
    if (!receipts.empty()) EXPECT_EQ(receipts[0].whole, number % 2 == 0);
    EXPECT_EQ(found.repository->timeline(id(number))->size(), number % 4 == 0 ? 1u : 0u);
  }
  EXPECT_EQ(found.repository->outbox()->size(), static_cast<std::size_t>(count / 2 - count / 4 + count / 8));
  EXPECT_EQ(*found.repository->setting("device_token"), "token-1");
  EXPECT_EQ(*found.repository->setting("recovered"), std::to_string(count));
}

TEST(Recovery, OfAWholeDatabaseIsEverything) {
  for (const int count : {3, 40, 400}) {
    Found found(made(count));
    expect_everything(found, count);
  }
}

TEST(Recovery, OfNothingIsAnEmptyDatabase) {
  EXPECT_EQ(Found({}).reports, 0);
  StoredImage noise;
  std::mt19937 random(1);
  for (const PageNumber number : {0u, 1u, 2u, 3u, 7u, 4'000'000'000u}) {
    for (std::uint32_t i = 0; i < kPageSize + number % 3; ++i) noise.pages[number].data.push_back(static_cast<std::uint8_t>(random()));
  }
  EXPECT_EQ(Found(noise).reports, 0);
}

TEST(Recovery, LosesNothingWithTheHeadTheFirstPageOrTheOrderOfPages) {
  const StoredImage whole = made(60);
  StoredImage damaged = whole;
  damaged.head.reset();
  damaged.pages.erase(1);
  Found first(damaged);
  expect_everything(first, 60);

  damaged = whole;
  std::swap(damaged.pages[3], damaged.pages[9]);
  std::swap(damaged.pages[5], damaged.pages[12]);
  std::swap(damaged.pages[1], damaged.pages[17]);
  ASSERT_FALSE(checked_image(damaged).ok());
  Found swapped(damaged);
  expect_everything(swapped, 60);
}

// Each page in turn is missing, torn, flipped, of zeros.
TEST(Recovery, OfADatabaseWithOneBadPageIsAllButWhatWasInIt) {
  const int count = 40;
  const StoredImage whole = made(count);
  std::mt19937 random(2);
  for (const auto& [number, page] : whole.pages) {
    for (int damage = 0; damage < 4; ++damage) {
      SCOPED_TRACE("page " + std::to_string(number) + " damage " + std::to_string(damage));
      StoredImage damaged = whole;
      Page& data = damaged.pages[number].data;
      if (damage == 0) damaged.pages.erase(number);
      if (damage == 1) std::fill(data.begin() + kPageSize / 2, data.end(), std::uint8_t{0xA5});
      if (damage == 2) std::fill(data.begin(), data.end(), std::uint8_t{0});
      for (int i = 0; damage == 3 && i < 40; ++i) data[random() % kPageSize] ^= static_cast<std::uint8_t>(1 + random() % 255);
      if (checked_image(damaged).ok()) continue;  // it was of zeros before
      Found found(damaged);
      // A page holds at most some twenty reports, and then their photos are elsewhere: drafts are made.
      EXPECT_GE(found.reports, count - 1);
      int whole_ones = 0;
      for (int one = 1; one <= count; ++one) {
        const auto report = found.repository->find(id(one));
        ASSERT_TRUE(report.ok());
        whole_ones += report->has_value() && (*report)->draft.title == "Judul " + std::to_string(one);
      }
      EXPECT_GE(whole_ones, count - 25);
      for (const OutboxItem& item : found.outbox()) {
        const auto report = found.repository->find(item.report_id).value();
        EXPECT_TRUE(report->state == PhoneState::kQueued || (report->state == PhoneState::kReceived && report->photos_sent == 0));
      }
    }
  }
}

TEST(Recovery, OneFlippedBitCostsAtMostOneReportItsWords) {
  const StoredImage whole = made(8);
  std::mt19937 random(3);
  for (int round = 0; round < 100; ++round) {
    StoredImage damaged = whole;
    auto page = std::next(damaged.pages.begin(), static_cast<long>(random() % damaged.pages.size()));
    page->second.data[random() % kPageSize] ^= static_cast<std::uint8_t>(1u << random() % 8);
    Found found(damaged);
    EXPECT_GE(found.reports, 7) << round;
  }
}

TEST(Recovery, KeepsAReportWhoseLongTextIsCutOff) {
  StoredImage damaged = made(5);  // the fifth has a long text, on pages of its own
  std::set<PageNumber> chain;
  for (const auto& [number, page] : damaged.pages) {
    if (page.data[4000] == 'x' && page.data[0] == 0) chain.insert(number);
  }
  ASSERT_GE(chain.size(), 1u);
  for (const PageNumber number : chain) {
    StoredImage cut = damaged;
    cut.pages.erase(number);
    Found found(cut);
    EXPECT_EQ(found.reports, 5);
    EXPECT_EQ(found.report(5).draft.title, "Judul 5");
    EXPECT_EQ(found.report(5).draft.photos.size(), 1u);
  }
}

TEST(Recovery, QueuedReportsAreInTheOutboxOnceAndOthersAreNot) {
  StoredImage damaged = made(20);
  // The outbox's own page: its rows have the id and small numbers only.
  Found before(damaged);
  const std::size_t queued = before.repository->outbox()->size();
  ASSERT_EQ(queued, 7u);  // two of them with photos that follow
  for (auto& [number, page] : damaged.pages) {
    StoredImage one = damaged;
    one.pages.erase(number);
    Found found(one);
    std::set<std::string> seen;
    for (const OutboxItem& item : found.outbox()) EXPECT_TRUE(seen.insert(item.report_id).second);
    for (const StoredSummary& report : found.summaries()) {
      const auto whole = found.repository->find(report.id).value();
      const bool photos_follow = report.state == PhoneState::kReceived && !whole->draft.photos.empty() && whole->photos_sent == 0;
      EXPECT_EQ(seen.contains(report.id), report.state == PhoneState::kQueued || photos_follow) << report.id;
    }
  }
}

TEST(Recovery, WhatWasDeletedStaysDeleted) {
  StoredImage stored;
  PageSums sums;
  {
    PagedFile file({}, [&](const PageBatch& batch) {
      apply(stored, batch, sums.head_after(batch));
      sums.accept(batch);
    });
    Database db = open_paged_database(file).value();
    ASSERT_TRUE(migrate(db).ok());
    Repository repository(db);
    ASSERT_TRUE(repository.transaction([&] { return fill(repository, 60); }).ok());
    ASSERT_TRUE(repository.transaction([&]() -> Result<Ok> {
      for (int number = 1; number <= 55; ++number) TRY(repository.delete_report(id(number)));
      return Ok{};
    }).ok());
  }
  stored.pages.erase(1);  // and with it the list of free pages
  EXPECT_EQ(Found(stored).reports, 5);
  for (const auto& [number, page] : stored.pages) {
    EXPECT_EQ(std::string(page.data.begin(), page.data.end()).find("Judul 12"), std::string::npos) << number;
  }
}

}  // namespace
}  // namespace titik::store
