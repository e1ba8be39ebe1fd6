// A database of a test's own: a file in its folder, or with TITIK_TEST_DATABASE (tests/postgresql) a schema in that
// PostgreSQL, which goes when the test ends.
#pragma once

#include <cstdlib>
#include <string>

#include "serve/crypto.h"
#include "serve/sql.h"

namespace titik::serve {

class TestDatabase {
 public:
  explicit TestDatabase(const std::string& folder) : location_(folder + "/titik.db") {
    const char* server = std::getenv("TITIK_TEST_DATABASE");
    if (!server) return;
    server_ = server;
    schema_ = "test_" + random_hex(8);
    run("CREATE SCHEMA " + schema_);
    location_ = server_ + "&options=-csearch_path%3D" + schema_;
  }
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;
  ~TestDatabase() {
    if (!schema_.empty()) run("DROP SCHEMA " + schema_ + " CASCADE");
  }

  [[nodiscard]] const std::string& location() const { return location_; }
  [[nodiscard]] bool is_postgresql() const { return !schema_.empty(); }

 private:
  void run(const std::string& statement) { open_postgresql(server_).value()->execute(statement).value(); }

  std::string server_;
  std::string schema_;
  std::string location_;
};

}  // namespace titik::serve
