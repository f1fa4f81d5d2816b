#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <thread>
#include <vector>

#include "features/clips.hpp"
#include "features/extraction.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass::features {
namespace {

namespace fs = std::filesystem;
using testing::bytes_of;
using testing::entries_in;
using testing::extract;
using testing::make_clip;
using testing::make_clips;
using testing::mini_options;
using testing::strays_in;
using testing::TempDir;

class ExtractorCache : public ::testing::Test {
protected:
  TempDir dir;
  fs::path cache = dir / "cache";
  std::vector<fs::path> clips = make_clips(dir.path(), 3);
};

TEST_F(ExtractorCache, HoldsAnEntryForEachClip) {
  (void)extract(mini_options(cache), clips);
  EXPECT_EQ(entries_in(cache).size(), 3U);
}

TEST_F(ExtractorCache, HoldsNothingButEntries) {
  (void)extract(mini_options(cache), clips);
  EXPECT_TRUE(strays_in(cache).empty());
}

TEST_F(ExtractorCache, HoldsAClipBeforeTheConsumerSeesIt) {
  std::size_t entries = 0;
  const std::vector<video::ClipSource> one{clips[0]};
  Extractor(mini_options(cache)).extract(one, [&](std::size_t, const ClipFeatures&) {
    entries = entries_in(cache).size();
  });
  EXPECT_EQ(entries, 1U);
}

TEST_F(ExtractorCache, IsUsedByTheNextRun) {
  (void)extract(mini_options(cache), clips);
  const auto report = extract(mini_options(cache), clips).report;
  EXPECT_EQ(report.clips, 3U);
  EXPECT_EQ(report.cached, 3U);
  EXPECT_EQ(report.frames, 0U);
}

TEST_F(ExtractorCache, GivesTheNumbersThatWereComputed) {
  const auto computed = bytes_of(extract(mini_options(cache), clips));
  EXPECT_EQ(bytes_of(extract(mini_options(cache), clips)), computed);
}

TEST_F(ExtractorCache, ChangesNoNumbers) {
  EXPECT_EQ(bytes_of(extract(mini_options(cache), clips)),
            bytes_of(extract(mini_options(), clips)));
}

TEST_F(ExtractorCache, IsNotMadeWhenNoneIsWanted) {
  const auto before = std::distance(fs::directory_iterator(dir.path()), {});
  (void)extract(mini_options(), clips);
  EXPECT_EQ(std::distance(fs::directory_iterator(dir.path()), {}), before);
}

TEST_F(ExtractorCache, ServesAClipThatWasMoved) {
  (void)extract(mini_options(cache), clips);
  fs::create_directories(dir / "elsewhere");
  fs::rename(clips[0], dir / "elsewhere/renamed.avi");
  EXPECT_EQ(extract(mini_options(cache), {dir / "elsewhere/renamed.avi"}).report.cached, 1U);
}

TEST_F(ExtractorCache, DoesNotServeOtherContentUnderTheSamePath) {
  (void)extract(mini_options(cache), clips);
  make_clip(clips[0], 77);
  EXPECT_EQ(extract(mini_options(cache), {clips[0]}).report.cached, 0U);
}

TEST_F(ExtractorCache, ComputesOnlyWhatIsMissing) {
  (void)extract(mini_options(cache), {clips[1]});
  const auto report = extract(mini_options(cache), clips).report;
  EXPECT_EQ(report.cached, 1U);
  EXPECT_EQ(report.frames, 12U);
}

TEST_F(ExtractorCache, KeepsTheSequencesToTestWith) {
  auto options = mini_options(cache);
  options.clip.clips = 2;
  options.clip.frames = 3;
  const auto computed = extract(options, {clips[0]});
  EXPECT_EQ(computed.features.at(0).at("avg").dim(0), 6U);
  EXPECT_EQ(computed.features.at(0).at("views").shape(), (Shape{2, 3}));
  const auto found = extract(options, {clips[0]});
  EXPECT_EQ(found.report.cached, 1U);
  EXPECT_EQ(bytes_of(found), bytes_of(computed));
}

TEST_F(ExtractorCache, KeepsSpansOfAFileApart) {
  (void)extract(mini_options(cache), {clips[0]});
  const std::vector<video::ClipSource> spans{clips[0], {clips[0], 0.2}, {clips[0], 0.2, 0.6}};
  Extractor extractor(mini_options(cache));
  const auto ignore = [](std::size_t, const ClipFeatures&) {};
  EXPECT_EQ(extractor.extract(spans, ignore).cached, 1U);
  EXPECT_EQ(extractor.extract(spans, ignore).cached, 3U);
}

TEST_F(ExtractorCache, MayBeSharedByExtractorsAtTheSameTime) {
  const auto expected = bytes_of(extract(mini_options(), clips));
  std::vector<testing::Extraction> results(2);
  {
    std::vector<std::jthread> threads;
    for (auto& result : results) {
      threads.emplace_back([&] { result = extract(mini_options(cache), clips); });
    }
  }
  EXPECT_EQ(bytes_of(results[0]), expected);
  EXPECT_EQ(bytes_of(results[1]), expected);
}

TEST_F(ExtractorCache, ThatCannotBeWrittenIsGoneWithout) {
  const auto result = extract(mini_options(clips[0]), clips);
  EXPECT_EQ(bytes_of(result), bytes_of(extract(mini_options(), clips)));
  EXPECT_NE(result.report.not_kept.find(clips[0].string()), std::string::npos);
}

TEST_F(ExtractorCache, OfSeveralRanksThatCannotBeWrittenIsAnError) {
  auto options = mini_options(clips[0]);
  options.ranks = 2;
  EXPECT_THROW((void)extract(options, clips), Error);
}

struct OptionChange {
  const char* name;
  std::function<void(ExtractOptions&)> apply;
};

class ExtractorSetting : public ExtractorCache,
                         public ::testing::WithParamInterface<OptionChange> {};

TEST_P(ExtractorSetting, IsPartOfTheKey) {
  (void)extract(mini_options(cache), {clips[0]});
  auto changed = mini_options(cache);
  GetParam().apply(changed);
  EXPECT_EQ(extract(changed, {clips[0]}).report.cached, 0U);
}

INSTANTIATE_TEST_SUITE_P(
    ThatChangesNumbers, ExtractorSetting,
    ::testing::Values(
        OptionChange{"Sampling", [](auto& o) { o.clip.sampling = video::Sampling::first; }},
        OptionChange{"Frames", [](auto& o) { o.clip.frames = 5; }},
        OptionChange{"Preprocess", [](auto& o) { o.clip.preprocess = video::Preprocess::keras; }},
        OptionChange{"Size", [](auto& o) { o.backbone.size = 48; }},
        OptionChange{"Precision",
                     [](auto& o) { o.backbone.precision = backbone::Precision::bf16; }}),
    [](const auto& test) { return test.param.name; });

class SpeedSetting : public ExtractorCache, public ::testing::WithParamInterface<OptionChange> {};

TEST_P(SpeedSetting, IsNotPartOfTheKey) {
  (void)extract(mini_options(cache), {clips[0]});
  auto changed = mini_options(cache);
  GetParam().apply(changed);
  EXPECT_EQ(extract(changed, {clips[0]}).report.cached, 1U);
}

INSTANTIATE_TEST_SUITE_P(
    Each, SpeedSetting,
    ::testing::Values(OptionChange{"Batch", [](auto& o) { o.backbone.batch = 7; }},
                      OptionChange{"Threads", [](auto& o) { o.backbone.threads = 1; }},
                      OptionChange{"Decoders", [](auto& o) { o.decoders = 3; }}),
    [](const auto& test) { return test.param.name; });

struct Damage {
  const char* name;
  std::function<void(const fs::path&)> apply;
};

NamedTensors arrays(Shape avg, Shape times) {
  return {{"avg", Tensor(DType::f32, std::move(avg))},
          {"times", Tensor(DType::f64, std::move(times))}};
}

class DamagedEntry : public ExtractorCache, public ::testing::WithParamInterface<Damage> {
protected:
  void SetUp() override {
    expected = bytes_of(extract(mini_options(cache), {clips[0]}));
    GetParam().apply(entries_in(cache).at(0));
  }
  std::map<std::size_t, std::vector<std::byte>> expected;
};

TEST_P(DamagedEntry, IsComputedAgain) {
  const auto again = extract(mini_options(cache), {clips[0]});
  EXPECT_EQ(again.report.cached, 0U);
  EXPECT_EQ(bytes_of(again), expected);
}

TEST_P(DamagedEntry, IsReplaced) {
  (void)extract(mini_options(cache), {clips[0]});
  EXPECT_EQ(extract(mini_options(cache), {clips[0]}).report.cached, 1U);
}

INSTANTIATE_TEST_SUITE_P(
    Each, DamagedEntry,
    ::testing::Values(Damage{"CutShort",
                             [](auto& path) { fs::resize_file(path, fs::file_size(path) / 2); }},
                      Damage{"Empty", [](auto& path) { fs::resize_file(path, 0); }},
                      Damage{"NoTimes",
                             [](auto& path) {
                               write_safetensors(path, {{"avg", Tensor(DType::f32, {6, 256})}});
                             }},
                      Damage{"NoFeatures",
                             [](auto& path) {
                               write_safetensors(path, {{"times", Tensor(DType::f64, {6})}});
                             }},
                      Damage{"OtherWidth",
                             [](auto& path) {
                               write_safetensors(path, arrays({6, 255}, {6}));
                             }},
                      Damage{"OtherCount",
                             [](auto& path) {
                               write_safetensors(path, arrays({6, 256}, {5}));
                             }},
                      Damage{"NoFrames",
                             [](auto& path) {
                               write_safetensors(path, arrays({0, 256}, {0}));
                             }},
                      Damage{"TooManyFrames",
                             [](auto& path) {
                               write_safetensors(path, arrays({7, 256}, {7}));
                             }},
                      Damage{"OtherRank",
                             [](auto& path) {
                               write_safetensors(path, arrays({6, 256, 1}, {6}));
                             }},
                      Damage{"OtherType",
                             [](auto& path) {
                               write_safetensors(path, {{"avg", Tensor(DType::f64, {6, 256})},
                                                        {"times", Tensor(DType::f64, {6})}});
                             }},
                      Damage{"NotFinite",
                             [](auto& path) {
                               auto entry = arrays({6, 256}, {6});
                               entry.at("avg").template data<float>()[3] = std::nanf("");
                               write_safetensors(path, entry);
                             }}),
    [](const auto& test) { return test.param.name; });

class ExtractorCopies : public ExtractorCache, public ::testing::WithParamInterface<int> {
protected:
  /// Four clips of the same content, and the three others.
  ExtractorCopies() {
    for (const char* name : {"copy1.avi", "copy2.avi", "copy3.avi"}) {
      fs::copy_file(clips[0], dir / name);
      clips.push_back(dir / name);
    }
    options.decoders = GetParam();
  }
  ExtractOptions options = mini_options(cache);
};

TEST_P(ExtractorCopies, AreComputedOnce) {
  const auto report = extract(options, clips).report;
  EXPECT_EQ(report.frames, 18U);
  EXPECT_EQ(report.cached, 3U);
  EXPECT_EQ(report.clips, 6U);
}

TEST_P(ExtractorCopies, AllGetTheFeatures) {
  const auto bytes = bytes_of(extract(options, clips));
  ASSERT_EQ(bytes.size(), 6U);
  for (const std::size_t copy : {3, 4, 5}) EXPECT_EQ(bytes.at(copy), bytes.at(0));
}

TEST_P(ExtractorCopies, OfAnUnusableClipAreAllNamed) {
  std::vector<fs::path> junk;
  for (const char* name : {"a.avi", "b.avi", "c.avi"}) {
    junk.push_back(testing::make_junk(dir / name));
  }
  const auto report = extract(options, junk).report;
  std::vector<fs::path> named;
  for (const auto& clip : report.unusable) named.push_back(clip.path);
  EXPECT_EQ(named, junk);
}

INSTANTIATE_TEST_SUITE_P(Decoders, ExtractorCopies, ::testing::Values(1, 2, 6));

}  // namespace
}  // namespace vidclass::features
