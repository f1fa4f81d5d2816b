// How the values of each channel are distributed, and which range serves them best.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace vidclass::backbone {

struct ChannelRange {
  enum class Place {
    from_zero,   // low is 0
    about_zero,  // 128 steps below zero to 127 above
    anywhere,
  };
  float low = 0;
  float high = 0;
  float mean = 0;
  double variance = 0;
  Place place = Place::from_zero;

  /// Never 0: a channel that never moves still needs a range that can be divided by.
  [[nodiscard]] double width() const;
  /// Where `place` says; about the middle as it is, if that is anywhere.
  void set_width(double width);
};

/// Of one layer's values. All of them are shown twice, in the same order: first to
/// add_extremes(), then to add_histogram(). One thread at a time.
class ChannelStatistics {
public:
  explicit ChannelStatistics(std::size_t channels);

  /// float32 [frames, channels, positions].
  void add_extremes(std::span<const float> values, std::size_t frames);
  void add_histogram(std::span<const float> values, std::size_t frames);

  /// Has a negative value been seen?
  [[nodiscard]] bool is_signed() const;
  /// `exact_zero`: a signed range is made symmetric, 128 steps to 127 about zero.
  [[nodiscard]] std::vector<ChannelRange> ranges(bool exact_zero) const;

private:
  static constexpr std::size_t bins = 256;

  [[nodiscard]] ChannelRange least_error_range(std::size_t channel,
                                               ChannelRange::Place place) const;
  [[nodiscard]] double variance(std::size_t channel) const;
  [[nodiscard]] double bin_centre(std::size_t channel, std::size_t bin) const;

  std::size_t channels_;
  std::vector<float> least_, greatest_;    // [channels]
  std::vector<double> sum_;                // [channels]
  std::uint64_t count_ = 0;                // values a channel
  std::vector<std::uint32_t> histograms_;  // [channels, bins], between the extremes
};

/// The average of each channel as its range represents it: cut off and rounded to 256
/// steps. Rounding, too, moves it where most values lie within a step of zero.
class QuantisedMean {
public:
  explicit QuantisedMean(const std::vector<ChannelRange>& ranges);

  /// float32 [frames, channels, positions].
  void add(std::span<const float> values, std::size_t frames);
  [[nodiscard]] std::vector<float> means() const;

private:
  std::vector<ChannelRange> ranges_;
  std::vector<double> sum_;
  std::uint64_t count_ = 0;
};

}  // namespace vidclass::backbone
