// From a data set to labelled features: the first half of every training.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dataset/manifest.hpp"
#include "features/extractor.hpp"
#include "features/motion_source.hpp"
#include "train/features.hpp"
#include "train/kept_features.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::pipeline {

/// Usable clips of one split with their features.
struct SplitFeatures {
  std::vector<std::size_t> clips;  // indices into Manifest::clips, ascending
  train::LabelledFeatures data;    // one each of `clips`
  /// The same clips' cuboids; null unless ExtractOptions::streams asks for them.
  std::shared_ptr<const features::MotionSource> motion{};
};

struct DataFeatures {
  /// Of the clips to validate and test with (video::for_testing()).
  features::FeatureSettings settings;
  features::ExtractReport report;
  std::map<dataset::Split, SplitFeatures> splits;
  /// For what trainings make of them: as much memory again, and the cache's folder.
  train::Room room{};

  [[nodiscard]] const SplitFeatures& of(dataset::Split split) const { return splits.at(split); }
};

/// Extracts (or finds in the cache) the features of all clips in `splits`: those to train
/// with as `options` say, the others as video::for_testing() makes of it. Keeps them in
/// memory if they are at most `most_in_memory` bytes; otherwise they are read from the
/// cache whenever they are needed. Warns of each unusable clip. Throws Error when one of the
/// splits has no usable clip.
///
/// With `faded`, the clips to train and validate with get an augmented version (faded_options()),
/// unless they are feature arrays.
[[nodiscard]] DataFeatures gather_features(const dataset::Manifest& manifest,
                                           const std::vector<dataset::Split>& splits,
                                           const features::ExtractOptions& options, bool faded,
                                           std::size_t most_in_memory, const Hooks& hooks);

/// How the augmented version of clips that are trained on as `options` say is extracted: with what
/// does not move faded, and half as many frames, which serve as well (docs/training.md).
[[nodiscard]] features::ExtractOptions faded_options(features::ExtractOptions options);

/// Adds the work on augmented versions of the same clips.
void add_frames(features::ExtractReport& sum, const features::ExtractReport& report);

/// A warning each.
void tell_unusable(const std::vector<UnusableClip>& unusable, const Hooks& hooks);

}  // namespace vidclass::pipeline
