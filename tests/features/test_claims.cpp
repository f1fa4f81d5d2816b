#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "features/claims.hpp"
#include "support/temp_dir.hpp"

namespace vidclass::features {
namespace {

using testing::TempDir;

const std::string one_key = std::string(63, 'a') + "1";
const std::string other = std::string(64, 'b');

TEST(Claims, OfAnotherHolderAreRefusedUntilReleased) {
  const TempDir dir;
  const Claims mine(dir.path());
  const Claims theirs(dir.path());
  ASSERT_TRUE(theirs.take(one_key));
  EXPECT_FALSE(mine.take(one_key));
  EXPECT_TRUE(mine.take(other));
  theirs.release(one_key);
  EXPECT_TRUE(mine.take(one_key));
}

TEST(Claims, OfAKilledProcessAreFree) {
  const TempDir dir;
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const Claims theirs(dir.path());
    const char taken = theirs.take(one_key) ? 'y' : 'n';
    (void)!::write(ready[1], &taken, 1);
    for (;;) ::pause();
  }
  char taken = 0;
  ASSERT_EQ(::read(ready[0], &taken, 1), 1);
  ASSERT_EQ(taken, 'y');
  const Claims mine(dir.path());
  EXPECT_FALSE(mine.take(one_key));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(mine.take(one_key));
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST(Claims, SucceedWhereThereCanBeNoLocks) {
  EXPECT_TRUE(Claims("/proc/no/such/folder").take(one_key));
}

TEST(Claims, MakeNothingBeforeTheFirst) {
  const TempDir dir;
  { const Claims claims(dir / "cache"); }
  EXPECT_FALSE(std::filesystem::exists(dir / "cache"));
}

}  // namespace
}  // namespace vidclass::features
