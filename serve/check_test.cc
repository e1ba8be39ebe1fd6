#include "serve/check.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "serve/office.h"
#include "serve/test_world.h"

namespace titik::serve {
namespace {

class CheckTest : public World {
 protected:
  CheckTest() {
    config.data = folder.path;
    config.profile = "assets/cities/kota-jambi.json";
    if (database.is_postgresql()) config.database = database.location();
  }
  // All that is told of this weight: "about: text", a line each.
  std::string told(Finding::Weight weight, bool all_files = false) {
    std::string text;
    for (const Finding& finding : check_city(config, all_files, now)) {
      if (finding.weight == weight) text += finding.about + ": " + finding.text + "\n";
    }
    return text;
  }
  Config config;
};

TEST_F(CheckTest, AWellRunCityHasNothingWrong) {
  (void)create(phone(), report_json());
  EXPECT_EQ(told(Finding::Weight::kWrong, true), "");
  EXPECT_NE(told(Finding::Weight::kWarning).find("masih contoh"), std::string::npos);
  EXPECT_NE(told(Finding::Weight::kGood).find("Kota Jambi"), std::string::npos);
}

TEST_F(CheckTest, MistakesAreNamedWithWhatToDo) {
  const std::string profile = folder.path + "/city.json";
  std::ofstream(profile) << R"({"id":7})";
  config.profile = profile;
  EXPECT_NE(told(Finding::Weight::kWrong).find("profil kota: " + profile), std::string::npos);
  config.profile = folder.path + "/none.json";
  EXPECT_NE(told(Finding::Weight::kWrong).find("none.json"), std::string::npos);
  config.database = "postgresql://nobody@/x?host=/nowhere";
  EXPECT_NE(told(Finding::Weight::kWrong).find("basis data: "), std::string::npos);
}

TEST_F(CheckTest, ALostOrDamagedPhotoIsFound) {
  const Headers who = phone();
  const std::string id = upload(who);
  const std::string hash = sha256_hex(kJpeg);
  EXPECT_EQ(told(Finding::Weight::kWrong, true), "");
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path + "/files")) {
    if (entry.path().filename() == hash) std::ofstream(entry.path(), std::ios::binary | std::ios::app) << "x";
  }
  EXPECT_EQ(told(Finding::Weight::kWrong), "");
  EXPECT_NE(told(Finding::Weight::kWrong, true).find("foto: " + hash), std::string::npos);
}

TEST_F(CheckTest, ANewerDatabaseIsNamedAndUntouched) {
  {
    const SqlLock lock(repository->sql().mutex());
    repository->sql().execute(database.is_postgresql() ? "UPDATE schema_version SET version = 99" : "PRAGMA user_version = 99").value();
  }
  EXPECT_NE(told(Finding::Weight::kWrong).find("versi 99 lebih baru"), std::string::npos);
}

// Every name with its kind, mode, size and time, and the bytes of every file.
std::string all_of(const std::string& folder) {
  std::map<std::string, std::string> entries;
  const auto look_at = [&](const std::filesystem::path& path) {
    std::ostringstream told;
    told << path.string() << " " << static_cast<unsigned>(std::filesystem::status(path).permissions()) << " "
         << std::filesystem::last_write_time(path).time_since_epoch().count();
    if (std::filesystem::is_regular_file(path)) {
      std::ifstream in(path, std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
      told << " " << bytes.size() << " " << sha256_hex(bytes);
    }
    entries[path.string()] = told.str();
  };
  look_at(folder);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) look_at(entry.path());
  std::string text;
  for (const auto& [path, told] : entries) text += told + "\n";
  return text;
}

