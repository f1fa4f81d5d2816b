#include "core/archive.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <random>

#include <sys/resource.h>

#include "core/atomic_file.hpp"
#include "support/archive_maker.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace {

namespace fs = std::filesystem;
using testing::has;
using testing::make_archive;
using testing::make_rar;
using testing::Member;
using testing::message_of;
using testing::put;

class Unpack : public ::testing::Test {
protected:
  Unpacked unpacked(const std::string& archive) const {
    return unpack(put(dir / "a.zip", archive), folder);
  }
  [[nodiscard]] std::string complaint(const std::string& archive) const {
    return message_of<Error>([&] { static_cast<void>(unpacked(archive)); });
  }
  testing::TempDir dir;
  fs::path folder = dir / "out";
};

TEST_F(Unpack, MakesTheFilesOfAZip) {
  const auto result = unpacked(make_archive({{"a/b/c.txt", "one"}, {"d e.txt", "two!"}}));
  EXPECT_EQ(read_text_file(folder / "a/b/c.txt"), "one");
  EXPECT_EQ(read_text_file(folder / "d e.txt"), "two!");
  EXPECT_EQ(result.files, 2U);
  EXPECT_EQ(result.bytes, 7U);
}

TEST_F(Unpack, MakesTheFilesOfARar) {
  const std::string content(100'000, 'x');
  EXPECT_EQ(unpacked(make_rar({{"UCF-101/Punch/a.avi", content}, {"b.txt", "b"}})).files, 2U);
  EXPECT_EQ(read_text_file(folder / "UCF-101/Punch/a.avi"), content);
}

TEST_F(Unpack, MakesTheFilesOfATarAndA7z) {
  for (const int format : {ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FORMAT_7ZIP}) {
    fs::remove_all(folder);
    unpacked(make_archive({{"a.txt", "one"}}, format));
    EXPECT_EQ(read_text_file(folder / "a.txt"), "one");
  }
}

TEST_F(Unpack, MakesEmptyFoldersAndFiles) {
  unpacked(make_archive({{"empty/", ""}, {"nothing", ""}}));
  EXPECT_TRUE(fs::is_directory(folder / "empty"));
  EXPECT_EQ(fs::file_size(folder / "nothing"), 0U);
}

TEST_F(Unpack, RefusesPathsThatLeadOut) {
  for (const char* path :
       {"../evil", "a/../../evil", "/tmp/evil-by-vidclass", "..\\evil", "C:\\evil", "a/b/.."}) {
    for (const int format : {ARCHIVE_FORMAT_ZIP, ARCHIVE_FORMAT_TAR_USTAR}) {
      fs::remove_all(folder);
      const auto reason = complaint(make_archive({{path, "evil"}}, format));
      EXPECT_TRUE(has(reason, "leads out of its folder")) << path << ": " << reason;
      EXPECT_TRUE(!fs::exists(folder) || fs::is_empty(folder)) << path;
    }
  }
  EXPECT_TRUE(has(complaint(make_rar({{"..\\evil", "evil"}})), "leads out of its folder"));
  EXPECT_FALSE(fs::exists(dir / "evil"));
  EXPECT_FALSE(fs::exists("/tmp/evil-by-vidclass"));
}

TEST_F(Unpack, RefusesLinks) {
  const auto archive =
      make_archive({{"link", "", "/etc"}, {"link/evil", "evil"}}, ARCHIVE_FORMAT_TAR_USTAR);
  EXPECT_TRUE(has(complaint(archive), "no plain file, \"link\""));
  EXPECT_TRUE(fs::is_empty(folder));
}

TEST_F(Unpack, WritesThroughNoLinkThatIsThere) {
  put(dir / "mine", "mine");
  fs::create_directories(folder);
  fs::create_symlink(dir / "mine", folder / "a.txt");
  EXPECT_TRUE(has(complaint(make_archive({{"a.txt", "evil"}})), "cannot write"));
  EXPECT_EQ(read_text_file(dir / "mine"), "mine");
}

TEST_F(Unpack, RefusesTwoEntriesOfOneName) {
  EXPECT_TRUE(has(complaint(make_archive({{"a", "1"}, {"a", "2"}})), "File exists"));
}

TEST_F(Unpack, SaysThatAnArchiveIsCutShort) {
  const std::string content(50'000, 'x');
  const auto rar = make_rar({{"a.avi", content}});
  const auto tar = make_archive({{"a.avi", content}}, ARCHIVE_FORMAT_TAR_USTAR);
  for (const auto& whole : {rar, tar}) {
    fs::remove_all(folder);
    const auto reason = complaint(whole.substr(0, whole.size() / 2));
    EXPECT_TRUE(has(reason, "a.zip is damaged")) << reason;
  }
}

TEST_F(Unpack, SaysThatAMemberIsDamaged) {
  // What cannot be made shorter fills most of the archive, so that its middle is content.
  std::string content(5000, ' ');
  std::mt19937 random(1);
  for (char& c : content) c = static_cast<char>(random());
  auto archive = make_archive({{"a.txt", content}});
  char& middle = archive[archive.size() / 2];
  middle = static_cast<char>(middle ^ 0x55);
  const std::string reason = complaint(archive);
  EXPECT_TRUE(has(reason, "is damaged")) << reason;
}

TEST_F(Unpack, SaysThatAFileIsNoArchive) {
  const auto reason = complaint(std::string(1000, 'x'));
  EXPECT_TRUE(has(reason, "cannot be unpacked")) << reason;
  EXPECT_NE(complaint(""), "(nothing thrown)");
  EXPECT_TRUE(has(message_of<Error>([&] { (void)unpack(dir / "gone", folder); }), "gone"));
}

TEST_F(Unpack, SaysThatTheDiskIsFull) {
  // A limit on the size of files stands in for it.
  const auto archive = make_archive({{"a", std::string(200'000, 'x')}});
  const auto path = put(dir / "a.zip", archive);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 1000;
  setrlimit(RLIMIT_FSIZE, &small);
  const std::string reason = message_of<Error>([&] { static_cast<void>(unpack(path, folder)); });
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_TRUE(has(reason, "cannot write " + (folder / "a").string())) << reason;
}

TEST_F(Unpack, StopsWhenCancelled) {
  const CancellationToken cancel;
  cancel.request();
  const auto path = put(dir / "a.zip", make_archive({{"a", "1"}}));
  EXPECT_THROW((void)unpack(path, folder, {}, cancel), Cancelled);
}

}  // namespace
}  // namespace vidclass
