#include "video/grey_maker.hpp"

#include <algorithm>
#include <cmath>

#include "vidclass/error.hpp"

namespace vidclass::video {
namespace {

constexpr double flow_rate = 15;  // pictures/s
constexpr std::size_t most_steps = 90;
// Of a longer clip.
constexpr std::size_t run_count = 5;
constexpr std::size_t steps_a_run = most_steps / run_count;

constexpr double short_side = 320;
constexpr double longest_side = 1280;

/// The times nearest to steps of 1/15 s, each from the one before. What is left at the end is no
/// step if it is much shorter, but for a clip that has no other.
std::vector<std::int64_t> every_fifteenth(const Timeline& timeline) {
  const std::vector<std::int64_t>& times = timeline.times;
  const auto step =
      std::max<std::int64_t>(1, std::llround(1 / std::max(1e-18, flow_rate * timeline.tick)));
  std::vector<std::int64_t> chosen;
  for (auto at = times.begin(); at != times.end();) {
    const std::int64_t wanted = *at + step;
    chosen.push_back(*at);
    const auto after = std::lower_bound(at + 1, times.end(), wanted);
    const bool earlier_is_nearer =
        after != at + 1 && (after == times.end() || wanted - *(after - 1) <= *after - wanted);
    const auto next = earlier_is_nearer ? after - 1 : after;
    const bool too_short =
        after == times.end() && next != after && 3 * (*next - *at) < 2 * step && chosen.size() > 1;
    at = too_short ? after : next;
  }
  return chosen;
}

int grey_length(double pixels, double scale) {
  constexpr double multiple = 16;
  const double length = std::min(longest_side, pixels * scale);
  return static_cast<int>(multiple * std::max(1.0, std::round(length / multiple)));
}

}  // namespace

GreyPlan plan_grey_runs(const Timeline& timeline) {
  const std::vector<std::int64_t> all = every_fifteenth(timeline);
  if (all.empty()) return {};
  if (all.size() <= most_steps + 1) return {.times = all, .runs = {{0, all.size()}}};
  GreyPlan plan;
  const std::size_t room = all.size() - 1 - steps_a_run;
  for (std::size_t run = 0; run < run_count; ++run) {
    const std::size_t start = room * run / (run_count - 1);
    std::size_t first = plan.times.size();
    for (std::size_t i = start; i <= start + steps_a_run; ++i) {
      if (!plan.times.empty() && all[i] <= plan.times.back()) {
        --first;
        continue;
      }
      plan.times.push_back(all[i]);
    }
    plan.runs.push_back({first, steps_a_run + 1});
  }
  return plan;
}

GreyMaker::GreyMaker(std::filesystem::path path, std::size_t count, Orientation of_stream)
    : path_(std::move(path)),
      count_(count),
      of_stream_(of_stream),
      scaler_(AV_PIX_FMT_GRAY8, SWS_AREA, ColourRule::by_frame) {}

void GreyMaker::put(std::size_t place, const AVFrame& frame) {
  const Orientation orientation = orientation_of(frame, of_stream_);
  if (width_ == 0) {
    double across = frame.width * pixel_aspect(frame);
    double down = frame.height;
    if (orientation.transpose) std::swap(across, down);
    const double scale = short_side / std::min(across, down);
    width_ = grey_length(across, scale);
    height_ = grey_length(down, scale);
    pictures_ = Tensor(
        DType::u8, {count_, static_cast<std::size_t>(height_), static_cast<std::size_t>(width_)});
  }
  const int stored_width = orientation.transpose ? height_ : width_;
  const int stored_height = orientation.transpose ? width_ : height_;
  const AVFrame* grey = scaler_.run(frame, stored_width, stored_height);
  if (!grey) throw ClipError(path_, "its pixel format cannot be converted to grey");
  const std::size_t bytes = static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_);
  copy_oriented(grey->data[0], grey->linesize[0], stored_width, stored_height, orientation,
                pictures_.data<std::uint8_t>().subspan(place * bytes, bytes).data(),
                /*channels=*/1);
}

}  // namespace vidclass::video
