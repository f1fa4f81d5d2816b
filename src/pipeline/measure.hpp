// Networks and precisions on this machine and these clips: speed, agreement, accuracy.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backbone/precision.hpp"
#include "core/json.hpp"
#include "evaluate/agreement.hpp"
#include "features/extractor.hpp"
#include "pipeline/data.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::pipeline {

/// A network as it is to be measured.
struct NetworkSetting {
  std::string network;  // a known name, or a file that takes frames as ImageNet's networks do
  int size = 0;         // side of the frames in pixels; 0: the network's own
  backbone::Precision precision = backbone::Precision::automatic;
};
/// "NETWORK[@SIZE][:PRECISION]", for instance "xception@224:int8". Throws UsageError.
[[nodiscard]] NetworkSetting network_setting_from(std::string_view text);

struct MeasureRequest {
  DataRequest data;
  /// How clips are taken, and the network. backbone.precision: the one to measure; `automatic`:
  /// f32, bf16 and int8 in turn.
  features::ExtractOptions features;
  /// Measured side by side in the place of that network.
  std::vector<NetworkSetting> networks{};
  /// A picture of speed against accuracy (report/trade_off.hpp); empty: none.
  std::filesystem::path output{};
  /// Replace a file that is there already and that vidclass did not write.
  bool overwrite = false;
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

struct MeasuredNetwork {
  std::string name;
  int size = 0;  // of frames, in pixels
  backbone::Precision precision = backbone::Precision::f32;
  double work = 0;  // billions of operations a frame
  /// Frames a second of the network, and billions of operations a second of the quickest matrix
  /// product measured beside it; one a round.
  std::vector<double> speeds, peaks;
  /// Median of the speeds' ratios, where bf16 of this network and size was measured.
  std::optional<double> times_bf16{};
  evaluate::Agreement agreement{};  // of the features to those of f32
  std::vector<double> test_top1{};  // one a seed
  /// Is none both quicker and more accurate? Only where accuracies were measured.
  bool on_front = false;

  /// Of the peak that the network reached, one a round.
  [[nodiscard]] std::vector<double> shares() const;
};

/// What `bench --json` promises of each.
[[nodiscard]] Json to_json(const MeasuredNetwork& network);

struct MeasureOutcome {
  std::vector<MeasuredNetwork> networks;
  std::size_t frames = 0;  // that speed and agreement were measured on
};

/// Sets MeasuredNetwork::on_front by median speeds and mean accuracies (Pareto's front).
void find_front(std::vector<MeasuredNetwork>& networks);

/// Throws UsageError for a network that does not run in OpenVINO, for an output that is an input or
/// without accuracies to draw, Error, Cancelled.
[[nodiscard]] MeasureOutcome measure(const MeasureRequest& request, const Hooks& hooks = {});

}  // namespace vidclass::pipeline
