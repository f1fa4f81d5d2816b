// The work of `train`: from a data set to a model file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

#include "dataset/split.hpp"
#include "model/model.hpp"
#include "pipeline/cross_validate.hpp"
#include "pipeline/data.hpp"
#include "pipeline/finetune.hpp"

namespace vidclass::pipeline {

/// What head is trained, and how.
struct HeadRequest {
  /// spec.kind and what the recipe is not to say; sizes, seed and checkpoints are set by who
  /// trains.
  train::TrainOptions options{};
  /// Empty: of a `gru`, chosen on groups left out (choose_ensemble()).
  std::optional<train::Mixture> mixture{};
  /// Train on clips with what does not move faded, too; empty: where the head draws augmented
  /// clips.
  std::optional<bool> faded{};
  /// Train a motion stream beside the head; empty: beside a `gru`.
  std::optional<bool> motion{};
  /// Once validated, train again on the validation clips too; empty: refits_by_default().
  std::optional<bool> refit{};
  /// Bytes of features kept in memory; larger sets are read from the cache batch by batch.
  std::size_t most_in_memory = 256'000'000;
};

/// Is `mixture` still to be chosen from the data?
[[nodiscard]] bool chooses_ensemble(const HeadRequest& request) noexcept;
/// Are features of faded clips wanted beside the plain ones (gather_features())? Throws UsageError
/// where they are asked for and the head does not draw augmented clips.
[[nodiscard]] bool wants_faded(const HeadRequest& request);
/// Is a motion stream to be trained on this data? Throws UsageError where it is asked for and the
/// data are arrays, of which nobody knows how they moved.
[[nodiscard]] bool wants_motion(const HeadRequest& request, dataset::Content content);
[[nodiscard]] bool refits(const HeadRequest& request) noexcept;
/// Throws UsageError for what is out of range, before any work.
void check(const HeadRequest& request);
/// For a first answer, as far as the request leaves it open: a gru of three members and of the
/// mixture `motion`, clips as they are alone, and no second training.
void make_quick(HeadRequest& request);

struct TrainRequest {
  DataRequest data;
  dataset::SplitOptions split{};
  /// Also leave each of so many parts of the training and validation clips out in turn.
  std::optional<int> folds{};
  features::ExtractOptions features;
  HeadRequest head{};
  /// Empty: the network stays as it is.
  std::optional<FinetuneRequest> finetune{};
  /// Throw Error where clips of two splits show the same.
  bool refuse_leaks = false;
  /// The model file to write. Beside it, in a folder of its name with ".checkpoints" added, the
  /// state of the training is kept until it is done.
  std::filesystem::path output;
  /// What the caller writes while it is told of the training.
  std::vector<std::filesystem::path> logs{};
  /// Replace files that are there already and that vidclass did not write.
  bool overwrite = false;
  /// `dir` is not read.
  train::CheckpointOptions checkpoints{};
  std::uint64_t seed = 1;
  int seeds = 1;  // trainings, of which the one with the lowest validation loss is kept
};

struct TrainOutcome {
  /// This process is a rank that helped; the first one writes the model and knows the rest.
  bool helped_only = false;
  model::Model model;
  features::ExtractReport extraction;
  features::FeatureSettings settings;
  Scores seeds;
  std::optional<Scores> folds{};
  double baseline_val_top1 = 0;
  std::size_t leaks = 0;
  /// It was cancelled; the model holds the best epochs so far, and the checkpoints are kept.
  bool stopped = false;
};

/// Which training of a job an epoch is of.
struct TrainingName {
  std::uint64_t seed = 1;
  int fold = 0;  // from 1; 0: not one of several folds
};

/// What is told on the way, each as soon as it is known.
struct TrainEvents {
  /// The request can be, and nothing has been done yet: time to open TrainRequest::logs.
  std::function<void()> on_begin{};
  std::function<void(const FinetunedNetwork&)> on_finetuned{};
  std::function<void(const features::ExtractReport&, const features::FeatureSettings&)>
      on_features{};
  std::function<void(const model::EnsembleRecord&)> on_ensemble{};
  std::function<void(const model::StreamsRecord&, const train::StreamWeights&)> on_streams{};
  std::function<void(const Scores&)> on_folds{};
  std::function<void(const TrainingName&, int member, const train::Epoch&)> on_epoch{};
  std::function<void(std::uint64_t seed, const torch::FinetuneEpoch&)> on_finetune_epoch{};
};

/// Opens the data, extracts what is missing, trains the head and the baseline, writes the model.
/// Throws UsageError for a request that cannot be, Error, and Cancelled where nothing was reached
/// that a model could be made of.
[[nodiscard]] TrainOutcome train(const TrainRequest& request, const Hooks& hooks = {},
                                 const TrainEvents& events = {});

}  // namespace vidclass::pipeline
