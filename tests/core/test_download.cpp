#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "core/atomic_file.hpp"
#include "core/download.hpp"
#include "core/hash.hpp"
#include "support/environment.hpp"
#include "support/file_server.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace {

namespace fs = std::filesystem;

std::string made_up_content() {
  std::string content;
  for (int i = 0; i < 50'000; ++i) content += std::to_string(i);
  return content;
}

std::string md5(std::string_view text) {
  Hasher hasher(HashKind::md5);
  hasher.update(text);
  return hasher.finish();
}

class Download : public ::testing::Test {
protected:
  [[nodiscard]] PublishedFile published(const std::string& path) const {
    return {"file.bin", server.url(path), content.size(), md5(content)};
  }
  void leave_part(std::string_view text) const { std::ofstream(part, std::ios::binary) << text; }
  /// What the download says; empty if it works.
  std::string complaint(const PublishedFile& file) const {
    try {
      download(file, target);
      return "";
    } catch (const Error& error) {
      return error.what();
    }
  }

  const std::string content = made_up_content();
  testing::FileServer server{content};
  testing::TempDir dir;
  fs::path target = dir / "new/file.bin";
  fs::path part = dir / "new/file.bin.part";
  // The server is on this machine, whatever proxy the tests are run behind.
  testing::Variable no_proxy{"no_proxy", "127.0.0.1"};

  Download() { fs::create_directories(target.parent_path()); }
};

TEST_F(Download, BringsTheWholeFile) {
  download(published("/file"), target);
  EXPECT_EQ(read_text_file(target), content);
}

TEST_F(Download, MakesTheFolder) {
  fs::remove(target.parent_path());
  download(published("/file"), target);
  EXPECT_TRUE(fs::exists(target));
}

TEST_F(Download, LeavesNoPartBehind) {
  download(published("/file"), target);
  EXPECT_FALSE(fs::exists(part));
}

TEST_F(Download, FollowsARedirection) {
  download(published("/moved"), target);
  EXPECT_EQ(read_text_file(target), content);
}

TEST_F(Download, ContinuesAPart) {
  leave_part(std::string_view(content).substr(0, 1000));
  download(published("/file"), target);
  EXPECT_EQ(read_text_file(target), content);
  EXPECT_EQ(server.ranges(), 1);
}

TEST_F(Download, TakesAPartThatIsWholeAlready) {
  leave_part(content);
  download({"file.bin", server.url("/nonesuch"), content.size(), md5(content)}, target);
  EXPECT_EQ(read_text_file(target), content);
}

TEST_F(Download, StartsAnewWhenThePartIsTooLong) {
  leave_part(content + "more");
  download(published("/file"), target);
  EXPECT_EQ(read_text_file(target), content);
}

TEST_F(Download, StartsAnewWhereTheServerCannotContinue) {
  leave_part(std::string_view(content).substr(0, 1000));
  download(published("/whole"), target);
  EXPECT_EQ(read_text_file(target), content);
}

TEST_F(Download, OfOtherContentIsAnErrorNamingTheChecksum) {
  PublishedFile other = published("/file");
  other.md5 = md5("other");
  EXPECT_NE(complaint(other).find("its MD5 is " + md5(content)), std::string::npos)
      << complaint(other);
}

TEST_F(Download, OfOtherContentIsRemoved) {
  PublishedFile other = published("/file");
  other.md5 = md5("other");
  EXPECT_NE(complaint(other), "");
  EXPECT_TRUE(fs::is_empty(target.parent_path()));
}

TEST_F(Download, WorksAgainAfterADamagedPart) {
  leave_part(std::string(1000, '?'));
  EXPECT_NE(complaint(published("/file")), "");
  EXPECT_EQ(complaint(published("/file")), "");
}

TEST_F(Download, OfAShorterFileIsAnError) {
  PublishedFile longer = published("/file");
  longer.bytes += 1;
  EXPECT_NE(complaint(longer).find("bytes instead of"), std::string::npos) << complaint(longer);
}

TEST_F(Download, OfALongerFileIsAnError) {
  PublishedFile shorter = published("/file");
  shorter.bytes -= 1;
  EXPECT_NE(complaint(shorter), "");
  EXPECT_FALSE(fs::exists(target));
}

TEST_F(Download, StopsListeningToAServerThatNeverEnds) {
  EXPECT_NE(complaint(published("/endless")), "");
  EXPECT_FALSE(server.sent_all_of_endless());
}

TEST_F(Download, OfWhatIsNotThereNamesTheAddressAndTheStatus) {
  const std::string message = complaint(published("/nonesuch"));
  EXPECT_NE(message.find(server.url("/nonesuch")), std::string::npos) << message;
  EXPECT_NE(message.find("404"), std::string::npos) << message;
}

TEST_F(Download, FromNoServerIsAnError) {
  PublishedFile nowhere = published("/file");
  nowhere.url = "http://127.0.0.1:1/file";
  EXPECT_NE(complaint(nowhere), "");
}

TEST_F(Download, FromAFileOfThisMachineIsRefused) {
  std::ofstream(dir / "local") << content;
  PublishedFile local = published("/file");
  local.url = "file://" + (dir / "local").string();
  EXPECT_NE(complaint(local), "");
}

TEST_F(Download, IntoAFolderThatCannotBeMadeIsAnError) {
  std::ofstream(dir / "a-file") << "in the way";
  EXPECT_THROW(download(published("/file"), dir / "a-file/file.bin"), Error);
}

TEST_F(Download, LeavesTheTargetAloneWhenItFails) {
  std::ofstream(target) << "old";
  EXPECT_NE(complaint(published("/nonesuch")), "");
  EXPECT_EQ(read_text_file(target), "old");
}

TEST_F(Download, StopsWhenCancelled) {
  const CancellationToken cancel;
  cancel.request();
  EXPECT_THROW(download(published("/file"), target, {}, cancel), Cancelled);
  EXPECT_FALSE(fs::exists(target));
}

TEST_F(Download, ReportsProgressUpToTheWholeFile) {
  std::vector<std::size_t> done;
  download(published("/file"), target, [&](const ProgressState& state) {
    EXPECT_EQ(state.total, content.size());
    done.push_back(state.done);
  });
  ASSERT_FALSE(done.empty());
  EXPECT_EQ(done.back(), content.size());
}

TEST_F(Download, OfAFileWhoseSizeIsNotKnownTakesTheServersWord) {
  PublishedFile unknown = published("/file");
  unknown.bytes = 0;
  unknown.md5.clear();
  leave_part(std::string_view(content).substr(0, 1000));
  download(unknown, target);
  EXPECT_EQ(read_text_file(target), content);
  EXPECT_EQ(server.ranges(), 1);
}

TEST_F(Download, ThatStopsInTheMiddleKeepsWhatItHasAndGoesOn) {
  const CancellationToken cancel;
  const auto stop_at_once = [&](const ProgressState&) { cancel.request(); };
  EXPECT_THROW(download(published("/slow"), target, stop_at_once, cancel), Cancelled);
  const auto kept = downloaded_part(target);
  EXPECT_GT(kept, 0U);
  EXPECT_LT(kept, content.size());
  download(published("/file"), target);
  EXPECT_EQ(read_text_file(target), content);
}

TEST_F(Download, OntoAFullDiskNamesTheFileAndTheReason) {
  fs::create_symlink("/dev/full", part);
  const std::string message = complaint(published("/file"));
  EXPECT_NE(message.find(part.string() + ": No space left on device"), std::string::npos)
      << message;
}

TEST_F(Download, TellsTheSizeOfAFileBeforehand) {
  EXPECT_EQ(remote_size(server.url("/file")), content.size());
  EXPECT_EQ(remote_size(server.url("/moved")), content.size());
}

TEST_F(Download, TellsNoSizeOfWhatIsNotThere) {
  EXPECT_THROW((void)remote_size(server.url("/nonesuch")), Error);
  EXPECT_THROW((void)remote_size("http://127.0.0.1:1/file"), Error);
}

}  // namespace
}  // namespace vidclass
