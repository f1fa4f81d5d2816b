// From features to trained heads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <future>
#include <string>
#include <vector>

#include "head/runner.hpp"
#include "pipeline/gather.hpp"
#include "train/train.hpp"

namespace vidclass::pipeline {

/// Some of the clips to train and validate with, left out while the others are trained on: by their
/// place among those of the training split followed by those of the validation split.
struct LeftOutPart {
  std::vector<std::size_t> inside;
  std::vector<std::size_t> outside;
};

/// Clips to train on and clips to validate with.
struct TrainingData {
  train::LabelledFeatures train;
  train::LabelledFeatures validation;
  /// Where `validation` is a part left out: of which clips the two are.
  LeftOutPart part{};
};

/// Indices into Manifest::clips of those of the training split, then of the validation split.
[[nodiscard]] std::vector<std::size_t> clips_to_train_with(const DataFeatures& features);

/// Of the same clips, numbers of their groups from 0 on; empty where some clip has none.
[[nodiscard]] std::vector<std::size_t> groups_to_train_with(const dataset::Manifest& manifest,
                                                            const DataFeatures& features);

/// The sizes that a head of these features has.
void set_sizes(head::HeadSpec& spec, const DataFeatures& features, std::size_t labels);

/// Whether a head of this kind, once validated, is trained again on all clips unless the caller
/// says otherwise: all but the Keras example's, whose recipe is the example's.
[[nodiscard]] bool refits_by_default(head::HeadKind kind) noexcept;

/// Trains with these options; the sizes of the head are those of `features`.
[[nodiscard]] train::TrainResult train_on(const TrainingData& data, const DataFeatures& features,
                                          std::size_t labels, train::TrainOptions options,
                                          const train::TrainHooks& hooks);
/// The same on the split as it is. With `refit` the heads are then trained once more, on the
/// training and validation clips alike and to the last epoch; curves, scores and
/// `probabilities` stay those of the first time. Stopped while it is trained again, the first
/// heads are what there is.
[[nodiscard]] train::TrainResult train_on(const DataFeatures& features, std::size_t labels,
                                          train::TrainOptions options, bool refit,
                                          const train::TrainHooks& hooks);

/// Trains the mean-pool baseline, by the recipe of its kind alone, on a thread of its
/// own. `features` must outlive what is returned.
[[nodiscard]] std::future<train::TrainResult> train_baseline(const DataFeatures& features,
                                                             std::size_t labels, std::uint64_t seed,
                                                             bool refit,
                                                             const CancellationToken& cancel);

/// Probabilities [clips, L], holding a few clips at a time.
[[nodiscard]] Tensor probabilities_of(head::HeadRunner& runner, const FeatureSource& clips,
                                      std::size_t labels);

}  // namespace vidclass::pipeline
