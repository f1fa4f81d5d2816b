// The notebook's preprocessing against frames that OpenCV made.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "support/npz.hpp"
#include "support/shared_data.hpp"
#include "video/sample.hpp"

namespace vidclass::video {
namespace {

double mean_difference(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(int{a[i]} - int{b[i]});
  return sum / static_cast<double>(a.size());
}

TEST(KerasPreprocessing, GivesThePixelsOfOpenCv) {
  VIDCLASS_NEED_SHARED_DATA();
  const auto arrays = testing::read_npz(testing::shared_data() / "reference/xception_299.npz");
  const testing::NpyArray& reference = arrays.at("frames");
  const std::vector<std::uint8_t> expected = reference.values<std::uint8_t>();
  const std::vector<std::string> sources = arrays.at("source").strings();
  const std::size_t bytes = expected.size() / reference.shape[0];
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const std::size_t mark = sources[i].find('#');
    const int frame = std::stoi(sources[i].substr(mark + 1));
    ClipSettings settings;
    settings.sampling = Sampling::first;
    settings.preprocess = Preprocess::keras;
    settings.frames = frame + 1;
    const SampledClip clip =
        sample_clip(testing::shared_data() / sources[i].substr(0, mark), settings);
    const auto given = clip.frames.data<std::uint8_t>();
    const auto wanted = std::span(expected).subspan(i * bytes, bytes);
    const double difference = mean_difference(given.subspan(given.size() - bytes), wanted);
    RecordProperty("difference_" + std::to_string(i), std::to_string(difference));
    EXPECT_LE(difference, 0.2) << sources[i];
  }
}

}  // namespace
}  // namespace vidclass::video
