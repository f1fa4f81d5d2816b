// The keras-gru head against values that Keras computed with the same weights.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/hdf5.hpp"
#include "head/runner.hpp"
#include "support/npz.hpp"
#include "support/shared_data.hpp"

namespace vidclass::head {
namespace {

TEST(KerasGruParity, GivesKerassProbabilitiesForKerassWeightsShortClipsIncluded) {
  VIDCLASS_NEED_SHARED_DATA();
  const auto dir = testing::shared_data() / "reference";
  const Hdf5File file(dir / "keras_gru_legacy.h5");
  Head head{{.kind = HeadKind::keras_gru, .features = 2048, .labels = 7}, {}};
  for (const auto& [name, shape] : parameter_shapes(head.spec)) {
    const auto slash = name.find('/');
    const std::string layer = name.substr(0, slash);
    const std::string cell = layer.starts_with("gru") ? "/gru_cell" : "";
    head.parameters[name] =
        file.load_f32("model_weights/" + layer + "/" + layer + cell + name.substr(slash));
  }

  const auto reference = testing::read_npz(dir / "keras_gru_io.npz");
  const auto features = reference.at("features").values<float>();
  const auto mask = reference.at("mask").values<bool>();
  const auto expected = reference.at("probabilities").values<float>();
  const std::size_t clips = reference.at("features").shape[0];
  const std::size_t steps = reference.at("features").shape[1];
  std::vector<Tensor> sequences;
  for (std::size_t clip = 0; clip < clips; ++clip) {
    const auto first = mask.begin() + static_cast<std::ptrdiff_t>(clip * steps);
    const auto length = static_cast<std::size_t>(
        std::count(first, first + static_cast<std::ptrdiff_t>(steps), true));
    sequences.push_back(Tensor::from<float>(
        {length, 2048},
        std::span<const float>(features).subspan(clip * steps * 2048, length * 2048)));
  }

  const Tensor result = HeadRunner({head}).probabilities(sequences);
  ASSERT_EQ(result.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(result.data<float>()[i], expected[i], 1e-5) << "clip " << i / 7;
  }
}

}  // namespace
}  // namespace vidclass::head
