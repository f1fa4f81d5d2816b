// The work of `evaluate`: models scored on the clips of a data set.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "classify/classifier.hpp"
#include "pipeline/data.hpp"
#include "pipeline/page.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::pipeline {

struct EvaluateRequest {
  std::filesystem::path model;
  DataRequest data;
  /// cache_dir: of features and of what is known of the clips' contents.
  classify::ClassifierOptions classifier{};
  /// "train", "val", "test" or "all" (choose_clips()).
  std::string split = "test";
  /// Another model, compared on the same clips by McNemar's test; empty: none.
  std::filesystem::path against{};
  /// Models of the same kind from other seeds, for mean and deviation.
  std::vector<std::filesystem::path> also{};
  /// Throw Error where clips that were trained on are tested, or splits leak.
  bool refuse_leaks = false;
  /// Each clip's probabilities as a CSV; empty: not written.
  std::filesystem::path predictions{};
  /// A page with everything, one HTML file; empty: not written.
  std::filesystem::path report{};
  /// Replace files that are there already and that vidclass did not write.
  bool overwrite = false;
  /// What the page says made it; may be empty.
  std::string command{};
};

struct EvaluateOutcome {
  report::EvaluationRecord record;
  Answers answers;
  /// What could spoil the score, one sentence each; all were told as messages.
  std::vector<std::string> warnings;
};

/// Throws UsageError for labels that the model does not know, a split without clips and outputs
/// that are inputs or folders; Error where no clip is usable; Cancelled. Unusable clips are told as
/// messages and kept in the record.
[[nodiscard]] EvaluateOutcome evaluate(const EvaluateRequest& request, const Hooks& hooks = {});

}  // namespace vidclass::pipeline
