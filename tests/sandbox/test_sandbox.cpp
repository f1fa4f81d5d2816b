// Clips decoded in processes of their own give what they give in this one, and nothing but that.
#include <gtest/gtest.h>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "core/atomic_file.hpp"
#include "sandbox/sandbox.hpp"
#include "support/environment.hpp"
#include "support/files.hpp"
#include "support/memory.hpp"
#include "support/same_bytes.hpp"
#include "support/shared_data.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"
#include "video/clip_writer.hpp"

namespace vidclass::sandbox {
namespace {

namespace fs = std::filesystem;
using testing::has;
using testing::in_memory;
using testing::message_of;
using testing::put;
using testing::same_bytes;
using testing::TempDir;

video::ClipSettings moving() {
  video::ClipSettings settings;
  settings.frames = 5;
  settings.size = 48;
  settings.motion_grid = 6;
  settings.crop = Crop::motion;
  return settings;
}

/// A square that goes from left to right.
fs::path write_clip(const fs::path& path, int frames = 30) {
  constexpr std::size_t width = 96;
  constexpr std::size_t height = 64;
  constexpr std::size_t side = 20;
  video::ClipWriter writer(path, width, height, 10);
  for (int frame = 0; frame < frames; ++frame) {
    std::vector<std::uint8_t> rgb(width * height * 3);
    const std::size_t left = static_cast<std::size_t>(frame) * 2 % (width - side);
    for (std::size_t y = side; y < 2 * side; ++y) {
      const auto row = rgb.begin() + static_cast<std::ptrdiff_t>((y * width + left) * 3);
      std::fill_n(row, side * 3, std::uint8_t{220});
    }
    writer.write(rgb);
  }
  writer.finish();
  return path;
}

void expect_same(const video::SampledClip& a, const video::SampledClip& b) {
  EXPECT_TRUE(same_bytes(a.frames, b.frames));
  EXPECT_TRUE(same_bytes(a.motion, b.motion));
  EXPECT_TRUE(same_bytes(a.greys.pictures, b.greys.pictures));
  EXPECT_EQ(a.times, b.times);
  EXPECT_EQ(a.views, b.views);
  EXPECT_EQ(a.greys.times, b.greys.times);
  EXPECT_EQ(a.greys.runs.size(), b.greys.runs.size());
  EXPECT_EQ(a.note, b.note);
  EXPECT_EQ(a.window.left, b.window.left);
  EXPECT_EQ(a.window.width, b.window.width);
}

/// The processes whose parent is `parent`.
std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "stat");
    std::string id;
    std::string name;
    std::string state;
    pid_t of = 0;
    if (file >> id >> name >> state >> of && of == parent) found.push_back(std::stoi(id));
  }
  return found;
}

TEST(Sandbox, GivesTheFramesMapsAndGreyPicturesOfThisProcess) {
  const TempDir dir;
  const video::ClipSource clip(write_clip(dir.path() / "clip.mp4"));
  Sandbox sandbox;
  const video::Parts all{.frames = true, .greys = true};
  expect_same(sandbox.sample(clip, moving(), {}, {}, all),
              video::sample_clip(clip, moving(), {}, {}, all));
  expect_same(sandbox.sample(in_memory(clip), moving(), {}, {}, all),
              video::sample_clip(clip, moving(), {}, {}, all));
}

TEST(Sandbox, GivesTheFramesOfASpanAndOfSeveralSequences) {
  const TempDir dir;
  const video::ClipSource clip(write_clip(dir.path() / "clip.mp4"), 0.5, 2.0);
  video::ClipSettings settings = moving();
  settings.clips = 3;
  Sandbox sandbox;
  expect_same(sandbox.sample(clip, settings), video::sample_clip(clip, settings));
}

TEST(Sandbox, TreatsRealClipsAsThisProcessDoes) {
  VIDCLASS_NEED_SHARED_DATA();
  Sandbox sandbox;
  for (const auto& entry : fs::directory_iterator(testing::shared_data() / "robustness")) {
    SCOPED_TRACE(entry.path().filename().string());
    const video::ClipSource clip(entry.path());
    std::string expected = "(nothing thrown)";
    try {
      const video::SampledClip frames = video::sample_clip(clip, moving());
      expect_same(sandbox.sample(clip, moving()), frames);
      continue;
    } catch (const ClipError& error) {
      expected = error.what();
    }
    EXPECT_EQ(message_of<ClipError>([&] { (void)sandbox.sample(clip, moving()); }), expected);
  }
}

