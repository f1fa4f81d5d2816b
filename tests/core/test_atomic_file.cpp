#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "core/atomic_file.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace {

namespace fs = std::filesystem;
using testing::TempDir;

class AtomicFile : public ::testing::Test {
protected:
  TempDir dir;
  fs::path target = dir / "file.txt";

  std::ptrdiff_t files() const { return std::distance(fs::directory_iterator(dir.path()), {}); }
  void write_half_and_throw() const {
    write_file_atomically(target, [](const fs::path& temporary) {
      std::ofstream(temporary) << "half";
      throw std::runtime_error("no more");
    });
  }
};

TEST_F(AtomicFile, HoldsWhatWasWritten) {
  write_file_atomically(target, "some text");
  EXPECT_EQ(read_text_file(target), "some text");
}

TEST_F(AtomicFile, MayBeEmpty) {
  write_file_atomically(target, "");
  EXPECT_EQ(read_text_file(target), "");
}

TEST_F(AtomicFile, HoldsBytesAsTheyAre) {
  const std::string bytes("\0\r\n\xFF", 4);
  write_file_atomically(target, std::as_bytes(std::span(bytes)));
  EXPECT_EQ(read_text_file(target), bytes);
}

TEST_F(AtomicFile, ReplacesTheOldOne) {
  write_file_atomically(target, "old and longer");
  write_file_atomically(target, "new");
  EXPECT_EQ(read_text_file(target), "new");
}

TEST_F(AtomicFile, LeavesNothingBeside) {
  write_file_atomically(target, "text");
  EXPECT_EQ(files(), 1);
}

TEST_F(AtomicFile, MakesMissingFolders) {
  write_file_atomically(dir / "a/b/file.txt", "text");
  EXPECT_EQ(read_text_file(dir / "a/b/file.txt"), "text");
}

TEST_F(AtomicFile, DoesNotAppearBeforeItIsWhole) {
  bool appeared = true;
  write_file_atomically(target, [&](const fs::path& temporary) {
    std::ofstream(temporary) << "text";
    appeared = fs::exists(target);
  });
  EXPECT_FALSE(appeared);
}

TEST_F(AtomicFile, IsFirstWrittenInTheSameFolderUnderTheSameEnding) {
  write_file_atomically(target, [&](const fs::path& temporary) {
    EXPECT_EQ(temporary.parent_path(), target.parent_path());
    EXPECT_EQ(temporary.extension(), target.extension());
    std::ofstream(temporary) << "text";
  });
}

TEST_F(AtomicFile, MayHaveTheLongestNameThatAFileSystemTakes) {
  for (const std::string& ending : {std::string(".mp4"), "." + std::string(200, 'e')}) {
    const fs::path longest = dir / (std::string(255 - ending.size(), 'n') + ending);
    write_file_atomically(longest, "text");
    EXPECT_EQ(read_text_file(longest), "text");
  }
}

TEST_F(AtomicFile, HandsOnWhatTheWriterThrows) {
  EXPECT_THROW(write_half_and_throw(), std::runtime_error);
}

TEST_F(AtomicFile, LeavesNothingBehindAFailingWriter) {
  EXPECT_THROW(write_half_and_throw(), std::runtime_error);
  EXPECT_EQ(files(), 0);
}

TEST_F(AtomicFile, LeavesTheOldFileToAFailingWriter) {
  write_file_atomically(target, "old");
  EXPECT_THROW(write_half_and_throw(), std::runtime_error);
  EXPECT_EQ(read_text_file(target), "old");
}

TEST_F(AtomicFile, OfAWriterThatWroteNothingIsAnError) {
  EXPECT_THROW(write_file_atomically(target, [](const fs::path&) {}), Error);
}

TEST_F(AtomicFile, InPlaceOfAFolderIsAnError) {
  EXPECT_THROW(write_file_atomically(dir.path(), "text"), Error);
}

/// A pipe stands for devices, which must not be replaced by a file either.
TEST_F(AtomicFile, InPlaceOfAPipeIsAnError) {
  ASSERT_EQ(::mkfifo(target.c_str(), 0600), 0);
  EXPECT_THROW(write_file_atomically(target, "text"), Error);
  EXPECT_TRUE(fs::is_fifo(target));
}

TEST_F(AtomicFile, MayStandForADanglingLink) {
  fs::create_symlink(dir / "nonesuch", target);
  write_file_atomically(target, "text");
  EXPECT_EQ(read_text_file(target), "text");
}

TEST_F(AtomicFile, BelowAFileIsAnError) {
  write_file_atomically(target, "a file");
  EXPECT_THROW(write_file_atomically(target / "below.txt", "text"), Error);
}

TEST_F(AtomicFile, IsOneWriterOrTheOtherWhenTwoWriteAtOnce) {
  const std::string a(100'000, 'a');
  const std::string b(100'000, 'b');
  {
    std::vector<std::jthread> threads;
    for (const std::string* text : {&a, &b}) {
      threads.emplace_back([&, text] {
        for (int i = 0; i < 10; ++i) write_file_atomically(target, *text);
      });
    }
  }
  const std::string result = read_text_file(target);
  EXPECT_TRUE(result == a || result == b);
  EXPECT_EQ(files(), 1);
}

TEST_F(AtomicFile, ThatIsMissingCannotBeReadAsText) {
  EXPECT_THROW((void)read_text_file(dir / "missing"), Error);
}

TEST_F(AtomicFile, FoldersCannotBeReadAsText) {
  EXPECT_THROW((void)read_text_file(dir.path()), Error);
}

}  // namespace
}  // namespace vidclass
