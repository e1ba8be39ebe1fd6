#include "serve/lease.h"

#include <sys/wait.h>
#include <unistd.h>

#include "serve/test_world.h"

namespace titik::serve {
namespace {

struct LeaseTest : ::testing::Test {
  TemporaryFolder folder;
  TestDatabase database{folder.path};
  std::unique_ptr<Sql> sql = Sql::open(database.location()).value();
};

TEST_F(LeaseTest, OneHolderAtATime) {
  Lease one(*sql, "kerja");
  Lease two(*sql, "kerja");
  Lease other(*sql, "lain");
  EXPECT_TRUE(one.take(1000, 100).value());
  EXPECT_FALSE(two.take(1050, 100).value());
  EXPECT_TRUE(one.take(1050, 100).value());
  EXPECT_FALSE(two.take(1149, 100).value());
  EXPECT_TRUE(other.take(1050, 100).value());
  EXPECT_TRUE(two.take(1150, 100).value());  // it has ended
  EXPECT_FALSE(one.take(1151, 100).value());
  EXPECT_TRUE(one.release().ok());           // not its own: nothing happens
  EXPECT_FALSE(one.take(1151, 100).value());
  EXPECT_TRUE(two.release().ok());
  EXPECT_TRUE(one.take(1151, 100).value());
}

TEST_F(LeaseTest, AProcessThatIsNoMoreHoldsNothing) {
  const std::string location = database.location();
  const pid_t child = fork();
  if (child == 0) {
    const auto own = Sql::open(location);
    Lease lease(**own, "kerja");
    _exit(lease.take(1000, 1'000'000).value() ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_EQ(status, 0);
  Lease mine(*sql, "kerja");
  EXPECT_TRUE(mine.take(1001, 100).value());
}

}  // namespace
}  // namespace titik::serve