TEST(Sandbox, PassesTheGreyPicturesOfRealClipsOn) {
  VIDCLASS_NEED_SHARED_DATA();
  const video::ClipSource clip(testing::shared_data() / "tennis7/b_slice/b_slice11.mp4");
  const video::Parts all{.frames = true, .greys = true};
  Sandbox sandbox;
  expect_same(sandbox.sample(clip, moving(), {}, {}, all),
              video::sample_clip(clip, moving(), {}, {}, all));
}

TEST(Sandbox, NamesTheLayersThatAreActive) {
  const Sandbox sandbox;
  EXPECT_TRUE(sandbox.layers().no_new_privileges);
  EXPECT_TRUE(sandbox.layers().seccomp);
  EXPECT_TRUE(has(to_string(sandbox.layers()), "seccomp"));
}

TEST(Sandbox, ReportsAnUnusableClipInTheWordsOfThisProcess) {
  const TempDir dir;
  Sandbox sandbox;
  for (const auto& clip :
       {put(dir.path() / "text.mp4", "no video"), put(dir.path() / "empty.mp4"),
        put(dir.path() / "list.m3u8", "#EXTM3U\n/etc/passwd\n"), dir.path() / "missing.mp4"}) {
    EXPECT_EQ(message_of<ClipError>([&] { (void)sandbox.sample(clip, moving()); }),
              message_of<ClipError>([&] { (void)video::sample_clip(clip, moving()); }));
  }
  EXPECT_EQ(sandbox.counts().crashes, 0U);
}

TEST(Sandbox, DoesNotDecodeAFolderOfPictures) {
  const TempDir dir;
  Sandbox sandbox;
  EXPECT_TRUE(has(message_of<ClipError>([&] { (void)sandbox.sample(dir.path(), moving()); }),
                  "folder of pictures"));
}

TEST(Sandbox, AClipThatTakesTooLongIsGivenUpAndCounted) {
  const TempDir dir;
  const auto clip = write_clip(dir.path() / "clip.mp4", 3000);
  Bounds bounds;
  bounds.seconds = 0.001;
  Sandbox sandbox(bounds);
  EXPECT_TRUE(has(message_of<ClipError>([&] { (void)sandbox.sample(clip, moving()); }),
                  "takes more than 0.001 s"));
  EXPECT_EQ(sandbox.counts().crashes, 1U);
}

TEST(Sandbox, AClipThatNeedsTooMuchMemoryIsGivenUp) {
  const TempDir dir;
  const auto clip = write_clip(dir.path() / "clip.mp4");
  Bounds bounds;
  bounds.memory = 0;
  Sandbox sandbox(bounds);
  EXPECT_NE(message_of<ClipError>([&] { (void)sandbox.sample(clip, moving()); }),
            "(nothing thrown)");
}

TEST(Sandbox, FramesBeyondTheirBoundAreNotPassedOn) {
  const TempDir dir;
  const auto clip = write_clip(dir.path() / "clip.mp4");
  Bounds bounds;
  bounds.frames = 1000;
  Sandbox sandbox(bounds);
  EXPECT_NE(message_of<ClipError>([&] { (void)sandbox.sample(clip, moving()); }),
            "(nothing thrown)");
  EXPECT_EQ(sandbox.counts().crashes, 1U);
}

