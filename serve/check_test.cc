#include "serve/check.h"

#include <filesystem>
#include <fstream>

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
    for (const Finding& finding : check_city(config, "", all_files, now)) {
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

}  // namespace
}  // namespace titik::serve
