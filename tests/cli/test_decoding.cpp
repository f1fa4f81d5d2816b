// What of decoding people choose, and addresses in the place of clips.
#include <gtest/gtest.h>

#include "core/atomic_file.hpp"
#include "demo.hpp"

namespace vidclass::cli::testing {
namespace {

/// A clip whose header names MagicYUV; its packets are of another codec.
std::filesystem::path clip_of_a_rare_codec(const TempDir& dir) {
  std::string content = read_text_file(demo_clip("Rise"));
  for (std::size_t at = 0; (at = content.find("XVID", at)) != std::string::npos;) {
    content.replace(at, 4, "M8RG");
  }
  write_text(dir / "clip.avi", content);
  return dir / "clip.avi";
}

TEST(AllowCodec, IsNeededForARareOne) {
  const TempDir dir;
  const auto clip = clip_of_a_rare_codec(dir);
  const Result refused = run({"predict", demo_model(), clip});
  EXPECT_EQ(refused.status, 1);
  EXPECT_NE(refused.err.find("magicyuv video, which is decoded only where it is allowed by name "
                             "(allow-codec)"),
            std::string::npos)
      << refused.err;
}

TEST(AllowCodec, MayBeGivenSeveralTimes) {
  const TempDir dir;
  const auto clip = clip_of_a_rare_codec(dir);
  const Result tried =
      run({"predict", demo_model(), "--allow-codec", "utvideo", "--allow-codec", "magicyuv", clip});
  EXPECT_NE(tried.err.find("no frame could be decoded"), std::string::npos) << tried.err;
}

TEST(AllowCodec, ReachesTheScanOfADataSet) {
  const TempDir dir;
  copy_classes(dir / "data", {"MoveLeft", "Rise"});
  std::filesystem::copy(clip_of_a_rare_codec(dir), dir / "data" / "Rise" / "rare.avi");
  EXPECT_EQ(run({"scan", dir / "data", "--quick", "--json"}).json().at("unusable").size(), 1U);
  EXPECT_EQ(run({"scan", dir / "data", "--quick", "--json", "--allow-codec", "magicyuv"})
                .json()
                .at("unusable")
                .size(),
            0U);
}

TEST(AllowCodec, MustBeACodecThatThereIs) {
  const Result result =
      run({"predict", demo_model(), demo_clip("Rise"), "--allow-codec", "nonsense"});
  EXPECT_EQ(result.status, 2);
  EXPECT_NE(result.err.find("'nonsense'"), std::string::npos) << result.err;
}

TEST(Addresses, AreNotOpenedWhereverAClipIsNamed) {
  const std::string address = "https://example.org/clip.mp4";
  const std::vector<Arguments> calls{{"predict", demo_model(), address},
                                     {"explain", demo_model(), address, "-o", "why"},
                                     {"extract", address},
                                     {"scan", address}};
  for (const Arguments& call : calls) {
    const Result result = run(call);
    EXPECT_NE(result.status, 0) << call.front();
    EXPECT_NE(result.err.find(address + ": addresses are not opened; download it first"),
              std::string::npos)
        << call.front() << ": " << result.err;
  }
}

TEST(Addresses, OnStandardInputAreNotOpened) {
  const Result result = run({"predict", demo_model(), "-"}, {}, "rtsp://camera:554/live\n");
  EXPECT_NE(result.err.find("addresses are not opened"), std::string::npos) << result.err;
}

TEST(Addresses, InAListMakeTheirClipsUnusable) {
  const TempDir dir;
  copy_classes(dir / "data", {"MoveLeft", "Rise"});
  std::string list = "path,label\n";
  for (const char* label : {"MoveLeft", "Rise"}) {
    for (const auto& clip : std::filesystem::directory_iterator(dir / "data" / label)) {
      list += clip.path().string() + "," + label + "\n";
    }
  }
  write_text(dir / "list.csv", list + "https://example.org/clip.mp4,Rise\n");
  const Json unusable = run({"scan", dir / "list.csv", "--quick", "--json"}).json().at("unusable");
  ASSERT_EQ(unusable.size(), 1U);
  EXPECT_EQ(unusable[0].at("reason"), "addresses are not opened; download it first");
}

}  // namespace
}  // namespace vidclass::cli::testing