TEST(Sandbox, AClipIsStoppedOnRequestAndTheDecoderServesOn) {
  const TempDir dir;
  const auto clip = write_clip(dir.path() / "clip.mp4", 20'000);
  Sandbox sandbox;
  const CancellationToken cancel;
  std::jthread stop([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    cancel.request();
  });
  video::ClipSettings all = moving();
  all.frames = 10'000;
  EXPECT_THROW((void)sandbox.sample(clip, all, cancel), Cancelled);
  EXPECT_EQ(sandbox.sample(write_clip(dir.path() / "b.mp4"), moving()).times.size(), 5U);
  EXPECT_EQ(sandbox.counts().restarts, 0U);
}

TEST(Sandbox, AnIdleDecoderThatWasKilledIsReplacedWithoutAnyClipNoticing) {
  const TempDir dir;
  const auto clip = write_clip(dir.path() / "clip.mp4");
  Sandbox sandbox;
  for (const pid_t child : children_of(::getpid())) ::kill(child, SIGKILL);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(sandbox.sample(clip, moving()).times.size(), 5U);
  EXPECT_EQ(sandbox.counts().restarts, 1U);
  EXPECT_EQ(sandbox.counts().crashes, 0U);
}

TEST(Sandbox, AKilledProcessCostsItsClipAlone) {
  const TempDir dir;
  const auto clip = write_clip(dir.path() / "clip.mp4", 5000);
  Sandbox sandbox;
  std::atomic<bool> done = false;
  std::jthread killer([&] {
    const pid_t decoder = children_of(::getpid()).at(0);
    while (!done) {
      for (const pid_t child : children_of(decoder)) ::kill(child, SIGSEGV);
    }
  });
  const std::string message = message_of<ClipError>([&] { (void)sandbox.sample(clip, moving()); });
  done = true;
  killer.join();
  EXPECT_TRUE(has(message, "crashed (SIGSEGV)")) << message;
  EXPECT_EQ(sandbox.counts().crashes, 1U);
  EXPECT_EQ(sandbox.sample(clip, moving()).times.size(), 5U);
}

TEST(Sandbox, ServesSeveralCallersAtOnce) {
  const TempDir dir;
  const auto clip = write_clip(dir.path() / "clip.mp4");
  Sandbox sandbox;
  std::atomic<int> good = 0;
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < 4; ++i) {
      callers.emplace_back([&] {
        for (int n = 0; n < 5; ++n) good += sandbox.sample(clip, moving()).times.size() == 5;
      });
    }
  }
  EXPECT_EQ(good, 20);
}

TEST(Sandbox, LeavesNoProcessBehind) {
  { const Sandbox sandbox; }
  EXPECT_TRUE(children_of(::getpid()).empty());
}

TEST(Sandbox, NamesTheDecoderThatCannotBeStarted) {
  const testing::Variable decoder("VIDCLASS_DECODER", "/nowhere/vidclass_decoder");
  EXPECT_TRUE(has(message_of<Error>([] { const Sandbox sandbox; }), "/nowhere/vidclass_decoder"));
}

TEST(OpenFile, APartOfAFileIsAClip) {
  const TempDir dir;
  const auto clip = write_clip(dir.path() / "clip.mp4");
  const std::string content = read_text_file(clip);
  const auto padded = put(dir.path() / "padded", "before" + content + "behind");
  const int file = ::open(padded.c_str(), O_RDONLY | O_CLOEXEC);
  const auto part = video::ClipSource::from_descriptor(
      file, "clip.mp4", 0, std::nullopt, {6, static_cast<std::int64_t>(content.size())});
  ::close(file);
  Sandbox sandbox;
  expect_same(sandbox.sample(part, moving()), video::sample_clip(clip, moving()));
  expect_same(video::sample_clip(part, moving()), video::sample_clip(clip, moving()));
}

TEST(OpenFile, APartBehindTheEndIsRefused) {
  const TempDir dir;
  const auto text = put(dir.path() / "short", "four");
  const int file = ::open(text.c_str(), O_RDONLY | O_CLOEXEC);
  EXPECT_THROW((void)video::ClipSource::from_descriptor(file, "clip.mp4", 0, std::nullopt, {2, 3}),
               ClipError);
  ::close(file);
}

TEST(OpenFile, WhatIsNoFileIsRefused) {
  EXPECT_THROW((void)video::ClipSource::from_descriptor(-1, "clip.mp4"), ClipError);
  const int folder = ::open("/", O_RDONLY | O_CLOEXEC);
  EXPECT_THROW((void)video::ClipSource::from_descriptor(folder, "clip.mp4"), ClipError);
  ::close(folder);
}

}  // namespace
}  // namespace vidclass::sandbox
