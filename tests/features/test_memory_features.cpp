// Features of clips in memory, and their entries in the cache.
#include <gtest/gtest.h>

#include <vector>

#include "features/clips.hpp"
#include "features/extraction.hpp"
#include "support/files.hpp"
#include "support/memory.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass::features {
namespace {

namespace fs = std::filesystem;
using testing::bytes_of;
using testing::entries_in;
using testing::extract;
using testing::extract_sources;
using testing::in_memory;
using testing::make_clip;
using testing::make_junk;
using testing::message_of;
using testing::mini_options;
using testing::TempDir;

ClipSource black_frames(std::vector<double> times) {
  return ClipSource::from_frames(Tensor(DType::u8, {times.size(), 48, 64, 3}), times, "frames");
}

TEST(MemoryFeatures, OfBytesAreThoseOfTheFile) {
  const TempDir dir;
  const fs::path file = make_clip(dir / "clip.avi");
  const auto expected = extract(mini_options(), {file});
  EXPECT_EQ(bytes_of(extract_sources(mini_options(), std::vector{in_memory(file)})),
            bytes_of(expected));
}

TEST(MemoryFeatures, OfBytesAreFoundInTheCacheAfterTheFile) {
  const TempDir dir;
  const fs::path file = make_clip(dir / "clip.avi");
  const auto expected = extract(mini_options(dir / "cache"), {file});
  const auto found = extract_sources(mini_options(dir / "cache"), std::vector{in_memory(file)});
  EXPECT_EQ(found.report.cached, 1U);
  EXPECT_EQ(found.report.frames, 0U);
  EXPECT_EQ(bytes_of(found), bytes_of(expected));
}

TEST(MemoryFeatures, OfBytesBesideTheFileAreComputedOnce) {
  const TempDir dir;
  const ClipSource file = make_clip(dir / "clip.avi");
  const auto result =
      extract_sources(mini_options(dir / "cache"), std::vector{in_memory(file), file});
  EXPECT_EQ(result.report.clips, 2U);
  EXPECT_EQ(result.report.cached, 1U);
  EXPECT_EQ(entries_in(dir / "cache").size(), 1U);
}

TEST(MemoryFeatures, HaveTheKeyOfTheSameSpanOfTheFile) {
  const TempDir dir;
  const fs::path file = make_clip(dir / "clip.avi");
  Extractor extractor(mini_options(dir / "cache"));
  const ClipSource span(file, 0.2, 0.6);
  EXPECT_EQ(extractor.key_of(in_memory(span)), extractor.key_of(span));
  EXPECT_NE(extractor.key_of(in_memory(file)), extractor.key_of(span));
}

TEST(MemoryFeatures, OfGivenFramesAreKeptInTheCache) {
  const TempDir dir;
  const std::vector clips{black_frames({0, 0.1, 0.2})};
  const auto computed = extract_sources(mini_options(dir / "cache"), clips);
  EXPECT_EQ(computed.report.frames, 3U);
  const auto found = extract_sources(mini_options(dir / "cache"), clips);
  EXPECT_EQ(found.report.cached, 1U);
  EXPECT_EQ(bytes_of(found), bytes_of(computed));
}

TEST(MemoryFeatures, OfGivenFramesHaveAnotherKeyAtOtherTimes) {
  const TempDir dir;
  Extractor extractor(mini_options(dir / "cache"));
  EXPECT_NE(extractor.key_of(black_frames({0, 1})), extractor.key_of(black_frames({0, 2})));
}

TEST(MemoryFeatures, NameTheClipThatCannotBeUsed) {
  const TempDir dir;
  const fs::path junk = make_junk(dir / "junk.avi");
  const std::vector clips{ClipSource::from_bytes(testing::bytes_from(""), "upload.mp4"),
                          in_memory(junk)};
  const auto expected = extract(mini_options(dir / "cache"), {junk});
  const auto result = extract_sources(mini_options(dir / "cache"), clips);
  ASSERT_EQ(result.report.unusable.size(), 2U);
  EXPECT_EQ(result.report.unusable[0].path, "upload.mp4");
  EXPECT_EQ(result.report.unusable[0].reason, "empty file");
  EXPECT_EQ(result.report.unusable[1].reason, expected.report.unusable.at(0).reason);
}

TEST(MemoryFeatures, AreNotReadOfAnArrayThatHasTheClipsName) {
  const TempDir dir;
  ExtractOptions options;
  options.array_width = 4;
  // An array of this name exists; it is not the clip.
  write_safetensors(dir / "clip.safetensors", {{"features", Tensor(DType::f32, {2, 4})}});
  const std::vector clips{
      ClipSource::from_bytes(testing::bytes_from("x"), (dir / "clip.safetensors").string())};
  const auto result = extract_sources(options, clips);
  ASSERT_EQ(result.report.unusable.size(), 1U);
  EXPECT_EQ(result.report.unusable[0].reason, "feature arrays are read from files only");
  EXPECT_THROW((void)common_width(clips), Error);
}

}  // namespace
}  // namespace vidclass::features
