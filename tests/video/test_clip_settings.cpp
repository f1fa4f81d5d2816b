#include <gtest/gtest.h>

#include <string>

#include "vidclass/error.hpp"
#include "video/clip_settings.hpp"

namespace vidclass::video {
namespace {

TEST(ClipSettings, NamesReadBackAsTheSameSampling) {
  for (const Sampling sampling :
       {Sampling::uniform, Sampling::first, Sampling::segment, Sampling::dense}) {
    EXPECT_EQ(sampling_from(to_string(sampling)), sampling);
  }
}

TEST(ClipSettings, NamesReadBackAsTheSamePreprocessing) {
  for (const Preprocess preprocess : {Preprocess::standard, Preprocess::keras}) {
    EXPECT_EQ(preprocess_from(to_string(preprocess)), preprocess);
  }
}

TEST(ClipSettings, NamesReadBackAsTheSameCrop) {
  for (const Crop crop : {Crop::centre, Crop::motion}) {
    EXPECT_EQ(crop_from(to_string(crop)), crop);
  }
}

TEST(ClipSettings, AnUnknownNameIsAnsweredWithTheChoices) {
  try {
    (void)sampling_from("random");
    FAIL() << "no exception";
  } catch (const UsageError& error) {
    EXPECT_STREQ(error.what(),
                 "unknown sampling 'random': choose one of uniform, first, segment, dense");
  }
  EXPECT_THROW((void)preprocess_from("Keras"), UsageError);
  EXPECT_THROW((void)crop_from("center"), UsageError);
}

/// What is wrong with the settings.
std::string complaint(const ClipSettings& settings) {
  try {
    check(settings);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

TEST(ClipSettings, OutOfRangeAreRefusedByName) {
  EXPECT_EQ(complaint({}), "");
  EXPECT_EQ(complaint({.frames = 0}), "frames is 0: it must be at least 1");
  EXPECT_EQ(complaint({.size = 9000}), "size is 9000: it must be from 1 to 8192 pixels");
  EXPECT_EQ(complaint({.stride = 0}), "stride is 0: it must be from 1 to 10000");
  EXPECT_EQ(complaint({.candidates = 101}), "candidates is 101: it must be from 1 to 100");
  EXPECT_EQ(complaint({.fps = -1}), "fps is -1: it must be from 0 to 1000 frames/s");
  EXPECT_EQ(complaint({.clips = 0}), "clips is 0: it must be from 1 to 1000");
}

TEST(ClipSettings, OnlyUniformAndDenseTakeSeveralSequences) {
  EXPECT_EQ(complaint({.sampling = Sampling::dense, .clips = 3}), "");
  EXPECT_EQ(complaint({.sampling = Sampling::first, .clips = 3}),
            "clips is 3, but the sampling first takes one sequence; uniform and dense take "
            "several");
  EXPECT_NE(complaint({.sampling = Sampling::segment, .clips = 3}), "");
}

TEST(ClipSettings, TellTheMostFramesOfAClip) {
  EXPECT_EQ(most_frames({.frames = 20}), 20U);
  EXPECT_EQ(most_frames({.frames = 20, .clips = 3}), 60U);
  EXPECT_EQ(most_frames({.sampling = Sampling::segment, .frames = 20, .candidates = 5}), 100U);
}

TEST(ClipSettings, SegmentIsTestedWithUniform) {
  EXPECT_EQ(for_testing({.sampling = Sampling::segment, .frames = 8}), ClipSettings{.frames = 8});
  EXPECT_EQ(for_testing({.frames = 8, .faded = true}), ClipSettings{.frames = 8});
  EXPECT_EQ(for_testing({.sampling = Sampling::dense}), ClipSettings{.sampling = Sampling::dense});
}

}  // namespace
}  // namespace vidclass::video
