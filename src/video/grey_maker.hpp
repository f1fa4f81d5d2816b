// Choosing and making the small grey pictures of a clip.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <utility>
#include <vector>

#include "vidclass/tensor.hpp"
#include "video/frame_plan.hpp"
#include "video/grey_runs.hpp"
#include "video/orientation.hpp"
#include "video/scaler.hpp"

namespace vidclass::video {

/// Those of a clip by the times of its pictures, ascending members of Timeline::times.
struct GreyPlan {
  std::vector<std::int64_t> times;
  std::vector<GreyRun> runs;
};

/// Of a clip up to 90 steps of 1/15 s long all pictures, of a longer one 5 runs of 18 steps.
/// Nothing of a timeline without frames.
[[nodiscard]] GreyPlan plan_grey_runs(const Timeline& timeline);

/// Makes the pictures. One thread at a time.
class GreyMaker {
public:
  /// `path` is named in errors.
  GreyMaker(std::filesystem::path path, std::size_t count, Orientation of_stream);

  /// The frame becomes the picture of this place. All get the size of the first that comes. Throws
  /// ClipError if the frame's pixel format cannot be converted.
  void put(std::size_t place, const AVFrame& frame);
  [[nodiscard]] Tensor take() && { return std::move(pictures_); }

private:
  std::filesystem::path path_;
  std::size_t count_;
  Orientation of_stream_;
  int width_ = 0;  // as shown; 0: not known yet
  int height_ = 0;
  Tensor pictures_;
  Scaler scaler_;
};

}  // namespace vidclass::video
