#include <gtest/gtest.h>

#include "core/atomic_file.hpp"
#include "core/user_dirs.hpp"
#include "support/environment.hpp"
#include "support/temp_dir.hpp"

namespace vidclass {
namespace {

namespace fs = std::filesystem;
using testing::Variable;

TEST(UserCacheDir, IsBelowXdgCacheHome) {
  const Variable xdg("XDG_CACHE_HOME", "/xdg");
  EXPECT_EQ(user_cache_dir(), "/xdg/vidclass");
}

TEST(UserCacheDir, IsElseBelowHome) {
  const Variable xdg("XDG_CACHE_HOME", nullptr);
  const Variable home("HOME", "/home/someone");
  EXPECT_EQ(user_cache_dir(), "/home/someone/.cache/vidclass");
}

TEST(UserCacheDir, IgnoresARelativeXdgCacheHome) {
  const Variable xdg("XDG_CACHE_HOME", "relative");
  const Variable home("HOME", "/home/someone");
  EXPECT_EQ(user_cache_dir(), "/home/someone/.cache/vidclass");
}

TEST(UserCacheDir, WithoutAHomeIsTemporary) {
  const Variable xdg("XDG_CACHE_HOME", nullptr);
  const Variable home("HOME", nullptr);
  EXPECT_TRUE(user_cache_dir().is_absolute());
}

/// Where nobody, root neither, can make a folder.
const fs::path read_only = "/proc/vidclass";

TEST(WritableOrTemporary, IsTheFolderThatIsWanted) {
  const testing::TempDir dir;
  const WritableFolder folder = writable_or_temporary(dir / "a/b");
  EXPECT_EQ(folder.path, dir / "a/b");
  EXPECT_EQ(folder.problem, "");
  EXPECT_TRUE(fs::is_empty(dir / "a/b"));
}

TEST(WritableOrTemporary, IsAnotherFolderOnAReadOnlyFileSystem) {
  const WritableFolder folder = writable_or_temporary(read_only);
  EXPECT_NE(folder.problem, "");
  write_file_atomically(folder.path / "file", "text");
  EXPECT_EQ(writable_or_temporary(read_only).path, folder.path);
}

TEST(WritableOrTemporary, TakesTheSamePlaceForNoTwoFolders) {
  EXPECT_NE(writable_or_temporary(read_only / "again").path, writable_or_temporary(read_only).path);
}

}  // namespace
}  // namespace vidclass
