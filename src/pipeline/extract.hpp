// The work of `extract`: features of clips, with labels or without, into the cache and into files.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "features/extractor.hpp"
#include "pipeline/data.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::pipeline {

struct ExtractRequest {
  std::vector<video::ClipSource> clips;
  features::ExtractOptions features;
  /// Of these clips, by their place in `clips`, also the faded version that training draws of
  /// beside the plain one.
  std::vector<std::size_t> faded{};
  /// Where the features are written besides the cache; empty: nowhere.
  ///   FILE.safetensors  one file: an array [T, W] for each clip, named by its path
  ///   FILE.jsonl        a line for each clip: {"path", "frames": T, "vector": mean over time [W]}
  ///   else a folder     NAME.npy for each clip, float32 [T, W]
  std::filesystem::path output{};
  /// Replace files that are there already and that vidclass did not write.
  bool overwrite = false;
  /// NAME of each clip in a folder, such as "jump/clip_1"; empty: its file's name. Names that come
  /// twice are told apart by numbers.
  std::vector<std::string> names{};
  /// Throw Error where no clip is usable.
  bool require_usable = true;
  /// What errors call them all, such as the data set; may be empty.
  std::filesystem::path source{};
};

struct ExtractOutcome {
  features::ExtractReport report;
  features::FeatureSettings settings;
  std::size_t written = 0;  // arrays or lines
};

/// Each array is float32 [T, W]: T frames in order of time, W = P (D + M) features
/// (features::joined_poolings()). Throws UsageError for outputs that are inputs, Error, Cancelled.
/// Unusable clips are told as messages and in the report.
[[nodiscard]] ExtractOutcome extract(const ExtractRequest& request, const Hooks& hooks = {});

/// A data set as a request: its clips, named "<label>/<file>".
[[nodiscard]] ExtractRequest request_of(const dataset::Manifest& manifest,
                                        const features::ExtractOptions& options, bool faded);

}  // namespace vidclass::pipeline
