// Training with a part of the clips left out, each part in turn.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/json.hpp"
#include "pipeline/train_heads.hpp"

namespace vidclass::pipeline {

/// Deals clips to train and validate with out to `folds` parts with whole groups, and gives for
/// each part the others to train on. `places`: which of clips_to_train_with(). Throws UsageError if
/// there are too few groups.
[[nodiscard]] std::vector<TrainingData> make_folds(const dataset::Manifest& manifest,
                                                   const DataFeatures& features,
                                                   const std::vector<std::size_t>& places,
                                                   int folds, std::uint64_t seed);
/// The same of all of them.
[[nodiscard]] std::vector<TrainingData> make_folds(const dataset::Manifest& manifest,
                                                   const DataFeatures& features, int folds,
                                                   std::uint64_t seed);

/// The validation scores of several trainings, one element each.
struct Scores {
  std::vector<double> top1;
  std::vector<double> loss;
  double seconds = 0;  // of all

  void add(const train::TrainResult& result);
};
/// {"val_top1": [...], "val_top1_mean", "val_top1_deviation", "val_loss": [...], ...}
[[nodiscard]] Json to_json(const Scores& scores);

/// Trains once for each part left out. `options_of` and `hooks_of` are asked for each, counted
/// from 1; `finish` may change a part's result before its score is taken. Throws Cancelled, also
/// when it was stopped on the way.
[[nodiscard]] Scores cross_validate(
    const std::vector<TrainingData>& parts, const DataFeatures& features, std::size_t labels,
    const std::function<train::TrainOptions(int part)>& options_of,
    const std::function<train::TrainHooks(int part)>& hooks_of,
    const std::function<void(const TrainingData& data, train::TrainResult& result)>& finish = {});

}  // namespace vidclass::pipeline
