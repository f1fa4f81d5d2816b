// Ranges for int8, measured on a user's own clips.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>

#include "backbone/backbone.hpp"
#include "evaluate/agreement.hpp"
#include "features/extractor.hpp"
#include "pipeline/data.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::pipeline {

struct CalibrateRequest {
  DataRequest data;
  /// The network, and how frames are taken.
  features::ExtractOptions features;
  /// Calibrate the network of this model file instead, with its way of taking frames; empty: none.
  std::filesystem::path model{};
  /// The file to write; empty: where int8 looks for it (ExtractOptions::backbone.calibration_dir).
  std::filesystem::path output{};
  /// Replace files that are there already and that vidclass did not write.
  bool overwrite = false;
};

struct CalibrateOutcome {
  std::filesystem::path path;  // what was written
  backbone::BackboneInfo network;
  std::size_t frames = 0;  // measured on
  std::size_t clips = 0;
  /// Of int8 to f32 on frames of every fourth clip, which was not measured on; empty where there
  /// are too few clips.
  std::optional<evaluate::Agreement> agreement{};
  std::size_t compared_frames = 0;
};

/// Throws UsageError for a network that does not run in OpenVINO and outputs that are inputs,
/// Error, Cancelled.
[[nodiscard]] CalibrateOutcome calibrate(const CalibrateRequest& request, const Hooks& hooks = {});

/// For what is measured in OpenVINO: throws UsageError where another library is the engine.
void require_openvino(const features::ExtractOptions& options);

}  // namespace vidclass::pipeline
