#include "evaluate/verdict.hpp"

namespace vidclass::evaluate {

Comparison compare(const Tensor& probabilities, const Tensor& other,
                   std::span<const std::size_t> truth, std::string name) {
  return {.name = std::move(name),
          .metrics = compute_metrics(other, truth),
          .test = mcnemar(probabilities, other, truth)};
}

Verdict judge(const Tensor& probabilities, const Tensor& baseline,
              std::span<const std::size_t> truth, std::span<const std::string> groups) {
  Verdict verdict;
  verdict.model = evaluate(probabilities, truth, groups);
  if (!baseline.empty()) {
    verdict.comparisons.push_back(
        compare(probabilities, baseline, truth, "the mean-pool baseline"));
    verdict.baseline = verdict.comparisons.front().metrics;
  }
  const std::size_t labels = probabilities.dim(1);
  verdict.majority = majority_share(truth, labels);
  verdict.chance = 1.0 / static_cast<double>(labels);
  return verdict;
}

}  // namespace vidclass::evaluate
