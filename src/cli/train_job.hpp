// From features to a model: the second half of train and run.
#pragma once

#include <cstdint>
#include <future>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/context.hpp"
#include "cli/data_job.hpp"
#include "dataset/split.hpp"
#include "head/runner.hpp"
#include "model/model.hpp"
#include "train/train.hpp"

namespace vidclass::cli {

/// What the options of a training are called on the command line.
struct HeadOptions {
  std::string head = "gru";
  std::string optimizer;
  std::string schedule;
  std::string views = "auto";
  std::string looks = "auto";
  std::optional<bool> refit;
  std::size_t feature_memory_mb = 256;
  /// Those that need no reading; spec, seed and threads are left alone.
  train::TrainOptions chosen;

  void setup(CLI::App& app);
  /// Without the sizes of the head. Throws UsageError for what is out of range.
  [[nodiscard]] train::TrainOptions train_options(std::uint64_t seed, int threads) const;
  /// The views are still to be chosen from the data (cli/view_choice.hpp).
  [[nodiscard]] bool chooses_views() const { return head == "gru" && views == "auto"; }
  /// Whether features of faded clips are wanted beside the plain ones (gather_features()). Throws
  /// UsageError where they are asked for and the head does not draw looks.
  [[nodiscard]] bool wants_faded() const;
  /// Whether a head of this kind, once validated, is trained again on all clips: as asked for,
  /// else all but the Keras example's, whose recipe is the example's.
  [[nodiscard]] bool refits(head::HeadKind kind) const;
  [[nodiscard]] std::size_t most_in_memory() const { return feature_memory_mb * 1'000'000; }
};

/// Clips to train on and clips to validate with.
struct TrainingData {
  train::LabelledFeatures train;
  train::LabelledFeatures validation;
  /// Of `validation`, where it is a part left out: indices into Manifest::clips.
  std::vector<std::size_t> left_out{};
};

/// The sizes that a head of these features has.
void set_sizes(head::HeadSpec& spec, const DataFeatures& features, std::size_t labels);

/// Trains with these options; the sizes of the head are those of `features`.
[[nodiscard]] train::TrainResult train_on(const TrainingData& data, const DataFeatures& features,
                                          std::size_t labels, train::TrainOptions options,
                                          const train::LearnerFactory& make_learner,
                                          const train::TrainHooks& hooks);
/// The same on the split as it is. With `refit` the heads are then trained once more, on the
/// training and validation clips alike and to the last epoch; curves, scores and
/// `probabilities` stay those of the first time. Stopped while it is trained again, the first
/// heads are what there is.
[[nodiscard]] train::TrainResult train_on(const DataFeatures& features, std::size_t labels,
                                          train::TrainOptions options, bool refit,
                                          const train::LearnerFactory& make_learner,
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

/// What the data was, for the model file and for evaluating on the same split.
struct SplitFacts {
  std::uint64_t seed = 1;
  double validation = 0;
  double test = 0;
  std::optional<dataset::Fold> fold = std::nullopt;
};

/// `seen`: see cli/seen_clips.hpp; `views`: how they were chosen (cli/view_choice.hpp).
[[nodiscard]] model::Model make_model(const dataset::Manifest& manifest,
                                      const DataFeatures& features, train::TrainResult heads,
                                      head::Head baseline, const SplitFacts& split,
                                      std::uint64_t seed, model::SeenClips seen,
                                      const Json& views = nullptr);
/// The split that a model was trained with, from its training document.
[[nodiscard]] SplitFacts split_facts(const model::Model& model);

/// Whether its heads were trained on the validation clips as well.
[[nodiscard]] bool was_refitted(const model::Model& model);

/// Curves and numbers of a training, as in the model file.
[[nodiscard]] Json to_json(const train::TrainResult& result);
/// The fields that `train --json` promises.
[[nodiscard]] Json train_summary(const train::TrainResult& result, std::uint64_t seed);

}  // namespace vidclass::cli
