#include <gtest/gtest.h>

#include <array>

#include "core/own_files.hpp"
#include "core/safetensors.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"

namespace vidclass {
namespace {

using testing::put;
using testing::TempDir;

TEST(OwnFilesOfAFolder, AreThoseThatWereListed) {
  const TempDir dir;
  list_own_files(std::array{dir / "a.mp4", dir / "new/b.mp4"});
  EXPECT_TRUE(OwnFiles(dir.path()).contain(dir / "a.mp4"));
  EXPECT_TRUE(OwnFiles(dir / "new").contain(dir / "new/b.mp4"));
  EXPECT_FALSE(OwnFiles(dir.path()).contain(dir / "b.mp4"));
}

TEST(OwnFilesOfAFolder, StayListedWhenMoreAreWritten) {
  const TempDir dir;
  list_own_files(std::array{dir / "a.mp4"});
  list_own_files(std::array{dir / "b.mp4"});
  EXPECT_TRUE(OwnFiles(dir.path()).contain(dir / "a.mp4"));
}

TEST(OwnFilesOfAFolder, MayHaveAnyName) {
  const TempDir dir;
  list_own_files(std::array{dir / "two\nlines.mp4", dir / "ends in\r", dir / " spaces "});
  const OwnFiles own(dir.path());
  EXPECT_TRUE(own.contain(dir / "two\nlines.mp4"));
  EXPECT_TRUE(own.contain(dir / "ends in\r"));
  EXPECT_TRUE(own.contain(dir / " spaces "));
  EXPECT_FALSE(own.contain(dir / "two"));
  EXPECT_FALSE(own.contain(dir / "lines.mp4"));
}

TEST(OwnFilesOfAFolder, AreSafetensorsThatSaySoInTheirHeader) {
  const TempDir dir;
  write_safetensors(dir / "model.safetensors", {}, {{"vidclass_model", "{}"}});
  write_safetensors(dir / "checkpoint.safetensors", {}, {{"vidclass.checkpoint", "1"}});
  write_safetensors(dir / "features.safetensors", {}, {{"format", "pt"}});
  write_safetensors(dir / "m", {}, {{"vidclass_model", "{}"}});
  const OwnFiles own(dir.path());
  EXPECT_TRUE(own.contain(dir / "m"));
  EXPECT_TRUE(own.contain(dir / "model.safetensors"));
  EXPECT_TRUE(own.contain(dir / "checkpoint.safetensors"));
  EXPECT_FALSE(own.contain(dir / "features.safetensors"));
}

TEST(OwnFilesOfAFolder, AreEntriesOfACache) {
  const TempDir dir;
  const std::string hash(64, 'a');
  const auto entry = dir / "aa" / (hash + ".safetensors");
  EXPECT_TRUE(OwnFiles(dir / "aa").contain(put(entry)));
  EXPECT_FALSE(OwnFiles(dir.path()).contain(put(dir / (hash + ".safetensors"))));
  EXPECT_FALSE(OwnFiles(dir / "aa").contain(put(dir / "aa" / (hash + ".mp4"))));
}

TEST(OwnFilesOfAFolder, AreNoneWhereItsListCannotBeRead) {
  const TempDir dir;
  std::filesystem::create_directories(dir / ".vidclass-outputs");
  EXPECT_FALSE(OwnFiles(dir.path()).contain(dir / "a.mp4"));
}

}  // namespace
}  // namespace vidclass
