#include "serve/config.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "serve/test_world.h"

namespace titik::serve {
namespace {

class ConfigTest : public ::testing::Test {
 protected:
  Result<Config> read(const std::string& json = {}) {
    if (!json.empty()) {
      std::ofstream(folder.path + "/titik.json") << json;
      variables["TITIK_CONFIG"] = folder.path + "/titik.json";
    }
    return read_config(options, [this](const char* name) { return variables[name]; });
  }
  TemporaryFolder folder;
  Options options;
  std::map<std::string, std::string> variables;
};

TEST_F(ConfigTest, TheCommandLineGoesBeforeTheEnvironmentBeforeTheFile) {
  const std::string file = R"({"data":"/file","profile":"/file.json"})";
  EXPECT_EQ(read()->data, "build/data");
  EXPECT_EQ(read(file)->data, "/file");
  variables["TITIK_DATA"] = "/environment";
  EXPECT_EQ(read(file)->data, "/environment");
  options.values["data"] = {"/option"};
  EXPECT_EQ(read(file)->data, "/option");
  EXPECT_EQ(read(file)->profile, "/file.json");
  EXPECT_EQ(read(file)->database_location(), "/option/titik.db");
  variables["TITIK_DATABASE"] = "postgresql://city@db/titik";
  EXPECT_EQ(read(file)->database_location(), "postgresql://city@db/titik");
}

TEST_F(ConfigTest, MistakesNameTheirPlace) {
  EXPECT_EQ(read(R"({"datta":"/x"})").error().where, folder.path + "/titik.json: datta");
  EXPECT_EQ(read(R"({"data":7})").error().where, folder.path + "/titik.json: data");
  EXPECT_EQ(read("[1]").error().code, ErrorCode::kMalformed);
  EXPECT_EQ(read("{").error().code, ErrorCode::kMalformed);
  EXPECT_EQ(read(R"({"database":"mysql://x"})").error().where, "database");
  variables["TITIK_TRUSTED_PROXIES"] = "10.0.0.0/8, proxy";
  EXPECT_EQ(read("{}").error().where, "trusted-proxies");
  variables["TITIK_TRUSTED_PROXIES"] = "10.0.0.0/8, fd00::/8";
  EXPECT_TRUE(read("{}").ok());
  variables["TITIK_CONFIG"] = folder.path + "/none.json";
  EXPECT_EQ(read().error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace titik::serve
