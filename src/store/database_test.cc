#include "store/database.h"

#include <gtest/gtest.h>

#include "store/integrity.h"

namespace titik::store {
namespace {

class DatabaseTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = Database::open(":memory:");
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    db_.emplace(std::move(opened).value());
    run("CREATE TABLE report(id TEXT PRIMARY KEY, title TEXT, place REAL, urgent INTEGER) STRICT");
    run("CREATE TABLE photo(id INTEGER PRIMARY KEY, report TEXT NOT NULL REFERENCES report(id))");
  }
  void run(const std::string& sql) {
    auto done = db_->execute(sql);
    ASSERT_TRUE(done.ok()) << done.error().message;
  }
  std::int64_t count(const char* table) {
    auto s = db_->prepare(std::string("SELECT count(*) FROM ") + table);
    EXPECT_TRUE(s.ok() && s->step().ok());
    return s.ok() ? s->integer(0) : -1;
  }
  std::optional<Database> db_;
};

TEST_F(DatabaseTest, EveryTypeRoundTrips) {
  auto insert = db_->prepare("INSERT INTO report VALUES(?1, ?2, ?3, ?4)");
  ASSERT_TRUE(insert.ok());
  ASSERT_TRUE(insert->bind(1, std::string("a\0c", 3)).ok());
  ASSERT_TRUE(insert->bind(2, std::optional<std::string>()).ok());
  ASSERT_TRUE(insert->bind(3, -6.5).ok());
  ASSERT_TRUE(insert->bind(4, true).ok());
  ASSERT_TRUE(insert->run().ok());
  EXPECT_EQ(db_->changes(), 1);

  auto select = db_->prepare("SELECT id, title, place, urgent FROM report");
  ASSERT_TRUE(select.ok());
  ASSERT_TRUE(select->step().value());
  EXPECT_EQ(select->text(0), std::string("a\0c", 3));
  EXPECT_TRUE(select->is_null(1));
  EXPECT_EQ(select->text(1), "");
  EXPECT_EQ(select->number(2), -6.5);
  EXPECT_TRUE(select->flag(3));
  EXPECT_FALSE(select->step().value());
}

TEST_F(DatabaseTest, AnEmptyViewIsTextAndNotNull) {
  auto s = db_->prepare("SELECT ?1 IS NULL, typeof(?1)");
  ASSERT_TRUE(s->bind(1, std::string_view()).ok());
  ASSERT_TRUE(s->step().value());
  EXPECT_FALSE(s->flag(0));
  EXPECT_EQ(s->text(1), "text");
}

TEST_F(DatabaseTest, AStatementCanRunAgainAfterItsEndAndAfterAnError) {
  auto insert = db_->prepare("INSERT INTO report(id) VALUES(?1)");
  ASSERT_TRUE(insert->bind(1, "r1").ok());
  ASSERT_TRUE(insert->run().ok());
  EXPECT_EQ(insert->run().error().code, ErrorCode::kConflict);
  ASSERT_TRUE(insert->bind(1, "r2").ok());
  EXPECT_TRUE(insert->run().ok());
  EXPECT_EQ(count("report"), 2);
}

TEST_F(DatabaseTest, ErrorsCarryACodeAndNeverABoundValue) {
  auto insert = db_->prepare("INSERT INTO report(id) VALUES(?1)");
  ASSERT_TRUE(insert->bind(1, "Siti-0812").ok());
  ASSERT_TRUE(insert->run().ok());
  const auto twice = insert->run();
  EXPECT_EQ(twice.error().code, ErrorCode::kConflict);
  EXPECT_EQ(twice.error().message.find("Siti"), std::string::npos) << twice.error().message;

  const auto wrong_type = db_->execute("INSERT INTO report(id, place) VALUES('x', 'abc')");
  EXPECT_EQ(wrong_type.error().code, ErrorCode::kConflict);  // a STRICT column is a constraint
  EXPECT_EQ(db_->execute("SELEKT 1").error().code, ErrorCode::kInternal);
  EXPECT_EQ(insert->bind(9, "x").error().code, ErrorCode::kInternal);
  EXPECT_EQ(Database::open("/nonexistent/folder/db").error().code, ErrorCode::kStorage);
}

TEST_F(DatabaseTest, AFileOfAnotherFormatIsCorrupt) {
  const std::string path = ::testing::TempDir() + "titik_not_a_database";
  FILE* file = fopen(path.c_str(), "w");
  for (int i = 0; i < 200; ++i) fputs("this is not a database\n", file);
  fclose(file);
  auto opened = Database::open(path);
  ASSERT_TRUE(opened.ok());  // SQLite reads nothing before the first statement
  EXPECT_EQ(opened->execute("SELECT * FROM sqlite_schema").error().code, ErrorCode::kCorrupt);
  remove(path.c_str());
}

TEST_F(DatabaseTest, ForeignKeysAreOn) {
  EXPECT_EQ(db_->execute("INSERT INTO photo(report) VALUES('none')").error().code,
            ErrorCode::kConflict);
}

TEST_F(DatabaseTest, PrepareTakesExactlyOneStatement) {
  EXPECT_TRUE(db_->prepare("SELECT 1; \n").ok());
  EXPECT_FALSE(db_->prepare("").ok());
  EXPECT_FALSE(db_->prepare("SELECT 1; SELECT 2").ok());
}

TEST_F(DatabaseTest, ATransactionIsAllOrNothing) {
  const auto failed = db_->transaction([&]() -> Result<int> {
    TRY(db_->execute("INSERT INTO report(id) VALUES('r1')"));
    TRY(db_->execute("INSERT INTO report(id) VALUES('r1')"));
    return 1;
  });
  EXPECT_EQ(failed.error().code, ErrorCode::kConflict);
  EXPECT_EQ(count("report"), 0);

  const auto done = db_->transaction([&]() -> Result<int> {
    TRY(db_->execute("INSERT INTO report(id) VALUES('r1')"));
    return 7;
  });
  EXPECT_EQ(done.value(), 7);
  EXPECT_EQ(count("report"), 1);
}

TEST_F(DatabaseTest, ADeferredViolationFailsTheCommitAndLeavesNoTransactionOpen) {
  run("CREATE TABLE step(report TEXT REFERENCES report(id) DEFERRABLE INITIALLY DEFERRED)");
  const auto failed = db_->transaction(
      [&]() -> Result<Ok> { return db_->execute("INSERT INTO step VALUES('none')"); });
  EXPECT_EQ(failed.error().code, ErrorCode::kConflict);
  EXPECT_TRUE(db_->execute("BEGIN IMMEDIATE; COMMIT").ok());
}

TEST_F(DatabaseTest, AStatementMayOutliveItsDatabase) {
  auto select = db_->prepare("SELECT 1");
  ASSERT_TRUE(select->step().value());
  db_.reset();
  EXPECT_EQ(select->integer(0), 1);
}

TEST_F(DatabaseTest, IntegrityCheckTellsABrokenForeignKey) {
  EXPECT_TRUE(check_integrity(*db_).ok());
  run("PRAGMA foreign_keys=OFF; INSERT INTO photo(id, report) VALUES(5, 'none')");
  const auto checked = check_integrity(*db_);
  EXPECT_EQ(checked.error().code, ErrorCode::kCorrupt);
  EXPECT_NE(checked.error().message.find("row 5 of photo"), std::string::npos);
}

}  // namespace
}  // namespace titik::store
