#include <gtest/gtest.h>

#include <string>

#include "vidclass/core/error.hpp"
#include "vidclass/video/clip_settings.hpp"

namespace vidclass::video {
namespace {

TEST(ClipSettings, NamesReadBackAsTheSameSampling) {
  for (const Sampling sampling : {Sampling::uniform, Sampling::first}) {
    EXPECT_EQ(sampling_from(to_string(sampling)), sampling);
  }
}

TEST(ClipSettings, NamesReadBackAsTheSamePreprocessing) {
  for (const Preprocess preprocess : {Preprocess::standard, Preprocess::keras}) {
    EXPECT_EQ(preprocess_from(to_string(preprocess)), preprocess);
  }
}

TEST(ClipSettings, AnUnknownNameIsAnsweredWithTheChoices) {
  try {
    (void)sampling_from("random");
    FAIL() << "no exception";
  } catch (const UsageError& error) {
    EXPECT_STREQ(error.what(), "unknown sampling 'random': choose one of uniform, first");
  }
  EXPECT_THROW((void)preprocess_from("Keras"), UsageError);
}

}  // namespace
}  // namespace vidclass::video
