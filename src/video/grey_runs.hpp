// Small grey pictures a fifteenth of a second apart, for optical flow.
#pragma once

#include <cstddef>
#include <vector>

#include "vidclass/tensor.hpp"

namespace vidclass::video {

/// Pictures that follow each other, by their place among all.
struct GreyRun {
  std::size_t first = 0;
  std::size_t count = 0;
};

struct GreyRuns {
  /// Uint8 [N, height, width]: luma, turned and stretched as the clip is shown. The shorter side
  /// has about 160 pixels and the longer one at most 640; both are multiples of 8.
  Tensor pictures;
  /// When each is shown, in seconds after the file's first frame; N values, ascending.
  std::vector<double> times;
  /// Within a run, each picture is the one shown about 1/15 s after the one before. One run is the
  /// whole clip, several are spread over it evenly and may share their ends.
  std::vector<GreyRun> runs;
};

}  // namespace vidclass::video
