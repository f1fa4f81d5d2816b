#include "evaluate/mcnemar.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "evaluate/outcome.hpp"

namespace vidclass::evaluate {
namespace {

/// ln of the binomial coefficient. lgamma of glibc keeps its sign in a global, so
/// the sum of logarithms is used: thread-safe, and as exact.
double log_choose(std::size_t n, std::size_t k) {
  double sum = 0;
  for (std::size_t i = 1; i <= k; ++i) {
    sum += std::log(static_cast<double>(n - k + i)) - std::log(static_cast<double>(i));
  }
  return sum;
}

/// P(min(X, n - X) <= k) for X binomial with n tries of 1/2, k <= n / 2.
double two_sided(std::size_t n, std::size_t k) {
  if (2 * k >= n) return 1;
  const auto tries = static_cast<double>(n);
  double term = std::exp(log_choose(n, k) - tries * std::numbers::ln2);
  double sum = 0;
  // From the largest term down, until the rest does not count.
  for (std::size_t i = k;; --i) {
    sum += term;
    if (i == 0 || term < sum * 1e-18) break;
    term *= static_cast<double>(i) / static_cast<double>(n - i + 1);
  }
  return std::min(1.0, 2 * sum);
}

}  // namespace

McNemar mcnemar(const Tensor& first, const Tensor& second, std::span<const std::size_t> labels) {
  const auto of_first = outcomes(first, labels);
  const auto of_second = outcomes(second, labels);
  McNemar result;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const bool a = of_first[i].right();
    const bool b = of_second[i].right();
    ++(a ? (b ? result.both_right : result.only_first)
         : (b ? result.only_second : result.both_wrong));
  }
  result.p_value = two_sided(result.only_first + result.only_second,
                             std::min(result.only_first, result.only_second));
  return result;
}

}  // namespace vidclass::evaluate
