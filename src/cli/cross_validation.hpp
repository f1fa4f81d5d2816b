// Training with a part of the clips left out, each part in turn.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/data_job.hpp"
#include "cli/score.hpp"
#include "cli/train_job.hpp"
#include "train/train.hpp"

namespace vidclass::cli {

/// Deals the training and validation clips out to `folds` parts with whole groups, and
/// gives for each part the others to train on. Throws UsageError if there are too few
/// groups.
[[nodiscard]] std::vector<TrainingData> make_folds(const dataset::Manifest& manifest,
                                                   const DataFeatures& features, int folds,
                                                   std::uint64_t seed);

/// One number a training.
struct Spread {
  std::vector<double> top1;
  std::vector<double> loss;

  void add(const train::TrainResult& result);
  /// {"val_top1": [...], "val_top1_mean", "val_top1_deviation", "val_loss": [...], ...}
  [[nodiscard]] Json json() const;
  /// "validation top-1 73.2 % ± 1.4, loss 0.912 ± 0.041"
  [[nodiscard]] std::string text() const;
};

}  // namespace vidclass::cli
