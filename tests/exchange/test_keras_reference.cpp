// The notebook's own network in the three forms that Keras saves.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "clips.hpp"
#include "exchange/import_keras.hpp"
#include "head/runner.hpp"
#include "support/shared_data.hpp"

namespace vidclass::exchange {
namespace {

class KerasReference : public ::testing::TestWithParam<const char*> {};

TEST_P(KerasReference, GivesTheProbabilitiesOfKerasShortClipsIncluded) {
  VIDCLASS_NEED_SHARED_DATA();
  const auto folder = testing::shared_data() / "reference";
  const auto io = testing::read_npz(folder / "keras_gru_io.npz");
  const auto mask = io.at("mask").values<bool>();
  const std::size_t steps = io.at("mask").shape[1];
  std::vector<int> lengths;
  for (auto row = mask.begin(); row != mask.end(); row += static_cast<std::ptrdiff_t>(steps)) {
    lengths.push_back(
        static_cast<int>(std::count(row, row + static_cast<std::ptrdiff_t>(steps), true)));
  }
  int frames = 0;
  const head::Head head = read_keras_head(folder / GetParam(), frames);
  EXPECT_EQ(head.spec.kind, head::HeadKind::keras_gru);
  const Tensor found =
      head::HeadRunner({head}).probabilities(testing::cut_clips(io.at("features"), lengths));
  const auto expected = io.at("probabilities").values<float>();
  ASSERT_EQ(found.size(), expected.size());
  float largest = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    largest = std::max(largest, std::abs(found.data<float>()[i] - expected[i]));
  }
  RecordProperty("largest_difference", std::to_string(largest));
  EXPECT_LE(largest, 1e-5F);
}

INSTANTIATE_TEST_SUITE_P(Files, KerasReference,
                         ::testing::Values("keras_gru.keras", "keras_gru_legacy.h5",
                                           "keras_gru.weights.h5"),
                         [](const auto& each) {
                           std::string name = each.param;
                           std::replace(name.begin(), name.end(), '.', '_');
                           return name;
                         });

}  // namespace
}  // namespace vidclass::exchange
