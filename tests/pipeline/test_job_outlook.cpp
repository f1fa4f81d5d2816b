// What is told before a whole job.
#include "pipeline/job_outlook.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "dataset/manifest.hpp"
#include "fixtures.hpp"

namespace vidclass::pipeline::testing {
namespace {

using dataset::Split;

class JobToCome : public ::testing::Test {
protected:
  JobToCome() {
    features_.clip.frames = 24;  // of 48 clips: more than little
    head_.options.spec.kind = head::HeadKind::mean;
    dataset::make_splits(manifest_, {});
  }

  [[nodiscard]] Job job() const {
    return {.manifest = manifest_,
            .splits = {Split::train, Split::validation, Split::test},
            .features = features_,
            .head = head_,
            .finds_near_duplicates = true};
  }
  [[nodiscard]] std::vector<std::string> parts(const Job& job) const {
    std::vector<std::string> names;
    for (const JobPart& part : job_outlook(job, {})) names.push_back(part.what);
    return names;
  }
  [[nodiscard]] std::size_t missing() const {
    std::vector<video::ClipSource> clips;
    for (const dataset::Clip& clip : manifest_.clips) clips.push_back(clip.source());
    return features::Extractor(features_).missing(clips).size();
  }

  const TempDir dir_;
  dataset::Manifest manifest_ = dataset::open(videos());
  features::ExtractOptions features_ = mini_features(dir_ / "cache");
  HeadRequest head_;
};

TEST_F(JobToCome, IsNamedPartByPart) {
  const std::size_t train = manifest_.indices(Split::train).size();
  EXPECT_EQ(parts(job()), (std::vector<std::string>{"a look at 48 clips", "features of 48 clips",
                                                    "1 head on " + std::to_string(train) + " clips",
                                                    "the same once more on all"}));
}

TEST_F(JobToCome, HasFadedClipsAndAChoiceOfAGru) {
  head_.options.spec.kind = head::HeadKind::gru;
  head_.options.hidden = 4;
  const std::vector<std::string> names = parts(job());
  const std::size_t trained = 48 - manifest_.indices(Split::test).size();
  EXPECT_EQ(names[2], "of " + std::to_string(trained) + " faded");
  EXPECT_EQ(names[3], "the choice of the ensemble");
}

TEST_F(JobToCome, TakesLongerOnThreeSeeds) {
  const auto training = [&](int seeds) {
    Job seeded = job();
    seeded.seeds = seeds;
    return job_outlook(seeded, {})[2];
  };
  EXPECT_TRUE(training(3).what.starts_with("3 heads on"));
}

TEST_F(JobToCome, LeavesTheClipsThatItSampledInTheCache) {
  const std::size_t before = missing();
  static_cast<void>(job_outlook(job(), {}));
  EXPECT_LT(missing(), before);
}

TEST_F(JobToCome, OnClipsInTheCacheTakesNoTimeToExtract) {
  std::vector<video::ClipSource> clips;
  for (const dataset::Clip& clip : manifest_.clips) clips.push_back(clip.source());
  features::Extractor(features_).extract(clips, [](std::size_t, const auto&) {});
  EXPECT_EQ(job_outlook(job(), {})[1].seconds, 0);
}

TEST_F(JobToCome, IsNotForetoldWhereItIsLittle) {
  features_.clip.frames = 4;
  EXPECT_TRUE(job_outlook(job(), {}).empty());
}

TEST_F(JobToCome, IsNotForetoldWhereTheNetworkIsNotThere) {
  features_.backbone.name = "no such network";
  EXPECT_TRUE(job_outlook(job(), {}).empty());
}

TEST_F(JobToCome, IsToldOnlyIfItTakesAMinute) {
  Heard heard;
  tell_job(job(), heard.hooks());
  EXPECT_TRUE(heard.infos.empty());
}

TEST_F(JobToCome, StopsOnRequest) {
  EXPECT_THROW(static_cast<void>(job_outlook(job(), cancelled())), Cancelled);
}

}  // namespace
}  // namespace vidclass::pipeline::testing
