// Xception's weights in every form that Keras saves.
#include <gtest/gtest.h>

#include "backbone/xception_weights.hpp"
#include "peers.hpp"
#include "support/same_bytes.hpp"

namespace vidclass::backbone {
namespace {

TEST(KerasXception, HasTheSameWeightsInEveryFormThatKerasSaves) {
  VIDCLASS_NEED_PEER("keras3");
  const auto folder = testing::peer_output("keras3", "make_xception.py");
  ASSERT_FALSE(folder.empty());
  const NamedTensors expected = read_xception_weights(folder / "legacy.h5");
  for (const char* file : {"network.keras", "layers.weights.h5", "with_top.keras", "with_top.h5",
                           "with_top.weights.h5"}) {
    SCOPED_TRACE(file);
    const NamedTensors found = read_xception_weights(folder / file);
    ASSERT_EQ(found.size(), expected.size());
    for (const auto& [name, tensor] : expected) {
      EXPECT_TRUE(testing::same_bytes(found.at(name), tensor)) << name;
    }
  }
}

}  // namespace
}  // namespace vidclass::backbone
