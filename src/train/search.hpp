// Finding good settings: asynchronous successive halving (Li et al., "A system for
// massively parallel hyperparameter tuning", MLSys 2020).
//
// Many settings are tried for few epochs; the best third of those are tried again with
// three times as many, and so on. Which trial comes next follows from the results so
// far, so that several processes can take trials from one table.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "train/train.hpp"

namespace vidclass::train {

/// One choice of settings, at one number of epochs.
struct Trial {
  int number = 1;  // from 1
  int rung = 0;    // 0: the fewest epochs

  bool operator==(const Trial&) const = default;
};

struct TrialResult {
  Trial trial;
  double val_loss = 0;
  double val_top1 = 0;
};

struct SearchOptions {
  /// The settings that are not searched, and where the search starts: trial 1 is these.
  TrainOptions base;
  std::uint64_t seed = 1;  // of the settings tried
  int trials = 30;
  int folds = 0;  // trials are cross-validated with so many; 0: with the validation clips
};

/// One line of JSON that tells one search from another: all of the options but the
/// number of trials, and the content of the data.
[[nodiscard]] std::string subject_of(const SearchOptions& options, const LabelledFeatures& train,
                                     const LabelledFeatures& validation);

/// Epochs of each rung: the last is the recipe's, each before it a third, at most three
/// rungs, none below one epoch.
[[nodiscard]] std::vector<int> rung_epochs(const SearchOptions& options);

/// The settings of a trial: trial 1 those of `base` unchanged; others drawn from the
/// space that docs/training.md lists, the same for the same seed and number. What `base`
/// sets explicitly is not searched.
[[nodiscard]] TrainOptions settings_of(const SearchOptions& options, const Trial& trial);

/// What to do next: a result of the highest rung that is among the best third there and
/// was not taken further, or a new trial, or nothing. `is_taken` tells of trials that
/// someone is working on.
[[nodiscard]] std::optional<Trial> next_trial(const SearchOptions& options,
                                              const std::vector<TrialResult>& results,
                                              const std::function<bool(const Trial&)>& is_taken);

/// Better first: of the highest rung, then by loss.
[[nodiscard]] std::vector<TrialResult> ranked(std::vector<TrialResult> results);

}  // namespace vidclass::train
