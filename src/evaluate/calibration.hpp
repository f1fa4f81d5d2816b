// Whether a probability means what it says.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "vidclass/tensor.hpp"

namespace vidclass::evaluate {

/// Clips whose highest probability lies in (low, high].
struct ReliabilityBin {
  double low = 0;
  double high = 0;
  std::size_t clips = 0;
  double confidence = 0;  // mean highest probability; 0 without clips
  double accuracy = 0;    // share of right answers; 0 without clips
};

struct Calibration {
  /// Expected calibration error: |accuracy - confidence| of the bins, weighted by
  /// their clips (Guo et al., "On Calibration of Modern Neural Networks", 2017).
  double ece = 0;
  double mean_confidence = 0;
  std::vector<ReliabilityBin> bins;  // of equal width, from 0 to 1; 0 is in the first
};

/// Arguments and errors as for compute_metrics(); `bins` at least 1.
[[nodiscard]] Calibration compute_calibration(const Tensor& probabilities,
                                              std::span<const std::size_t> labels,
                                              std::size_t bins = 15);

}  // namespace vidclass::evaluate
