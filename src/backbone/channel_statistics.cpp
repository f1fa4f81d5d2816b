#include "backbone/channel_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace vidclass::backbone {
namespace {

constexpr double least_width = 1e-6;
constexpr double steps = 255;

/// Runs `body(channel, values of that channel in one frame)`.
template <typename Body>
void for_each_channel(std::span<const float> values, std::size_t frames, std::size_t channels,
                      Body body) {
  const std::size_t positions = values.size() / (frames * channels);
  for (std::size_t frame = 0; frame < frames; ++frame) {
    for (std::size_t channel = 0; channel < channels; ++channel) {
      body(channel, values.subspan((frame * channels + channel) * positions, positions));
    }
  }
}

}  // namespace

double ChannelRange::width() const { return std::max(least_width, double{high} - double{low}); }

void ChannelRange::set_width(double width) {
  const double centre = (double{high} + double{low}) / 2;
  switch (place) {
    case Place::from_zero:
      low = 0;
      high = static_cast<float>(width);
      break;
    case Place::about_zero:
      low = static_cast<float>(-width * 128 / steps);
      high = static_cast<float>(width * 127 / steps);
      break;
    case Place::anywhere:
      low = static_cast<float>(centre - width / 2);
      high = static_cast<float>(centre + width / 2);
      break;
  }
}

ChannelStatistics::ChannelStatistics(std::size_t channels)
    : channels_(channels),
      least_(channels, std::numeric_limits<float>::max()),
      greatest_(channels, std::numeric_limits<float>::lowest()),
      sum_(channels, 0.0) {}

void ChannelStatistics::add_extremes(std::span<const float> values, std::size_t frames) {
  for_each_channel(values, frames, channels_, [&](std::size_t channel, auto of_channel) {
    float least = least_[channel];
    float greatest = greatest_[channel];
    double sum = 0;
    for (const float value : of_channel) {
      least = std::min(least, value);
      greatest = std::max(greatest, value);
      sum += value;
    }
    least_[channel] = least;
    greatest_[channel] = greatest;
    sum_[channel] += sum;
  });
  count_ += values.size() / channels_;
}

void ChannelStatistics::add_histogram(std::span<const float> values, std::size_t frames) {
  histograms_.resize(channels_ * bins);
  for_each_channel(values, frames, channels_, [&](std::size_t channel, auto of_channel) {
    const float least = least_[channel];
    const float width = std::max(static_cast<float>(least_width), greatest_[channel] - least);
    const float scale = static_cast<float>(bins) / width;
    std::uint32_t* const histogram = &histograms_[channel * bins];
    for (const float value : of_channel) {
      const auto bin = static_cast<std::size_t>(std::max(0.0F, (value - least) * scale));
      ++histogram[std::min(bin, bins - 1)];
    }
  });
}

bool ChannelStatistics::is_signed() const {
  return std::any_of(least_.begin(), least_.end(), [](float least) { return least < 0; });
}

double ChannelStatistics::bin_centre(std::size_t channel, std::size_t bin) const {
  const double width = std::max(least_width, double{greatest_[channel]} - least_[channel]);
  return least_[channel] + width * (static_cast<double>(bin) + 0.5) / bins;
}

ChannelRange ChannelStatistics::least_error_range(std::size_t channel,
                                                  ChannelRange::Place place) const {
  using Place = ChannelRange::Place;
  const double mean = sum_[channel] / static_cast<double>(count_);
  const double least = place == Place::from_zero ? 0 : least_[channel];
  const double greatest = std::max({double{greatest_[channel]}, least, least_width});
  double best_error = std::numeric_limits<double>::max();
  ChannelRange best;
  constexpr int tries = 15;
  for (int i = 0; i < tries; ++i) {
    const double keep = 1 - 0.05 * i;  // of the distance between the extremes
    double low = 0;
    double high = greatest * keep;
    if (place == Place::about_zero) {
      high = std::max(greatest, -least) * keep;
      low = -high * 128 / 127;
    } else if (place == Place::anywhere) {
      low = mean + (least - mean) * keep;
      high = mean + (greatest - mean) * keep;
    }
    const double step = (high - low) / steps;
    double error = 0;
    for (std::size_t bin = 0; bin < bins; ++bin) {
      const double value = bin_centre(channel, bin);
      const double beyond = value - std::clamp(value, low, high);
      // Rounding to a multiple of the step has a variance of step^2 / 12.
      error +=
          histograms_[channel * bins + bin] * (beyond == 0 ? step * step / 12 : beyond * beyond);
    }
    if (error < best_error) {
      best_error = error;
      best.low = static_cast<float>(low);
      best.high = static_cast<float>(high);
    }
  }
  best.place = place;
  best.set_width(best.width());
  best.mean = static_cast<float>(mean);
  best.variance = variance(channel);
  return best;
}

double ChannelStatistics::variance(std::size_t channel) const {
  const double mean = sum_[channel] / static_cast<double>(count_);
  double sum = 0;
  for (std::size_t bin = 0; bin < bins; ++bin) {
    const double distance = bin_centre(channel, bin) - mean;
    sum += histograms_[channel * bins + bin] * distance * distance;
  }
  return sum / static_cast<double>(count_);
}

std::vector<ChannelRange> ChannelStatistics::ranges(bool exact_zero) const {
  using Place = ChannelRange::Place;
  const Place place = !is_signed() ? Place::from_zero
                      : exact_zero ? Place::about_zero
                                   : Place::anywhere;
  std::vector<ChannelRange> result;
  for (std::size_t channel = 0; channel < channels_; ++channel) {
    result.push_back(least_error_range(channel, place));
  }
  return result;
}

QuantisedMean::QuantisedMean(const std::vector<ChannelRange>& ranges)
    : ranges_(ranges), sum_(ranges.size(), 0.0) {}

void QuantisedMean::add(std::span<const float> values, std::size_t frames) {
  for_each_channel(values, frames, ranges_.size(), [&](std::size_t channel, auto of_channel) {
    const ChannelRange& range = ranges_[channel];
    const auto step = static_cast<float>(range.width() / steps);
    const float per_step = 1 / step;
    double sum = 0;
    for (const float value : of_channel) {
      const float whole = (std::clamp(value, range.low, range.high) - range.low) * per_step;
      sum += std::nearbyint(whole);
    }
    sum_[channel] += sum * step + double{range.low} * static_cast<double>(of_channel.size());
  });
  count_ += values.size() / ranges_.size();
}

std::vector<float> QuantisedMean::means() const {
  std::vector<float> means;
  for (const double sum : sum_)
    means.push_back(static_cast<float>(sum / static_cast<double>(count_)));
  return means;
}

}  // namespace vidclass::backbone
