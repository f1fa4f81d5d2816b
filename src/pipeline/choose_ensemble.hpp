// Which members a `gru` is to have, found on groups left out.
#pragma once

#include "model/training_record.hpp"
#include "pipeline/gather.hpp"
#include "train/train.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::pipeline {

/// Deals the training and validation clips out to three parts with whole groups, leaves each
/// out in turn, trains a head of each design on the others for half of the epochs, and takes the
/// mixture that train::choose_mixture() finds for what was left out. Test clips are not touched.
/// Data without at least six groups keeps `balanced`: its folds would come from the same scenes.
/// `options`: as for the training to come. Throws Cancelled.
[[nodiscard]] model::EnsembleRecord choose_ensemble(const dataset::Manifest& manifest,
                                                    const DataFeatures& features,
                                                    const train::TrainOptions& options,
                                                    const train::LearnerFactory& make_learner,
                                                    const Hooks& hooks);

}  // namespace vidclass::pipeline
