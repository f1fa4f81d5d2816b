#include "report/trade_off.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "core/atomic_file.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass::report {
namespace {

using vidclass::testing::has;

class TradeOffPicture : public ::testing::Test {
protected:
  std::string drawn(std::vector<TradeOff> all) {
    write_trade_offs(dir_ / "picture.svg", "A < B", std::move(all));
    return read_text_file(dir_ / "picture.svg");
  }
  const testing::TempDir dir_;
};

TEST_F(TradeOffPicture, HasTheNamesEscaped) {
  const std::string svg = drawn({{.name = "a<b>&c.onnx", .frames_per_second = 10, .top1 = 0.5}});
  EXPECT_TRUE(has(svg, "a&lt;b&gt;&amp;c.onnx")) << svg;
  EXPECT_TRUE(has(svg, "A &lt; B"));
}

TEST_F(TradeOffPicture, DrawsTheFrontFromLeftToRight) {
  const std::string svg =
      drawn({{.name = "quick", .frames_per_second = 100, .top1 = 0.5, .on_front = true},
             {.name = "slow", .frames_per_second = 10, .top1 = 1.0, .on_front = true},
             {.name = "beaten", .frames_per_second = 20, .top1 = 0.4}});
  // 10 to 100 frames a second over the whole width, 40 to 100 per cent over the whole height.
  EXPECT_TRUE(has(svg, "points=\"64.0,48.0 740.0,328.0 \"")) << svg;
}

TEST_F(TradeOffPicture, DrawsTheDeviationWhereThereIsOne) {
  EXPECT_FALSE(
      has(drawn({{.name = "one", .frames_per_second = 10, .top1 = 0.5}}), "class=\"spread\""));
  EXPECT_TRUE(has(drawn({{.name = "some", .frames_per_second = 10, .top1 = 0.5, .deviation = 0.1}}),
                  "class=\"spread\""));
}

TEST_F(TradeOffPicture, OfNothingIsRefused) {
  EXPECT_THROW(drawn({}), Error);
  EXPECT_THROW(drawn({{.name = "stands still", .frames_per_second = 0, .top1 = 0.5}}), Error);
}

}  // namespace
}  // namespace vidclass::report