// On a copy, which nothing has open: of a server that fell (its journal lies there), and of one that ended.
class UntouchedTest : public CheckTest {
 protected:
  UntouchedTest() {
    (void)create(phone(), report_json());
    (void)upload(phone());
    std::filesystem::copy(folder.path, copy, std::filesystem::copy_options::recursive);
    config.data = copy;
    std::ofstream(copy + "/files/incoming/old") << "half";
    std::filesystem::last_write_time(copy + "/files/incoming/old", std::filesystem::file_time_type::clock::now() - std::chrono::hours(48));
    std::filesystem::permissions(copy, std::filesystem::perms::owner_all | std::filesystem::perms::group_read);
    if (!database.is_postgresql()) std::filesystem::permissions(copy + "/titik.db", std::filesystem::perms(0644));
  }
  void look() {
    const std::string before = all_of(copy);
    EXPECT_EQ(told(Finding::Weight::kWrong, true), "");
    EXPECT_NE(told(Finding::Weight::kGood, true).find("foto: 1 berkas utuh"), std::string::npos);
    EXPECT_EQ(all_of(copy), before);
  }
  TemporaryFolder other;
  std::string copy = other.path + "/kota?#%41";
};

TEST_F(UntouchedTest, WhereAServerFell) {
  ASSERT_TRUE(database.is_postgresql() || std::filesystem::exists(copy + "/titik.db-wal"));
  look();
}

TEST_F(UntouchedTest, WhereAServerEnded) {
  if (database.is_postgresql()) GTEST_SKIP() << "no file";
  ASSERT_TRUE(open_sqlite(copy + "/titik.db").ok());  // takes the journal in as it closes
  ASSERT_FALSE(std::filesystem::exists(copy + "/titik.db-wal"));
  look();
}

TEST_F(UntouchedTest, WithoutFoldersAndTables) {
  std::filesystem::remove_all(copy + "/files");
  std::filesystem::remove_all(copy + "/partial");
  const std::string before = all_of(copy);
  for (const char* where : {"folder", "database"}) {
    config.files = where;
    EXPECT_NE(told(Finding::Weight::kWrong, true).find("foto: " + sha256_hex(kJpeg)), std::string::npos);
  }
  EXPECT_EQ(all_of(copy), before);
  if (!database.is_postgresql()) return;
  const SqlLock lock(repository->sql().mutex());
  Statement table = repository->sql().prepare("SELECT to_regclass('blob')").value();
  EXPECT_TRUE(table.step().value());
  EXPECT_TRUE(table.is_null(0));
}

TEST_F(CheckTest, AnEmptyDatabaseIsWaitedFor) {
  const TestDatabase empty(folder.path + "/files");
  if (empty.is_postgresql()) config.database = empty.location();
  else config.data = folder.path + "/files";
  ASSERT_TRUE(empty.is_postgresql() || open_sqlite(empty.location()).ok());
  EXPECT_NE(told(Finding::Weight::kWarning, true).find("basis data: masih kosong"), std::string::npos);
  EXPECT_EQ(told(Finding::Weight::kWrong, true), "");
}

TEST_F(CheckTest, AServerMayRunMeanwhile) {
  for (int i = 0; i < 3; ++i) {
    (void)create(phone(), report_json());
    EXPECT_EQ(told(Finding::Weight::kWrong), "");
  }
}

TEST_F(CheckTest, NoCityIsTakenForAnother) {
  config.profile.clear();
  EXPECT_NE(told(Finding::Weight::kWrong).find("profil kota: "), std::string::npos);
  const Result<Office> office = open_office(config);
  ASSERT_FALSE(office.ok());
  EXPECT_NE(office.error().message.find("--profile"), std::string::npos);
  EXPECT_EQ(office.error().where.find("postgresql:"), std::string::npos) << "an address may have a password in it";

  config.database.clear();
  config.data = folder.path + "/none";
  EXPECT_EQ(open_office(config).error().where, config.data + "/titik.db");
  EXPECT_FALSE(std::filesystem::exists(config.data)) << "a mistyped folder is not made";
}

TEST_F(CheckTest, TheProfileIsRememberedHoweverItWasGiven) {
  ASSERT_TRUE(remember_profile(config, *repository).ok());
  config.profile.clear();
  EXPECT_EQ(told(Finding::Weight::kWrong), "");
  const Result<Office> office = open_office(config);
  ASSERT_TRUE(office.ok()) << office.error().message;
  EXPECT_EQ(office->profile.id, "kota-jambi");
  ASSERT_TRUE(remember_profile(config, *repository).ok());
  EXPECT_EQ(repository->setting("profile").value(), std::filesystem::absolute("assets/cities/kota-jambi.json").string());
}

}  // namespace
}  // namespace titik::serve
