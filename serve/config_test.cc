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

TEST_F(ConfigTest, WhereItListensComesFromTheSamePlaces) {
  EXPECT_EQ(read()->port, "8080");
  EXPECT_EQ(read()->host, "127.0.0.1");
  EXPECT_EQ(read()->monitor_port, "");
  const std::string file = R"({"port":8081,"monitor-port":"9108","host":"::1","client":"/client"})";
  EXPECT_EQ(read(file)->port, "8081");
  EXPECT_EQ(read(file)->monitor_port, "9108");
  EXPECT_EQ(read(file)->host, "::1");
  EXPECT_EQ(read(file)->client, "/client");
  variables = {{"TITIK_PORT", "8082"}, {"TITIK_MONITOR_PORT", "9109"}, {"TITIK_HOST", "0.0.0.0"}, {"TITIK_CLIENT", "/other"}};
  EXPECT_EQ(read(file)->port, "8082");
  EXPECT_EQ(read(file)->monitor_port, "9109");
  EXPECT_EQ(read(file)->host, "0.0.0.0");
  EXPECT_EQ(read(file)->client, "/other");
  options.values["port"] = {"0"};
  EXPECT_EQ(read(file)->port, "0");
}

TEST_F(ConfigTest, PortsAndHostsAreLookedAt) {
  for (const char* port : {"-1", "65536", "80a", " 80", "+80", "99999999999999999999"}) {
    variables = {{"TITIK_PORT", port}};
    EXPECT_EQ(read("{}").error().where, "port") << port;
    variables = {{"TITIK_MONITOR_PORT", port}};
    EXPECT_EQ(read("{}").error().where, "monitor-port") << port;
  }
  variables = {{"TITIK_PORT", "65535"}};
  EXPECT_TRUE(read("{}").ok());
  variables.clear();
  for (const char* value : {"8080.5", "true", "\"\"", "[8080]", "null", "70000"}) {
    EXPECT_FALSE(read(std::string(R"({"port":)") + value + "}").ok()) << value;
  }
  variables = {{"TITIK_HOST", "127.0.0.1:8080/x"}};
  EXPECT_EQ(read("{}").error().where, "host");
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
