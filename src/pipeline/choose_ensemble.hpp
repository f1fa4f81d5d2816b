// Which members a `gru` is to have, found on groups left out.
#pragma once

#include "model/training_record.hpp"
#include "pipeline/train_heads.hpp"
#include "train/train.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::pipeline {

/// What heads say of clips that were left out when they were trained, part by part.
struct LeftOutAnswers {
  std::vector<LeftOutPart> parts;
  Tensor probabilities;             // float32 [N, L]: of the first part's outside, then ...
  std::vector<std::size_t> labels;  // [N]
  std::vector<std::size_t> groups;  // [N], numbered
};

struct EnsembleChoice {
  model::EnsembleRecord record;
  /// Of heads as the chosen mixture has them; without clips where none were left out.
  LeftOutAnswers left_out;
};

/// Of larger sets so many clips, of each label alike; more would take long and change no choice.
inline constexpr std::size_t most_clips_to_choose_by = 1500;

/// Deals the training and validation clips out to three parts with whole groups, leaves each
/// out in turn, trains a head of each design on the others for half of the epochs, and takes the
/// mixture that train::choose_mixture() finds for what was left out. Test clips are not touched.
/// Data without at least six groups keeps `balanced`: its folds would come from the same scenes.
/// `options`: as for the training to come. Throws Cancelled.
[[nodiscard]] EnsembleChoice choose_ensemble(const dataset::Manifest& manifest,
                                             const DataFeatures& features,
                                             const train::TrainOptions& options,
                                             const Hooks& hooks);

}  // namespace vidclass::pipeline
