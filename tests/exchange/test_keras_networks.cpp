// Small networks that Keras made, saved and ran.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "clips.hpp"
#include "core/atomic_file.hpp"
#include "core/json.hpp"
#include "exchange/import_keras.hpp"
#include "head/runner.hpp"
#include "peers.hpp"
#include "vidclass/error.hpp"

namespace vidclass::exchange {
namespace {

class KerasNetworks : public ::testing::TestWithParam<const char*> {};

/// Of the probabilities of the head in `file`, from those in `expected`.
float largest_difference(const std::filesystem::path& file, const std::filesystem::path& expected) {
  const auto io = testing::read_npz(expected);
  const auto lengths = io.at("lengths").values<std::int32_t>();
  int frames = file.string().ends_with(".weights.h5") ||
                       file.string().find("any_length") != std::string::npos
                   ? static_cast<int>(io.at("features").shape[1])
                   : 0;
  const head::Head head = read_keras_head(file, frames);
  const Tensor found =
      head::HeadRunner({head}).probabilities(testing::cut_clips(io.at("features"), lengths));
  const auto probabilities = io.at("probabilities").values<float>();
  if (found.size() != probabilities.size()) return HUGE_VALF;
  float largest = 0;
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    const float difference = std::abs(found.data<float>()[i] - probabilities[i]);
    largest = difference <= largest ? largest : difference;  // takes NaN, too
  }
  return largest;
}

TEST_P(KerasNetworks, GiveTheProbabilitiesOfKerasOrAreRefusedByName) {
  VIDCLASS_NEED_PEER(GetParam());
  const auto folder = testing::peer_output(GetParam(), "make_networks.py");
  ASSERT_FALSE(folder.empty());
  const Json index = parse_json(read_text_file(folder / "index.json"));
  std::size_t equal = 0;
  std::size_t refused = 0;
  float largest = 0;
  for (const Json& each : index) {
    const auto file = folder / each.at("file").get<std::string>();
    SCOPED_TRACE(file.filename().string());
    try {
      if (each.at("refused").is_string()) {
        int frames = 0;
        static_cast<void>(read_keras_head(file, frames));
        ADD_FAILURE() << "is read";
        continue;
      }
      const float difference =
          largest_difference(file, folder / (each.at("name").get<std::string>() + ".npz"));
      EXPECT_LE(difference, 1e-5F);
      largest = std::max(largest, difference);
      ++equal;
    } catch (const Error& error) {
      const std::string text = error.what();
      ++refused;
      if (!each.at("refused").is_string()) {
        ADD_FAILURE() << text;
      } else {
        EXPECT_NE(text.find(each.at("refused").get<std::string>()), std::string::npos) << text;
        EXPECT_EQ(text.find('\n'), std::string::npos) << text;
      }
    }
  }
  EXPECT_GE(equal, 40U);
  std::printf("%s: %zu networks equal, largest difference %.2g; %zu refused by name\n", GetParam(),
              equal, static_cast<double>(largest), refused);
}

INSTANTIATE_TEST_SUITE_P(Versions, KerasNetworks, ::testing::Values("keras213", "keras2", "keras3"),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace vidclass::exchange
