#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "video/interleave.hpp"

namespace vidclass::video {
namespace {

TEST(InterleaveRow, PutsTheChannelsOfEachPixelSideBySideAtEveryWidth) {
  for (const int width : {0, 1, 3, 15, 16, 17, 32, 47, 299}) {
    const auto count = static_cast<std::size_t>(width);
    std::vector<std::uint8_t> red(count);
    std::iota(red.begin(), red.end(), std::uint8_t{0});
    std::vector<std::uint8_t> green(count);
    std::iota(green.begin(), green.end(), std::uint8_t{85});
    std::vector<std::uint8_t> blue(count);
    std::iota(blue.begin(), blue.end(), std::uint8_t{170});
    std::vector<std::uint8_t> target(3 * count + 1, 99);
    interleave_row(red.data(), green.data(), blue.data(), width, target.data());
    for (std::size_t x = 0; x < count; ++x) {
      ASSERT_EQ(target[3 * x], red[x]) << width;
      ASSERT_EQ(target[3 * x + 1], green[x]) << width;
      ASSERT_EQ(target[3 * x + 2], blue[x]) << width;
    }
    EXPECT_EQ(target.back(), 99) << "past the end at " << width;
  }
}

}  // namespace
}  // namespace vidclass::video
