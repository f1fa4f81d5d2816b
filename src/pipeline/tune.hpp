// The work of `tune`: settings of a training tried by successive halving, in one table.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/train.hpp"
#include "train/search.hpp"

namespace vidclass::pipeline {

struct TuneRequest {
  DataRequest data;
  dataset::SplitOptions split{};
  features::ExtractOptions features;
  /// What is set in here is not searched.
  HeadRequest head{};
  int trials = 30;  // settings to try at most
  int folds = 0;    // trials are cross-validated with so many; 0: with the validation clips
  std::uint64_t seed = 1;
  /// The table of results, a line of JSON each. Several processes may work on one, and one that was
  /// ended is gone on with.
  std::filesystem::path table;
  std::optional<double> minutes{};  // begin no trial after so long
  /// How the caller would ask for these settings; kept beside each result.
  std::function<std::string(const train::TrainOptions&)> describe{};
};

struct TuneOutcome {
  features::ExtractReport extraction;
  std::vector<train::TrialResult> results;  // of all processes, the best first
  std::size_t done_here = 0;
  /// For train::settings_of().
  train::SearchOptions search;
};

struct TuneEvents {
  std::function<void(const features::ExtractReport&, const features::FeatureSettings&)>
      on_features{};
  std::function<void(const train::SearchOptions&, const train::TrialResult&)> on_trial{};
};

/// Throws as train() does, and Error where there was no time for a single trial.
[[nodiscard]] TuneOutcome tune(const TuneRequest& request, const Hooks& hooks = {},
                               const TuneEvents& events = {});

}  // namespace vidclass::pipeline
