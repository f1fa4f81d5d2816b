// What the members of a `gru` are to read, found on groups left out.
#pragma once

#include <cstddef>
#include <cstdint>

#include "cli/context.hpp"
#include "cli/data_job.hpp"
#include "cli/score.hpp"
#include "train/mixture.hpp"
#include "train/train.hpp"

namespace vidclass::cli {

struct ViewChoice {
  train::Mixture mixture = train::Mixture::balanced;
  /// {"mixture": "balanced", "folds": 3, "groups": 42, "loss": {"balanced": 1.28, ...}}, for the
  /// model file; without folds: {"mixture", "reason"}.
  Json document;
};

/// Deals the training and validation clips out to three parts with whole groups, leaves each
/// out in turn, trains a head of each view on the others for half of the epochs, and takes the
/// mixture that train::choose_mixture() finds for what was left out. Test clips are not touched.
/// Data without at least six groups keeps `balanced`: its folds would come from the same scenes.
/// Says in one line what was chosen and why. `options`: as for the training to come. Throws
/// Cancelled.
[[nodiscard]] ViewChoice choose_views(const dataset::Manifest& manifest,
                                      const DataFeatures& features,
                                      const train::TrainOptions& options,
                                      const train::LearnerFactory& make_learner,
                                      const Context& context);

}  // namespace vidclass::cli
