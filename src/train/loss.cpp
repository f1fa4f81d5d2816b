#include "train/loss.hpp"

#include <algorithm>
#include <cmath>

namespace vidclass::train {

Loss::Result Loss::of(const Tensor& logits, std::span<const std::size_t> labels) const {
  const std::size_t count = logits.dim(1);
  const auto weight = [&](std::size_t label) {
    return label_weights.empty() ? 1.0 : static_cast<double>(label_weights[label]);
  };
  double clip_weights = 0;
  for (const std::size_t label : labels) clip_weights += weight(label);
  double all_weights = 0;
  for (std::size_t c = 0; c < count; ++c) all_weights += weight(c);
  const double smooth = label_smoothing / static_cast<double>(count);

  Result result;
  result.gradient = Tensor(DType::f32, logits.shape());
  std::vector<double> log_probability(count);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto row = logits.data<float>().subspan(i * count, count);
    const double top = *std::max_element(row.begin(), row.end());
    double sum = 0;
    for (const float value : row) sum += std::exp(value - top);
    const double log_sum = top + std::log(sum);
    for (std::size_t c = 0; c < count; ++c) log_probability[c] = row[c] - log_sum;

    // Of clip i: -sum over c of share(c) ln p(c).
    const auto share = [&](std::size_t c) {
      const double own = c == labels[i] ? (1 - label_smoothing) * weight(c) : 0;
      return (own + smooth * weight(c)) / clip_weights;
    };
    const double total =
        ((1 - label_smoothing) * weight(labels[i]) + smooth * all_weights) / clip_weights;
    const auto gradient = result.gradient.data<float>().subspan(i * count, count);
    for (std::size_t c = 0; c < count; ++c) {
      if (share(c) > 0) result.value -= share(c) * log_probability[c];
      gradient[c] = static_cast<float>(total * std::exp(log_probability[c]) - share(c));
    }
  }
  return result;
}

std::vector<float> balanced_weights(std::span<const std::size_t> labels, std::size_t count) {
  std::vector<std::size_t> clips(count, 0);
  for (const std::size_t label : labels) ++clips[label];
  std::vector<float> weights;
  for (const std::size_t own : clips) {
    weights.push_back(
        own == 0 ? 0.0F : static_cast<float>(labels.size()) / static_cast<float>(count * own));
  }
  return weights;
}

void softmax(Tensor& logits) {
  const std::size_t count = logits.dim(1);
  for (std::size_t i = 0; i < logits.dim(0); ++i) {
    const auto row = logits.data<float>().subspan(i * count, count);
    const float top = *std::max_element(row.begin(), row.end());
    float sum = 0;
    for (float& value : row) sum += value = std::exp(value - top);
    for (float& value : row) value /= sum;
  }
}

}  // namespace vidclass::train
