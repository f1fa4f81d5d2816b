#include "dataset/generate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/atomic_file.hpp"
#include "core/csv.hpp"
#include "dataset/files.hpp"
#include "dataset/scan.hpp"
#include "vidclass/error.hpp"
#include "video/probe.hpp"
#include "video/sample.hpp"

namespace vidclass::dataset {
namespace {

using testing::has;
using testing::message_of;
using testing::put;
using testing::TempDir;

GenerateOptions small() {
  GenerateOptions options;
  options.groups = 3;
  options.clips_per_group = 2;
  options.width = 64;
  options.height = 48;
  options.frames = 8;
  return options;
}

std::vector<std::string> contents_below(const std::filesystem::path& dir) {
  std::vector<std::string> contents;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(dir)) {
    if (!entry.is_regular_file()) continue;
    contents.push_back(entry.path().lexically_relative(dir).string() + '\n' +
                       read_text_file(entry.path()));
  }
  std::sort(contents.begin(), contents.end());
  return contents;
}

std::string error_of(const std::filesystem::path& dir, const GenerateOptions& options = small()) {
  return message_of<UsageError>([&] { generate(dir, options); });
}

constexpr std::size_t side = 32;

/// The frames of a clip, side x side pixels, red, green and blue added up.
std::vector<std::vector<double>> frames_of(const std::filesystem::path& path) {
  video::ClipSettings settings;
  settings.frames = 100;
  settings.sampling = video::Sampling::first;
  settings.size = side;
  const auto clip = video::sample_clip(path, settings);
  const auto values = clip.frames.data<std::uint8_t>();
  std::vector<std::vector<double>> frames(clip.frames.dim(0), std::vector<double>(side * side));
  for (std::size_t i = 0; i < values.size(); ++i)
    frames[i / (side * side * 3)][i / 3 % (side * side)] += values[i];
  return frames;
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Where the first frame differs from the mean over all: the centre of that, in
/// pixels from the middle. Holds for objects darker and lighter than the scene.
struct Place {
  double x = 0, y = 0;
};

Place where_it_starts(const std::filesystem::path& path) {
  const auto frames = frames_of(path);
  Place place;
  double weights = 0;
  for (std::size_t i = 0; i < side * side; ++i) {
    double mean = 0;
    for (const auto& frame : frames) mean += frame[i] / static_cast<double>(frames.size());
    const double weight = std::pow(frames.front()[i] - mean, 2);
    weights += weight;
    place.x += weight * (static_cast<double>(i % side) - side / 2.0);
    place.y += weight * (static_cast<double>(i / side) - side / 2.0);
  }
  return {place.x / weights, place.y / weights};
}

std::filesystem::path clip_of(const std::filesystem::path& dir, const std::string& name,
                              int group) {
  return dir / name / ("v_" + name + "_g0" + std::to_string(group) + "_c01.avi");
}

TEST(Generate, WritesTheLayoutOfUcf101) {
  const TempDir dir;
  const auto report = generate(dir / "demo", small());
  EXPECT_EQ(report.classes, 8U);
  EXPECT_EQ(report.clips, 48U);
  const auto manifest = open(dir / "demo");
  EXPECT_EQ(manifest.layout, Layout::ucf101);
  EXPECT_EQ(manifest.labels.size(), 8U);
  EXPECT_EQ(manifest.indices(Split::test).size(), 16U);
  EXPECT_EQ(manifest.indices(Split::train).size(), 32U);
  EXPECT_TRUE(manifest.notes.empty());
}

TEST(Generate, WritesClipsThatScanFindsNothingWrongWith) {
  const TempDir dir;
  generate(dir / "demo", small());
  const auto report =
      scan(open(dir / "demo"), {.threads = 2, .cache_dir = dir / "cache", .near_duplicates = true});
  EXPECT_TRUE(report.unusable.empty());
  EXPECT_EQ(report.warnings, std::vector<std::string>());
}

TEST(Generate, OfAMomentSaysWhenAndWhereItHappens) {
  const TempDir dir;
  GenerateOptions options = small();
  options.moment = 0.25;
  (void)generate(dir / "clips", options);
  std::size_t tables = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(dir / "clips")) {
    if (entry.path().extension() != ".csv") continue;
    ++tables;
    const auto rows = parse_csv(read_text_file(entry.path()), "table");
    EXPECT_EQ(rows.at(0).fields, (std::vector<std::string>{"time", "x", "y", "radius"}));
    EXPECT_GE(rows.size(), 3U);
    EXPECT_LE(rows.size() - 1, 1 + static_cast<std::size_t>(options.frames * 1.25 * 0.25 + 0.5));
  }
  EXPECT_EQ(tables, 8U * static_cast<std::size_t>(options.groups * options.clips_per_group));
}

TEST(Generate, OfNoMomentIsWrongUse) {
  const TempDir dir;
  GenerateOptions options = small();
  options.moment = 0;
  EXPECT_THROW((void)generate(dir / "clips", options), UsageError);
}

TEST(Generate, WritesClipsOfTheSizeAskedFor) {
  const TempDir dir;
  generate(dir / "demo", small());
  const auto info = video::probe(dir / "demo/Rise/v_Rise_g01_c01.avi");
  EXPECT_EQ(info.width, 64);
  EXPECT_EQ(info.height, 48);
  EXPECT_NEAR(info.frame_rate, 25, 0.01);
}

TEST(Generate, GivesTheSameBytesForTheSameSeed) {
  const TempDir dir;
  auto options = small();
  generate(dir / "one", options);
  options.threads = 1;
  generate(dir / "other", options);
  EXPECT_EQ(contents_below(dir / "one"), contents_below(dir / "other"));
}

TEST(Generate, GivesOtherClipsForAnotherSeed) {
  const TempDir dir;
  auto options = small();
  generate(dir / "one", options);
  options.seed = 2;
  generate(dir / "other", options);
  const std::string clip = "Rise/v_Rise_g01_c01.avi";
  EXPECT_NE(read_text_file(dir / "one" / clip), read_text_file(dir / "other" / clip));
}

TEST(Generate, ShowsTheFramesOfAPairInOppositeOrder) {
  const TempDir dir;
  generate(dir / "demo", small());
  const std::vector<std::pair<std::string, std::string>> pairs = {
      {"MoveRight", "MoveLeft"}, {"Approach", "Recede"}, {"Brighten", "Darken"}, {"Rise", "Fall"}};
  for (const auto& [one, other] : pairs) {
    const auto forwards = frames_of(clip_of(dir / "demo", one, 2));
    auto backwards = frames_of(clip_of(dir / "demo", other, 2));
    std::reverse(backwards.begin(), backwards.end());
    ASSERT_EQ(forwards.size(), backwards.size());
    for (std::size_t i = 0; i < forwards.size(); ++i) {
      std::vector<double> differences;
      for (std::size_t k = 0; k < side * side; ++k)
        differences.push_back(std::abs(forwards[i][k] - backwards[i][k]));
      // Of three times 255; what the codec loses differs with the order.
      EXPECT_LT(mean_of(differences), 15) << one << " frame " << i;
    }
  }
}

TEST(Generate, MovesAsTheNameSays) {
  const TempDir dir;
  generate(dir / "demo", small());
  for (int group = 1; group <= 3; ++group) {
    EXPECT_LT(where_it_starts(clip_of(dir / "demo", "MoveRight", group)).x, -3);
    EXPECT_GT(where_it_starts(clip_of(dir / "demo", "MoveLeft", group)).x, 3);
    EXPECT_GT(where_it_starts(clip_of(dir / "demo", "Rise", group)).y, 3);
    EXPECT_LT(where_it_starts(clip_of(dir / "demo", "Fall", group)).y, -3);
  }
}

TEST(Generate, ChangesTheLightAsTheNameSays) {
  const TempDir dir;
  generate(dir / "demo", small());
  const auto brighten = frames_of(clip_of(dir / "demo", "Brighten", 1));
  const auto darken = frames_of(clip_of(dir / "demo", "Darken", 1));
  EXPECT_GT(mean_of(brighten.back()), 1.5 * mean_of(brighten.front()));
  EXPECT_GT(mean_of(darken.front()), 1.5 * mean_of(darken.back()));
}

TEST(Generate, DoesNothingForAFinishedOutput) {
  const TempDir dir;
  generate(dir / "demo", small());
  const auto clip = dir / "demo/Rise/v_Rise_g01_c01.avi";
  const auto before = std::filesystem::last_write_time(clip);
  std::size_t written = 0;
  generate(dir / "demo", small(), [&](const ProgressState&) { ++written; });
  EXPECT_EQ(written, 0U);
  EXPECT_EQ(std::filesystem::last_write_time(clip), before);
}

TEST(Generate, WritesAgainWhatIsMissing) {
  const TempDir dir;
  generate(dir / "demo", small());
  const auto before = contents_below(dir / "demo");
  std::filesystem::remove(dir / "demo/Rise/v_Rise_g01_c01.avi");
  std::filesystem::remove(dir / "demo/splits/testlist01.txt");
  std::size_t written = 0;
  generate(dir / "demo", small(), [&](const ProgressState&) { ++written; });
  EXPECT_EQ(written, 1U);
  EXPECT_EQ(contents_below(dir / "demo"), before);
}

TEST(Generate, ReplacesAnOutputOfOtherOptions) {
  const TempDir dir;
  auto options = small();
  generate(dir / "demo", options);
  put(dir / "demo/notes.txt", "mine");
  options.groups = 2;
  generate(dir / "demo", options);
  const auto manifest = open(dir / "demo");
  EXPECT_EQ(manifest.clips.size(), 32U);
  EXPECT_TRUE(manifest.notes.empty());
  EXPECT_EQ(read_text_file(dir / "demo/notes.txt"), "mine");
}

TEST(Generate, FinishesAnOutputThatWasStopped) {
  const TempDir dir;
  const CancellationToken cancel;
  const auto stop = [&](const ProgressState& state) {
    if (state.done == 5) cancel.request();
  };
  EXPECT_THROW(generate(dir / "demo", small(), stop, cancel), Cancelled);
  generate(dir / "demo", small());
  generate(dir / "whole", small());
  EXPECT_EQ(contents_below(dir / "demo"), contents_below(dir / "whole"));
}

TEST(Generate, RefusesAFolderWithOtherFiles) {
  const TempDir dir;
  put(dir / "mine.txt");
  EXPECT_TRUE(has(error_of(dir.path()), "holds other files"));
}

TEST(Generate, RefusesAFile) {
  const TempDir dir;
  EXPECT_TRUE(has(error_of(put(dir / "file")), "is not a folder"));
}

TEST(Generate, RefusesOptionsOutOfRange) {
  const TempDir dir;
  auto options = small();
  options.groups = 1;
  EXPECT_TRUE(has(error_of(dir / "demo", options), "groups = 1 is out of range: use 2 to 99"));
  options = small();
  options.width = 63;
  EXPECT_TRUE(has(error_of(dir / "demo", options), "must be even, not 63 x 48"));
  EXPECT_FALSE(std::filesystem::exists(dir / "demo"));
}

}  // namespace
}  // namespace vidclass::dataset
