#include "backbone/balance.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace vidclass::backbone {
namespace {

constexpr double activation_steps = 255;
constexpr double weight_steps = 127;
constexpr double least = 1e-30;  // what may be divided by

/// One convolution that reads the channels.
class Reader {
public:
  Reader(const ConvolutionWeights& weights, std::span<const ChannelRange> ranges)
      : weights_(weights) {
    for (std::size_t o = 0; o < weights.out; ++o) {
      double variance = 0;
      const auto values = weights.of_output(o);
      for (std::size_t k = 0; k < values.size(); ++k) {
        variance += double{values[k]} * values[k] * ranges[weights.input_channel(o, k)].variance;
      }
      importance_.push_back(1 / std::max(variance, least));
    }
  }

  /// Adds to each channel's `own` what its width squared is multiplied by in the error, and to
  /// `of_weights` what is divided by it, but for the channel's variance.
  void add_terms(std::span<const double> widths, std::vector<double>& own,
                 std::vector<double>& of_weights) const {
    for (std::size_t o = 0; o < weights_.out; ++o) {
      const auto values = weights_.of_output(o);
      double greatest = 0;
      for (std::size_t k = 0; k < values.size(); ++k) {
        greatest =
            std::max(greatest, std::abs(double{values[k]}) * widths[weights_.input_channel(o, k)]);
      }
      const double step = greatest / weight_steps;
      for (std::size_t k = 0; k < values.size(); ++k) {
        const std::size_t c = weights_.input_channel(o, k);
        const double weight = values[k] / activation_steps;
        own[c] += importance_[o] * weight * weight;
        of_weights[c] += importance_[o] * step * step;
      }
    }
  }

private:
  const ConvolutionWeights& weights_;
  std::vector<double> importance_;
};

}  // namespace

std::vector<double> balanced_widths(std::span<const ChannelRange> ranges,
                                    std::span<const ConvolutionWeights> readers) {
  std::vector<Reader> all;
  for (const ConvolutionWeights& weights : readers) all.emplace_back(weights, ranges);
  std::vector<double> widths;
  for (const ChannelRange& range : ranges) widths.push_back(range.width());
  std::vector<double> best = widths;
  double least_error = std::numeric_limits<double>::max();
  constexpr int rounds = 20;  // the error settles after about ten
  for (int round = 0; round < rounds; ++round) {
    std::vector<double> own(ranges.size());
    std::vector<double> of_weights(ranges.size());
    for (const Reader& reader : all) reader.add_terms(widths, own, of_weights);
    double error = 0;
    for (std::size_t c = 0; c < ranges.size(); ++c) {
      error += own[c] * widths[c] * widths[c] +
               of_weights[c] * ranges[c].variance / (widths[c] * widths[c]);
    }
    if (error < least_error) {
      least_error = error;
      best = widths;
    }
    for (std::size_t c = 0; c < ranges.size(); ++c) {
      // Where the derivative is zero while the steps of the weights stay as they are; half the way,
      // since they do not.
      const double wanted =
          std::pow(of_weights[c] * ranges[c].variance / std::max(own[c], least), 0.25);
      widths[c] = std::max(ranges[c].width(), std::sqrt(widths[c] * wanted));
    }
  }
  return best;
}

}  // namespace vidclass::backbone
