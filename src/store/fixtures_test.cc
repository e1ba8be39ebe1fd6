// A database of every version that phones may still have (fixtures/version_N, as FilePageStore keeps it),
// written by the code of that version and never again: each opens in the present code, and every value
// that was in it is in it after the migrations.
//
// A new version needs a fixture of its own. Before its first release:
//   TITIK_WRITE_FIXTURE=1 build/…/repository_test --gtest_filter='Fixtures.*'
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "store/commit_queue.h"
#include "store/file_page_store.h"
#include "store/integrity.h"
#include "store/migrations.h"
#include "store/paged_vfs.h"
#include "store/repository.h"

namespace titik::store {
namespace {

namespace fs = std::filesystem;
using report::PhoneState;

// From the root of the sources, where tests run.
std::string fixture(std::int64_t version) { return "src/store/fixtures/version_" + std::to_string(version); }

struct TemporaryFolder {
  TemporaryFolder() {
    std::string pattern = ::testing::TempDir() + "titik_fixture_XXXXXX";
    path = ::mkdtemp(pattern.data());
  }
  ~TemporaryFolder() { fs::remove_all(path); }
  std::string path;
};

// An opened folder with a database on it; ends in the right order.
struct Opened {
  std::unique_ptr<FilePageStore> store;
  std::unique_ptr<CommitQueue> queue;
  std::unique_ptr<PagedFile> file;
  std::optional<Database> db;
};

Result<Opened> open(const std::string& folder) {
  FilePageStore::Opened found = TRY(FilePageStore::open(folder));
  Opened opened;
  opened.store = std::move(found.store);
  opened.queue = std::make_unique<CommitQueue>(*opened.store, found.image.commit);
  opened.file = std::make_unique<PagedFile>(
      std::move(found.image), [queue = opened.queue.get()](PageBatch batch) { queue->add(std::move(batch)); });
  opened.db = TRY(open_paged_database(*opened.file));
  return Result<Opened>(std::move(opened));
}

// --- The values, as text: one line "table column value" for each, in order of tables and keys ---------

std::vector<std::string> texts(Database& db, const std::string& sql, int column = 0) {
  Result<Statement> rows = db.prepare(sql);
  std::vector<std::string> found;
  EXPECT_TRUE(rows.ok()) << sql << ": " << rows.error().message;
  while (rows.ok()) {
    const Result<bool> row = rows->step();
    EXPECT_TRUE(row.ok()) << sql;
    if (!row.ok() || !row.value()) break;
    found.push_back(rows->text(column));
  }
  return found;
}

std::string key_of(Database& db, const std::string& table) {
  std::string key;
  for (const std::string& column : texts(db, "SELECT name FROM pragma_table_info('" + table + "') WHERE pk ORDER BY pk")) {
    key += (key.empty() ? "" : ",") + column;
  }
  return key;
}

// "1", "'Lubang'", "NULL": SQL literals, with line breaks as \n.
std::vector<std::string> values_of(Database& db, const std::string& table, const std::string& column) {
  return texts(db, "SELECT replace(quote(" + column + "),char(10),'\\n') FROM " + table + " ORDER BY " + key_of(db, table));
}

std::string all_values(Database& db) {
  std::string text;
  for (const std::string& table : texts(db, "SELECT name FROM sqlite_schema WHERE type='table' ORDER BY name")) {
    for (const std::string& column : texts(db, "PRAGMA table_info(" + table + ")", 1)) {
      for (const std::string& value : values_of(db, table, column)) {
        text.append(table).append(" ").append(column).append(" ").append(value).append("\n");
      }
    }
  }
  return text;
}

// --- What a fixture is made of: everything that the repository can store ------------------------------

std::string id(int number) { return "019aa7d2-0000-7000-8000-00000000000" + std::to_string(number); }

report::Draft draft(int number) {
  return {.id = id(number), .classification = report::Classification::kComplaint, .category_id = "jalan",
          .title = "Lubang nomor " + std::to_string(number), .content = "Dalam sekali.\n\nBaris \"kedua\", it's ✓ 🕳",
          .incident_date = "2026-11-20", .is_anonymous = number % 2 == 0, .is_secret = number % 3 == 0,
          .reporter_name = "Siti Nurbaya", .reporter_phone = "0812-3456-7890",
          .place = report::Place{{-1.6101229, 103.6131203}, 12.5, report::PlaceSource::kGps, 1763700000123},
          .landmark = "RT 05, depan warung", .created_at = 1763700000000 + number, .updated_at = 1763700100000 + number};
}

report::Photo photo(char name) {
  return {std::string(64, name), 312'345, 1600, 1200, std::string(64, static_cast<char>(name + 1)), 9'876,
          report::PhotoOrigin::kCamera, 1763699999000,
          report::Place{{-1.61, 103.61}, 8.25, report::PlaceSource::kExif, 1763699999000}, -0x63C0FF1E2D5B4A79};
}

Result<Ok> fill(Repository& repository) {
  // 1: hardly begun. 2: whole. 3: waits. 4: on its way. 5: received. 6: finished. 7: refused.
  TRY(repository.save_draft({.id = id(1), .created_at = 1763700000001, .updated_at = 1763700000001}));
  for (int number = 2; number <= 7; ++number) {
    TRY(repository.save_draft(draft(number)));
    TRY(repository.add_photo(id(number), photo('a')));
  }
  report::Photo bare = photo('c');
  bare.origin = report::PhotoOrigin::kGallery;
  bare.taken_at.reset();
  bare.place.reset();
  for (const int number : {2, 3, 5}) TRY(repository.add_photo(id(number), bare));
  report::Photo covered = photo('g');
  covered.original_sha256 = photo('a').sha256;
  covered.original_bytes = photo('a').bytes;
  TRY(repository.replace_photo(id(7), photo('a').sha256, covered));
  for (int number = 3; number <= 7; ++number) TRY(repository.submit(id(number), 1763700200000 + number));
  TRY(repository.save_item({.report_id = id(3), .photos = {{photo('a').sha256, "501"}, {bare.sha256, ""}},
                            .create_unanswered = false, .uploads_lost = 1, .attempts = 4,
                            .not_before = 1763700300000, .told_to_wait = true, .thumbnails = 1}));
  TRY(repository.save_item({.report_id = id(4), .photos = {{photo('a').sha256, "502"}}, .create_unanswered = true,
                            .uploads_lost = 0, .attempts = 1, .not_before = 0, .told_to_wait = false}));
  TRY(repository.set_state(id(4), PhoneState::kSending));
  TRY(repository.mark_sms(id(3), 1763700250000));
  TRY(repository.receive(id(5), {.tracking_id = "7000005", .status_name = "proses", .disposition_name = "Dinas PUPR",
                                 .received_at = 1763700400000, .follow_up_due_at = 1764000000000}));
  TRY(repository.receive(id(6), {.tracking_id = "7000006", .status_name = "ditutup_admin", .disposition_name = "DLH",
                                 .received_at = 1763700400001, .follow_up_due_at = 1764000000001,
                                 .follow_up_stopped_at = 1763900000000}));
  for (const int received : {5, 6}) TRY(repository.leave_outbox(id(received)));
  TRY(repository.refuse(id(7), "Judul terlalu panjang",
                        {{report::Field::kTitle, report::ProblemCode::kTooLong},
                         {report::Field::kPhotos, report::ProblemCode::kInvalid}}));
  StoredEntry action{.kind = 4, .at = 1763800000000, .who = "Dinas PUPR", .text = "Sudah ditambal.\nTerima kasih"};
  action.evidence = {{"/files/1", std::string(64, 'e'), "", "sesudah.jpg", "jpg", 0, "/files/1/thumbnail"},
                     {"/files/2", "", "", "laporan.pdf", "pdf", 4'321}};
  TRY(repository.replace_timeline(id(5), {action, {.kind = 1, .at = 1763700500000, .who = "", .text = "proses"}}));
  TRY(repository.set_evidence(id(5), "/files/1", std::string(64, 'e'), 55'555));
  TRY(repository.set_evidence_thumbnail(id(5), "/files/1/thumbnail", std::string(64, 'f'), 6'789));
  TRY(repository.replace_timeline(id(6), {{.kind = 0, .at = 1763700400001}}));
  TRY(repository.save_receipt({id(5), false, "kepala.muatan.tanda"}));
  TRY(repository.save_receipt({id(6), true, "kepala.muatan-2.tanda"}));
  TRY(repository.judge_receipt({id(6), true, "kepala.muatan-2.tanda", report::ReceiptVerdict::kValid}));
  TRY(repository.save_receipt({id(9), true, "kepala.muatan-3.tanda"}));  // its report is gone
  for (const auto& [name, value] : {std::pair{"device_token", "token-1"}, {"device_user", "77"}, {"text_scale", "150"},
                                    {"language", "en"}, {"counts", R"({"masuk":3})"}, {"profile", R"({"id":"kota"})"}}) {
    TRY(repository.set_setting(name, value));
  }
  return Ok{};
}

// --- Tests --------------------------------------------------------------------------------------------

TEST(Fixtures, ThereIsOneOfTheCurrentVersion) {
  const std::string folder = fixture(kSchemaVersion);
  if (std::getenv("TITIK_WRITE_FIXTURE") != nullptr) {
    ASSERT_FALSE(fs::exists(folder)) << folder << " is written once and then kept";
    fs::create_directories(folder);
    Result<Opened> opened = open(folder);
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    ASSERT_TRUE(migrate(*opened->db).ok());
    Repository repository(*opened->db);
    ASSERT_TRUE(repository.transaction([&] { return fill(repository); }).ok());
    std::ofstream(folder + "/values.txt", std::ios::binary) << all_values(*opened->db);
  }
  EXPECT_TRUE(fs::exists(folder + "/pages")) << "TITIK_WRITE_FIXTURE=1 makes it";
}

TEST(Fixtures, OfEveryVersionOpenAndKeepEveryValue) {
  for (std::int64_t version = 1; version <= kSchemaVersion; ++version) {
    SCOPED_TRACE("version " + std::to_string(version));
    const TemporaryFolder copy;
    fs::copy_file(fixture(version) + "/pages", copy.path + "/pages");
    Result<Opened> opened = open(copy.path);
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    Database& db = *opened->db;
    ASSERT_EQ(texts(db, "PRAGMA user_version"), std::vector{std::to_string(version)});
    std::ifstream file(fixture(version) + "/values.txt", std::ios::binary);
    const std::string written{std::istreambuf_iterator<char>(file), {}};
    ASSERT_EQ(all_values(db), written);

    const Result<Ok> migrated = migrate(db);
    ASSERT_TRUE(migrated.ok()) << migrated.error().message;
    EXPECT_EQ(texts(db, "PRAGMA user_version"), std::vector{std::to_string(kSchemaVersion)});
    EXPECT_TRUE(check_integrity(db).ok());
    std::map<std::string, std::vector<std::string>> before;  // by "table column"
    std::istringstream lines(written);
    for (std::string table, column, value; lines >> table >> column && std::getline(lines, value);) {
      before[table + " " + column].push_back(value.substr(1));
    }
    EXPECT_GT(before.size(), 60u);
    for (const auto& [name, values] : before) {
      const std::size_t space = name.find(' ');
      EXPECT_EQ(values_of(db, name.substr(0, space), name.substr(space + 1)), values) << name;
    }

    // And through the typed door.
    Repository repository(db);
    EXPECT_EQ(repository.summaries()->size(), 7u);
    EXPECT_EQ(repository.outbox()->size(), 2u);
    EXPECT_EQ(repository.outbox()->at(0).photos.at(0).upload_id, "501");
    const std::optional<StoredReport> stored = *repository.find(id(2));
    ASSERT_TRUE(stored.has_value());
    report::Draft expected = draft(2);
    ASSERT_EQ(stored->draft.photos.size(), 2u);
    EXPECT_EQ(stored->draft.photos[0].sha256, photo('a').sha256);
    EXPECT_EQ(stored->draft.photos[0].place, photo('a').place);
    expected.photos = stored->draft.photos;
    EXPECT_EQ(stored->draft, expected);
    EXPECT_EQ(repository.timeline(id(5))->at(0).evidence.at(0).bytes, 55'555);
  }
}

}  // namespace
}  // namespace titik::store
