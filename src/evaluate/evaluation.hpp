// All that is said of one model on one set of clips.
#pragma once

#include <span>
#include <string>

#include "evaluate/bootstrap.hpp"
#include "evaluate/calibration.hpp"
#include "evaluate/metrics.hpp"

namespace vidclass::evaluate {

struct Evaluation {
  Metrics metrics;
  ConfidenceIntervals intervals;
  Calibration calibration;
};

/// Arguments and errors as for bootstrap().
[[nodiscard]] Evaluation evaluate(const Tensor& probabilities, std::span<const std::size_t> labels,
                                  std::span<const std::string> groups = {},
                                  const BootstrapOptions& options = {});

}  // namespace vidclass::evaluate
