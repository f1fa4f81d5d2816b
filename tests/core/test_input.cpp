#include "core/input.hpp"
#include "core/own_files.hpp"

#include <gtest/gtest.h>

#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace {

using testing::message_of;

TEST(Input, ThatIsThereIsFine) {
  const testing::TempDir dir;
  EXPECT_NO_THROW(require_input(testing::put(dir / "file"), "a model"));
  EXPECT_NO_THROW(require_input(dir.path(), "a folder"));
}

TEST(Input, ThatIsNotThereIsWrongUseAndSaysWhatIsExpected) {
  EXPECT_EQ(message_of<UsageError>([] { require_input("no/such/file", "a model"); }),
            "no/such/file: no such file or folder; expected a model");
}

TEST(Input, ThatIsAnAddressIsToBeDownloadedFirst) {
  for (const char* address : {"https://example.org/a.mp4", "rtsp://10.0.0.1/live"}) {
    const auto what = message_of<UsageError>([&] { require_input(address, "a video"); });
    EXPECT_TRUE(testing::has(what, "addresses are not opened; download it first")) << what;
  }
}

TEST(Input, ThatIsALinkToNothingIsNotThere) {
  const testing::TempDir dir;
  std::filesystem::create_symlink("gone", dir / "link");
  EXPECT_THROW(require_input(dir / "link", "a model"), UsageError);
}

TEST(Input, ThatIsAnAddressHasToBeDownloaded) {
  EXPECT_EQ(message_of<UsageError>([] { require_input("https://host/clip.mp4", "a video"); }),
            "https://host/clip.mp4: addresses are not opened; download it first");
}

TEST(Addresses, BeginWithAScheme) {
  for (const char* path : {"http://host/a.mp4", "HTTPS://host/a.mp4", "rtsp://camera:554/live",
                           "s3://bucket/a.mp4", "https:/host/a.mp4", "/data/https://host/a.mp4"}) {
    EXPECT_TRUE(is_address(path)) << path;
  }
}

TEST(Addresses, AreNoPathsWithColons) {
  for (const char* path : {"a.mp4", "http:clip.mp4", "C:/clips/a.mp4", "12:30/a.mp4",
                           "clips:", "/data/take: two/a.mp4", "", "/"}) {
    EXPECT_FALSE(is_address(path)) << path;
  }
}

TEST(InputFiles, AreRefusedAsOutputsByWhateverName) {
  const testing::TempDir dir;
  const auto file = testing::put(dir / "clip.mp4");
  std::filesystem::create_directory(dir / "folder");
  std::filesystem::create_symlink(file, dir / "link.mp4");
  std::filesystem::create_hard_link(file, dir / "hard.mp4");
  std::filesystem::create_directory_symlink(dir.path(), dir / "folder-link");
  InputFiles inputs;
  inputs.add(file);
  for (const auto& name : {dir / "clip.mp4", dir / "folder" / ".." / "clip.mp4", dir / "link.mp4",
                           dir / "hard.mp4", dir / "folder-link" / "clip.mp4"}) {
    EXPECT_EQ(
        message_of<UsageError>([&] { inputs.refuse(name, true); }),
        name.string() + " is read by this call and would be overwritten; name another output");
  }
}

TEST(InputFiles, NamedByALinkAreThoseItLeadsTo) {
  const testing::TempDir dir;
  const auto file = testing::put(dir / "clip.mp4");
  std::filesystem::create_symlink(file, dir / "link.mp4");
  InputFiles inputs;
  inputs.add(dir / "link.mp4");
  EXPECT_THROW(inputs.refuse(file, true), UsageError);
}

TEST(InputFiles, OfAFolderAreItsFiles) {
  const testing::TempDir dir;
  std::filesystem::create_directory(dir / "pictures");
  const auto picture = testing::put(dir / "pictures" / "frames.png");
  InputFiles inputs;
  inputs.add(dir / "pictures");
  EXPECT_THROW(inputs.refuse(picture, true), UsageError);
}

TEST(InputFiles, LeaveOtherOutputsAlone) {
  const testing::TempDir dir;
  InputFiles inputs;
  inputs.add(testing::put(dir / "clip.mp4"));
  inputs.add(dir / "not-there");
  EXPECT_NO_THROW(inputs.refuse(dir / "new.mp4", true));
  EXPECT_NO_THROW(inputs.refuse(dir / "not-there", true));
  EXPECT_NO_THROW(inputs.refuse(testing::put(dir / "other.mp4"), true));
  EXPECT_NO_THROW(inputs.refuse({}, true));
}

TEST(Outputs, InThePlaceOfAFileOfTheUserAreRefusedUnlessAsked) {
  const testing::TempDir dir;
  const auto file = testing::put(dir / "mine.csv");
  EXPECT_EQ(message_of<UsageError>([&] { InputFiles().refuse(file, false); }),
            file.string() +
                " is there already, and vidclass did not write it; name another output, or let it "
                "be replaced (overwrite)");
  EXPECT_NO_THROW(InputFiles().refuse(file, true));
}

TEST(Outputs, InThePlaceOfAFileOfOursAreNot) {
  const testing::TempDir dir;
  const auto file = testing::put(dir / "report.html");
  list_own_files({&file, 1});
  EXPECT_NO_THROW(InputFiles().refuse(file, false));
}

}  // namespace
}  // namespace vidclass
