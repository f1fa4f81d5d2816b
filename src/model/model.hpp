// The one file that holds all that is needed to classify clips.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "backbone/network_file.hpp"
#include "backbone/precision.hpp"
#include "core/safetensors.hpp"
#include "head/head.hpp"
#include "model/motion_stream.hpp"
#include "model/training_record.hpp"
#include "video/clip_settings.hpp"

namespace vidclass::model {

/// Clips by their content: the first 16 digits of the file's SHA-256, followed by
/// "@<start>-<end>" in seconds for a span of the file.
struct SeenClips {
  std::vector<std::string> train;
  std::vector<std::string> validation;
};

struct Model {
  std::vector<std::string> labels;  // in the order of the heads' outputs; unique
  /// How frames are taken and made ready.
  video::ClipSettings clip;
  /// The network, and its fingerprint (BackboneInfo): a network with another
  /// fingerprint computes other features and must not be used.
  std::string backbone;
  /// Where the network is and how it takes frames, if it is a file.
  std::optional<backbone::NetworkFile> network{};
  std::string fingerprint;
  /// What the features were computed in for training; never `automatic`.
  backbone::Precision precision = backbone::Precision::f32;
  /// For int8 the ranges of the activations (backbone::Calibration), so that the same
  /// features can be computed elsewhere; else empty.
  NamedTensors calibration;
  /// Of a fine-tuned network: the weights that take the place of the published ones, as
  /// BackboneOptions::tuned; null: none. The fingerprint is that of the whole.
  std::shared_ptr<const NamedTensors> tuned{};
  head::Ensemble heads;
  /// Looks at the clip's movement alone, beside the heads; empty: appearance decides.
  std::optional<MotionStream> motion{};
  /// The mean-pool head trained beside it on the same clips: the baseline. Empty for a network that
  /// was trained elsewhere.
  std::optional<head::Head> baseline{};
  /// The clips that it was trained and validated on; empty for a model that does not
  /// tell.
  SeenClips seen = {};
  /// Empty for a model that was made elsewhere and does not tell.
  std::optional<TrainingRecord> training = std::nullopt;
};

/// Safetensors; the file appears whole or not at all. Throws Error.
void write(const std::filesystem::path& path, const Model& model);

/// Checks everything: names, shapes, finite values, labels. Throws UsageError
/// if there is no such file, and Error naming the file and what is wrong with it.
/// A network of a file that is not where it was is looked for beside the model.
[[nodiscard]] Model read(const std::filesystem::path& path);

}  // namespace vidclass::model
