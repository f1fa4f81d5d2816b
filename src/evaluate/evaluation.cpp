#include "evaluate/evaluation.hpp"

namespace vidclass::evaluate {

Evaluation evaluate(const Tensor& probabilities, std::span<const std::size_t> labels,
                    std::span<const std::string> groups, const BootstrapOptions& options) {
  return {.metrics = compute_metrics(probabilities, labels),
          .intervals = bootstrap(probabilities, labels, groups, options),
          .calibration = compute_calibration(probabilities, labels)};
}

}  // namespace vidclass::evaluate
