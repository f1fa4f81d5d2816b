// From grey pictures to cuboids.
#include "motion/describe.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <thread>
#include <vector>

#include "motion/flow.hpp"
#include "support/same_bytes.hpp"
#include "vidclass/error.hpp"

namespace vidclass::motion {
namespace {

constexpr std::size_t film_width = 416;
constexpr std::size_t film_height = 320;

/// Something with contrast everywhere, so that flow can be found.
double texture_at(double x, double y) {
  return 60 * std::sin(0.16 * x + 0.6 * std::sin(0.05 * y)) * std::cos(0.13 * y) +
         30 * std::sin(0.31 * x + 0.27 * y);
}

struct Film {
  std::size_t pictures = 24;
  double disc_step = 0;    // pixels a picture that a textured disc goes to the right
  double camera_step = 0;  // pixels a picture that everything goes to the right
  double seconds_a_step = 1.0 / 15;
};

video::GreyRuns shot(const Film& film) {
  video::GreyRuns greys;
  greys.pictures = Tensor(DType::u8, {film.pictures, film_height, film_width});
  greys.runs = {{0, film.pictures}};
  auto target = greys.pictures.data<std::uint8_t>().begin();
  for (std::size_t t = 0; t < film.pictures; ++t) {
    const auto time = static_cast<double>(t);
    greys.times.push_back(time * film.seconds_a_step);
    const double disc_x = 120 + film.disc_step * time;
    for (std::size_t row = 0; row < film_height; ++row) {
      for (std::size_t column = 0; column < film_width; ++column) {
        const double x = static_cast<double>(column) - film.camera_step * time;
        const auto y = static_cast<double>(row);
        double value = texture_at(x, y);
        if (std::hypot(x - disc_x, y - 160) < 50) value = texture_at(2 * (x - disc_x) + 70, 2 * y);
        *target++ = static_cast<std::uint8_t>(std::clamp(128 + value, 0.0, 255.0));
      }
    }
  }
  return greys;
}

/// The share of each direction in all cuboids' histograms of flow.
std::vector<double> directions_in(const Cuboids& cuboids) {
  std::vector<double> sums(histograms[0].bins);
  for (std::size_t i = 0; i < cuboids.size(); ++i) {
    for (std::size_t j = 0; j < width_of(histograms[0]); ++j) {
      const float root = cuboids.histograms.data<float>()[i * cuboid_width + j];
      sums[j % histograms[0].bins] += static_cast<double>(root) * root;
    }
  }
  const double all = std::accumulate(sums.begin(), sums.end(), 0.0);
  for (double& sum : sums) sum /= all;
  return sums;
}

bool is_still(const Cuboids& cuboids) {
  const auto values = cuboids.histograms.data<float>();
  return cuboids.size() == 1 &&
         std::all_of(values.begin(), values.end(), [](float v) { return v == 0; });
}

TEST(Flow, IsHowFarThePictureWent) {
  const video::GreyRuns greys = shot({.pictures = 2, .camera_step = 3});
  const auto picture = [&](std::size_t i) {
    return greys.pictures.data<std::uint8_t>().subspan(i * film_width * film_height,
                                                       film_width * film_height);
  };
  Flow flow = flow_between(picture(0), picture(1), film_width, film_height);
  std::nth_element(flow.across.begin(), flow.across.begin() + 10'000, flow.across.end());
  EXPECT_NEAR(flow.across[10'000], 3, 0.2);
}

TEST(Flow, WithoutTheCameraIsNothingWhereOnlyThatMoved) {
  const video::GreyRuns greys = shot({.pictures = 2, .camera_step = 3});
  const auto picture = [&](std::size_t i) {
    return greys.pictures.data<std::uint8_t>().subspan(i * film_width * film_height,
                                                       film_width * film_height);
  };
  Flow flow = flow_between(picture(0), picture(1), film_width, film_height);
  remove_camera(flow);
  double sum = 0;
  for (const float value : flow.across) sum += std::abs(value);
  EXPECT_LT(sum / static_cast<double>(flow.across.size()), 0.25);
}

TEST(Describe, PointsWhereThingsGo) {
  const auto shares = directions_in(describe(shot({.disc_step = 6}))[0]);
  EXPECT_GT(shares[0], 2 * shares[4]);  // to the right against to the left
}

TEST(Describe, FindsNothingInAStillClip) {
  for (const Cuboids& cuboids : describe(shot({}))) EXPECT_TRUE(is_still(cuboids));
}

TEST(Describe, FindsNothingInAClipOfOnePicture) {
  for (const Cuboids& cuboids : describe(shot({.pictures = 1}))) EXPECT_TRUE(is_still(cuboids));
}

TEST(Describe, FindsNothingWithoutPictures) {
  for (const Cuboids& cuboids : describe({})) EXPECT_TRUE(is_still(cuboids));
}

TEST(Describe, KnowsClipsShorterThanACuboid) {
  EXPECT_GT(describe(shot({.pictures = 4, .disc_step = 8}))[0].size(), 1U);
}

TEST(Describe, SeesTheSameInFastAndSlowPictures) {
  // Half as far in half the time.
  const auto usual = directions_in(describe(shot({.disc_step = 6}))[0]);
  const auto quick = directions_in(describe(shot({.disc_step = 3, .seconds_a_step = 1.0 / 30}))[0]);
  for (std::size_t i = 0; i < usual.size(); ++i) EXPECT_NEAR(usual[i], quick[i], 0.15) << i;
}

TEST(Describe, LooksCloserAtWhatMoves) {
  const Description description = describe(shot({.disc_step = 2}));
  EXPECT_EQ(description[0].window, (std::array<float, 4>{0, 0, 1, 1}));
  EXPECT_LT(description[1].window[2], 0.8F);
}

TEST(Describe, GivesTheSameToTheBitOnSeveralThreads) {
  const video::GreyRuns greys = shot({.disc_step = 5});
  const NamedTensors expected = to_arrays(describe(greys));
  std::vector<NamedTensors> found(4);
  {
    std::vector<std::jthread> threads;
    for (NamedTensors& each : found) {
      threads.emplace_back([&] { each = to_arrays(describe(greys)); });
    }
  }
  for (const NamedTensors& each : found) {
    for (const auto& [name, tensor] : expected) {
      EXPECT_TRUE(testing::same_bytes(each.at(name), tensor)) << name;
    }
  }
}

TEST(Describe, StopsWhenCancelled) {
  CancellationToken cancel;
  cancel.request();
  EXPECT_THROW((void)describe(shot({.disc_step = 5}), cancel), Cancelled);
}

}  // namespace
}  // namespace vidclass::motion
