// How good a model is on labelled clips, as numbers and as a page.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vidclass/classifier.hpp"
#include "vidclass/clip.hpp"
#include "vidclass/dataset.hpp"
#include "vidclass/export.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass {

struct EvaluateOptions {
  DatasetOptions data{};
  ClassifierOptions classifier{};
  /// "train", "val", "test" or "all". Splits that the data does not give are those of the model's
  /// training, told by content, so that no model is tested on a clip that it was trained on.
  std::string split = "test";
  /// Throw Error where clips that were trained on are tested, or splits leak.
  bool refuse_leaks = false;
  /// The page to write, one HTML file that loads nothing; empty: none.
  std::filesystem::path report{};
  /// The CSV of each clip's probabilities to write; empty: none.
  std::filesystem::path predictions{};
};

/// Fractions of 1, not per cent.
struct EvaluationReport {
  std::size_t clips = 0;
  double top1 = 0;
  /// 95 % interval of top1, by bootstrap over the groups.
  double top1_low = 0, top1_high = 0;
  double top5 = 0;
  double mean_class_accuracy = 0;
  double loss = 0;  // mean of -ln p(true label)
  /// Of the mean-pool head that was trained beside the model's; empty for an imported network.
  std::optional<double> baseline_top1{};
  double majority = 0;  // what always answering the most frequent label scores
  double chance = 0;
  std::vector<std::string> labels;                  // [L]
  std::vector<std::vector<std::size_t>> confusion;  // [true][predicted], counts
  std::vector<UnusableClip> unusable;
  /// What could spoil the score, one sentence each.
  std::vector<std::string> warnings;
};

/// Throws UsageError for labels that the model does not know and a split without clips, Error where
/// no clip is usable, Cancelled.
[[nodiscard]] VIDCLASS_EXPORT EvaluationReport evaluate_model(const std::filesystem::path& model,
                                                              const std::filesystem::path& data,
                                                              const EvaluateOptions& options = {},
                                                              const Hooks& hooks = {});
/// The same on a data set that the caller has; EvaluateOptions::data is not read.
[[nodiscard]] VIDCLASS_EXPORT EvaluationReport evaluate_model(const std::filesystem::path& model,
                                                              const Dataset& data,
                                                              const EvaluateOptions& options = {},
                                                              const Hooks& hooks = {});

}  // namespace vidclass
