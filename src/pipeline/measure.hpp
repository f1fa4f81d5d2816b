// The precisions of a network on this machine and these clips: speed, agreement, accuracy.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "backbone/precision.hpp"
#include "evaluate/agreement.hpp"
#include "features/extractor.hpp"
#include "pipeline/data.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::pipeline {

struct MeasureRequest {
  DataRequest data;
  /// backbone.precision: the one to measure; `automatic`: f32, bf16 and int8 in turn.
  features::ExtractOptions features;
  double seconds = 2;    // for each measurement of speed
  int rounds = 5;        // how often each speed is measured, in turn
  bool accuracy = true;  // extract all clips and train `seeds` heads for each precision
  int seeds = 3;
};

/// Of several measurements.
struct Spread {
  double median = 0, least = 0, most = 0;
};
[[nodiscard]] Spread spread_of(std::vector<double> values);

struct MeasuredPrecision {
  backbone::Precision precision = backbone::Precision::f32;
  double work = 0;  // billions of operations a frame
  /// Frames a second of the network, and billions of operations a second of the quickest matrix
  /// product measured beside it; one a round.
  std::vector<double> speeds, peaks;
  std::optional<double> times_bf16{};  // median of the speeds' ratios, where bf16 was measured
  evaluate::Agreement agreement{};     // of the features to those of f32
  std::vector<double> test_top1{};     // one a seed

  /// Of the peak that the network reached, one a round.
  [[nodiscard]] std::vector<double> shares() const;
};

struct MeasureOutcome {
  std::vector<MeasuredPrecision> precisions;
  int size = 0;            // of frames, in pixels
  std::size_t frames = 0;  // that speed and agreement were measured on
};

/// Throws UsageError for a network that does not run in OpenVINO, Error, Cancelled.
[[nodiscard]] MeasureOutcome measure(const MeasureRequest& request, const Hooks& hooks = {});

}  // namespace vidclass::pipeline
