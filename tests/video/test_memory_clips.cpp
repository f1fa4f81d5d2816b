// Clips from bytes are the files that have these bytes.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <future>
#include <optional>
#include <string>
#include <vector>

#include "support/files.hpp"
#include "support/memory.hpp"
#include "support/same_bytes.hpp"
#include "support/shared_data.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"
#include "video/clip_maker.hpp"
#include "video/clip_reader.hpp"
#include "video/image.hpp"
#include "video/packet_source.hpp"
#include "video/probe.hpp"
#include "video/sample.hpp"
#include "video/thumbnails.hpp"

namespace vidclass::video {
namespace {

namespace fs = std::filesystem;
using testing::bytes_from;
using testing::in_memory;
using testing::make_clip;
using testing::message_of;
using testing::same_bytes;
using testing::TempDir;

ClipSettings moving() {
  ClipSettings settings;
  settings.frames = 6;
  settings.size = 48;
  settings.motion_grid = 6;
  settings.crop = Crop::motion;
  return settings;
}

/// Why a clip is refused, with its name; "" if it is not.
std::string refusal(const ClipSource& clip, const Limits& limits = {}) {
  try {
    (void)sample_clip(clip, moving(), {}, limits);
    return "";
  } catch (const ClipError& error) {
    return error.what();
  }
}

/// Frames, times and motion maps, or the words in which both are refused.
void expect_same(const ClipSource& file, const ClipSettings& settings) {
  SCOPED_TRACE(file.path.filename().string());
  const ClipSource memory = in_memory(file);
  std::optional<SampledClip> expected;
  std::string reason = "(nothing thrown)";
  try {
    expected = sample_clip(file, settings);
  } catch (const ClipError& error) {
    reason = error.what();
  }
  if (!expected) {
    EXPECT_EQ(message_of<ClipError>([&] { (void)sample_clip(memory, settings); }), reason);
    return;
  }
  const SampledClip clip = sample_clip(memory, settings);
  EXPECT_TRUE(same_bytes(clip.frames, expected->frames));
  EXPECT_TRUE(same_bytes(clip.motion, expected->motion));
  EXPECT_EQ(clip.times, expected->times);
  EXPECT_EQ(clip.views, expected->views);
  EXPECT_EQ(clip.window.left, expected->window.left);
  EXPECT_EQ(clip.window.width, expected->window.width);
}

class RealBytes : public ::testing::Test {
protected:
  static std::vector<fs::path> files() {
    std::vector<fs::path> result;
    for (const auto& entry : fs::directory_iterator(testing::shared_data() / "robustness")) {
      result.push_back(entry.path());
    }
    std::sort(result.begin(), result.end());
    return result;
  }
};

TEST_F(RealBytes, GiveTheFramesTimesAndMotionMapsOfTheFile) {
  VIDCLASS_NEED_SHARED_DATA();
  for (const fs::path& file : files()) expect_same(file, moving());
}

TEST_F(RealBytes, GiveTheFramesOfTheFileWhereAllAreDecoded) {
  VIDCLASS_NEED_SHARED_DATA();
  ClipSettings settings;
  settings.sampling = Sampling::first;
  settings.frames = 10000;
  settings.size = 8;
  for (const fs::path& file : files()) expect_same(file, settings);
}

TEST_F(RealBytes, GiveTheFramesOfASpanOfTheFile) {
  VIDCLASS_NEED_SHARED_DATA();
  for (const fs::path& file : files()) expect_same({file, 0.5, 1.5}, moving());
}

TEST_F(RealBytes, SayOfThemselvesWhatTheFileSays) {
  VIDCLASS_NEED_SHARED_DATA();
  for (const fs::path& file : files()) {
    SCOPED_TRACE(file.filename().string());
    const ClipInfo expected = probe(file);
    const ClipInfo info = probe(in_memory(file));
    EXPECT_EQ(info.container, expected.container);
    EXPECT_EQ(info.codec, expected.codec);
    EXPECT_EQ(info.width, expected.width);
    EXPECT_EQ(info.frames, expected.frames);
    EXPECT_EQ(info.duration, expected.duration);
  }
}

TEST(MemoryClip, BrokenOffAnywhereGivesWhatTheFileGives) {
  const TempDir dir;
  for (const std::string ending : {".mp4", ".avi", ".mkv"}) {
    const fs::path whole = dir / ("whole" + ending);
    make_clip(whole);
    for (const int share : {1, 3, 10, 50, 90}) {
      const fs::path part = dir / ("part" + std::to_string(share) + ending);
      testing::copy_start(whole, part, fs::file_size(whole) * static_cast<unsigned>(share) / 100);
      expect_same(part, moving());
    }
  }
}

TEST(MemoryClip, DamagedGivesWhatTheFileGives) {
  const TempDir dir;
  make_clip(dir / "clip.avi", {.frames = 40});
  testing::overwrite_packets(dir / "clip.avi", 10, 20);
  expect_same(dir / "clip.avi", moving());
}

TEST(MemoryClip, ThatIsNoVideoIsRefusedInTheWordsForTheFile) {
  const TempDir dir;
  make_clip(dir / "clip.mp4");
  testing::write_wav(dir / "sound.mp4");
  const Tensor picture(DType::u8, {16, 16, 3});
  const std::vector<std::byte> jpeg = encode_image(picture, ImageKind::jpeg);
  write_file_atomically(dir / "picture.jpg", jpeg);
  write_file_atomically(dir / "picture.mp4", jpeg);
  testing::write_text(dir / "playlist.m3u8", "#EXTM3U\n#EXTINF:1,\nclip.mp4\n");
  testing::write_text(dir / "playlist.mp4", "#EXTM3U\n#EXTINF:1,\nclip.mp4\n");
  testing::write_text(dir / "list.avi", "ffconcat version 1.0\nfile clip.mp4\n");
  testing::write_text(dir / "garbage.mkv", std::string(5000, '\x5A'));
  testing::write_text(dir / "garbage.mpg", std::string(5000, '\x5A'));
  testing::write_text(dir / "garbage", std::string(5000, '\x5A'));
  testing::write_text(dir / "one.mp4", "x");
  testing::write_text(dir / "empty.mp4", "");
  for (const auto& entry : fs::directory_iterator(dir.path())) {
    if (entry.path().filename() == "clip.mp4") continue;
    EXPECT_NE(refusal(entry.path()), "") << entry.path();
    EXPECT_EQ(refusal(in_memory(entry.path())), refusal(entry.path()));
  }
}

TEST(MemoryClip, WithoutBytesIsAnEmptyFile) {
  EXPECT_EQ(refusal(ClipSource::from_bytes(bytes_from(""), "upload.mp4")),
            "upload.mp4: empty file");
}

TEST(MemoryClip, OfANullPointerIsAUsageError) {
  EXPECT_THROW((void)ClipSource::from_bytes(nullptr, "upload.mp4"), UsageError);
}

TEST(MemoryClip, IsToldByItsEndingWhereTheContentLeavesItOpen) {
  // A film of JPEG pictures, one after the other, without a container.
  std::vector<std::byte> film;
  for (int i = 0; i < 3; ++i) {
    Tensor picture(DType::u8, {16, 16, 3});
    std::fill_n(picture.data<std::uint8_t>().begin(), 768, static_cast<std::uint8_t>(60 * i));
    const std::vector<std::byte> jpeg = encode_image(picture, ImageKind::jpeg);
    film.insert(film.end(), jpeg.begin(), jpeg.end());
  }
  const TempDir dir;
  for (const std::string name : {"film.mjpeg", "film.MJPG", "film.mp4", "film"}) {
    write_file_atomically(dir / name, film);
    expect_same(dir / name, moving());
  }
  EXPECT_EQ(refusal(in_memory(dir / "film.mjpeg")), "");
}

TEST(MemoryClip, HasNoMoreOfItsNameLookedAtThanTheEnding) {
  const TempDir dir;
  make_clip(dir / "clip.mp4");
  const auto bytes = bytes_from(read_text_file(dir / "clip.mp4"));
  const Tensor expected = sample_clip(dir / "clip.mp4", moving()).frames;
  // A folder, other files, addresses and patterns of names.
  for (const std::string& name :
       {dir.path().string(), std::string("/dev/null"), std::string("http://host/a%03d.mp4"),
        std::string("frame*.jpg/../a?.mp4"), std::string("")}) {
    EXPECT_TRUE(
        same_bytes(sample_clip(ClipSource::from_bytes(bytes, name), moving()).frames, expected))
        << name;
  }
}

TEST(MemoryClip, BeyondALimitIsRefusedInTheWordsForTheFile) {
  const TempDir dir;
  make_clip(dir / "clip.mp4");
  const ClipSource memory = in_memory(dir / "clip.mp4");
  const Limits small{.max_pixels = 100};
  const Limits brief{.max_duration = 1};
  const Limits impatient{.max_stall = 0};
  for (const Limits& limits : {small, brief, impatient}) {
    EXPECT_NE(refusal(memory, limits), "");
    EXPECT_EQ(refusal(memory, limits), refusal(dir / "clip.mp4", limits));
  }
}

TEST(MemoryClip, StopsWhenCancelled) {
  const TempDir dir;
  make_clip(dir / "clip.mp4");
  const CancellationToken cancel;
  cancel.request();
  EXPECT_THROW((void)sample_clip(in_memory(dir / "clip.mp4"), moving(), cancel), Cancelled);
}

TEST(MemoryClip, IsReadAgainFromAnyPacketAsTheFileIs) {
  const TempDir dir;
  for (const std::string ending : {".mp4", ".avi", ".mkv"}) {
    const fs::path path = dir / ("clip" + ending);
    make_clip(path, {.frames = 60});
    StallGuard guard(60, {});
    // Nothing is kept, so that all is sought.
    const PacketSource::Tuning tuning{.most_kept = 0, .shortest_seek = 0};
    PacketSource file(path, Limits{.max_duration = 1000}, guard, tuning);
    PacketSource memory(in_memory(path), Limits{.max_duration = 1000}, guard, tuning);
    for (const std::size_t place : {50U, 3U, 4U, 59U, 0U, 30U}) {
      file.go_to(place);
      memory.go_to(place);
      const AVPacket* expected = file.read();
      const AVPacket* packet = memory.read();
      ASSERT_TRUE(expected != nullptr && packet != nullptr);
      EXPECT_EQ(packet->pos, expected->pos);
      ASSERT_EQ(packet->size, expected->size);
      EXPECT_TRUE(std::equal(packet->data, packet->data + packet->size, expected->data));
    }
  }
}

TEST(MemoryClip, GivesAllFramesAndThumbnailsOfTheFile) {
  const TempDir dir;
  make_clip(dir / "clip.mp4");
  const ClipSource memory = in_memory(ClipSource(dir / "clip.mp4", 0.5));
  ClipReader expected(ClipSource(dir / "clip.mp4", 0.5));
  ClipReader reader(memory);
  ShownFrame frame;
  ShownFrame expected_frame;
  while (expected.next(expected_frame)) {
    ASSERT_TRUE(reader.next(frame));
    EXPECT_EQ(frame.rgb, expected_frame.rgb);
    EXPECT_EQ(frame.time, expected_frame.time);
  }
  EXPECT_FALSE(reader.next(frame));
  EXPECT_TRUE(same_bytes(thumbnails_of(memory).pictures,
                         thumbnails_of(ClipSource(dir / "clip.mp4", 0.5)).pictures));
}

TEST(MemoryClip, MayBeDecodedBySeveralThreadsAtOnce) {
  const TempDir dir;
  make_clip(dir / "clip.mp4", {.frames = 60});
  const Tensor expected = sample_clip(dir / "clip.mp4", moving()).frames;
  const ClipSource memory = in_memory(dir / "clip.mp4");
  std::vector<std::future<Tensor>> results;
  for (int i = 0; i < 8; ++i) {
    results.push_back(
        std::async(std::launch::async, [&memory] { return sample_clip(memory, moving()).frames; }));
  }
  for (auto& result : results) EXPECT_TRUE(same_bytes(result.get(), expected));
}

TEST(MemoryClip, SharesItsBytesWithItsCopies) {
  const auto bytes = bytes_from("x");
  const ClipSource clip = ClipSource::from_bytes(bytes, "a.mp4", 1, 2);
  const ClipSource copy = clip;
  EXPECT_EQ(copy.bytes().get(), bytes.get());
  EXPECT_EQ(copy, clip);
  EXPECT_EQ(copy.start, 1);
  EXPECT_EQ(copy.end, 2.0);
  EXPECT_NE(ClipSource::from_bytes(bytes_from("x"), "a.mp4", 1, 2), clip);
}

}  // namespace
}  // namespace vidclass::video
