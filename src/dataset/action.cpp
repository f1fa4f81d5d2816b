#include "dataset/action.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace vidclass::dataset {
namespace {

/// How far the action is, 0 to 1, over the time of the clip, 0 to 1: it may rest
/// at both ends, and start and stop softly.
class Pace {
public:
  explicit Pace(Random& random)
      : rest_before_(random.between(0, 0.1F)),
        rest_after_(random.between(0, 0.1F)),
        softness_(random.between(0, 1)) {}

  [[nodiscard]] float at(float time) const {
    const float t = std::clamp((time - rest_before_) / (1 - rest_before_ - rest_after_), 0.F, 1.F);
    return std::lerp(t, t * t * (3 - 2 * t), softness_);
  }

private:
  float rest_before_, rest_after_, softness_;
};

struct Range {
  float from = 0, to = 0;
  [[nodiscard]] float at(float share) const { return std::lerp(from, to, share); }
};

struct Course {
  Range x, y, radius, light;
};

Course course_of(Action action, Random& random) {
  Course course;
  const float place_x = random.between(-0.1F, 0.1F);
  const float place_y = random.between(-0.1F, 0.1F);
  const float radius = random.between(0.13F, 0.17F);
  const float light = random.between(0.85F, 1.05F);
  const float start = -random.between(0.31F, 0.36F);
  const float end = random.between(0.31F, 0.36F);
  const float drift = random.between(-0.06F, 0.06F);
  course.x = {place_x, place_x};
  course.y = {place_y, place_y};
  course.radius = {radius, radius};
  course.light = {light, light};
  switch (action) {
    case Action::move:
      course.x = {start, end};
      course.y = {place_y * 1.5F - drift, place_y * 1.5F + drift};
      break;
    case Action::rise:  // y points down
      course.x = {place_x * 1.5F - drift, place_x * 1.5F + drift};
      course.y = {end, start};
      break;
    case Action::approach:
      course.x = {place_x - drift, place_x * 0.5F};
      course.y = {place_y + drift, place_y * 0.5F};
      course.radius = {random.between(0.1F, 0.13F), random.between(0.36F, 0.42F)};
      break;
    case Action::brighten:
      course.light = {random.between(0.2F, 0.35F), random.between(0.95F, 1.1F)};
      break;
  }
  return course;
}

}  // namespace

std::vector<Moment> plan_action(Action action, int frames, Random& random) {
  constexpr float flicker = 0.025F;
  constexpr float shake = 0.004F;
  constexpr float most_shake = 0.015F;

  const Pace pace(random);
  const Course course = course_of(action, random);
  const float angle = random.between(-0.5F, 0.5F);
  const float spin = random.between(-0.4F, 0.4F);

  std::vector<Moment> moments(static_cast<std::size_t>(frames));
  float shake_x = 0, shake_y = 0;
  for (int i = 0; i < frames; ++i) {
    const float time = static_cast<float>(i) / static_cast<float>(std::max(frames - 1, 1));
    const float share = pace.at(time);
    shake_x = std::clamp(shake_x + random.between(-shake, shake), -most_shake, most_shake);
    shake_y = std::clamp(shake_y + random.between(-shake, shake), -most_shake, most_shake);
    Moment& moment = moments[static_cast<std::size_t>(i)];
    moment.x = course.x.at(share);
    moment.y = course.y.at(share);
    moment.radius = course.radius.at(share);
    moment.angle = angle + spin * time;
    moment.light = course.light.at(share) * (1 + random.between(-flicker, flicker));
    moment.shake_x = shake_x;
    moment.shake_y = shake_y;
  }
  return moments;
}

}  // namespace vidclass::dataset
