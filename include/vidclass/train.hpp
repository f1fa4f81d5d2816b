// From a data set to a model file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "vidclass/dataset.hpp"
#include "vidclass/export.hpp"
#include "vidclass/hooks.hpp"
#include "vidclass/options.hpp"

namespace vidclass {

/// One epoch of one of the heads whose answers are averaged.
struct TrainedEpoch {
  std::uint64_t seed = 1;  // of the training, see TrainOptions::seeds
  int member = 0;          // which of the heads, from 0
  int epoch = 0;           // from 1
  double train_loss = 0;   // means of -ln p(true label)
  double val_loss = 0;
  double val_top1 = 0;       // a fraction of 1
  double learning_rate = 0;  // at the epoch's last step
};

/// What is left empty takes the recipe of the head's kind (docs/training.md), the same that the
/// program takes.
struct TrainOptions {
  DatasetOptions data{};
  /// Shares of train, validation and test where the data gives no splits, "70/15/15"; empty: the
  /// default. Groups stay whole.
  std::string split{};
  /// Which clips count as filmed together: "given" (what the data says), "found" (scenes that they
  /// look like) or "none"; empty: given, and found where the data gives none (docs/scenes.md).
  std::string groups{};
  FeatureOptions features{};
  MachineOptions machine{};
  /// "gru", "moments", "keras-gru" (the Keras example's network) or "mean"; empty: gru. The first
  /// two need libvidclass_torch.
  std::string head{};
  /// Of a gru: "motion", "balanced" or "appearance"; empty: chosen on groups left out.
  std::string ensemble{};
  /// Train a motion stream beside the head: what moves decides as well, as far as it does best on
  /// clips left out. Empty: beside a gru.
  std::optional<bool> motion{};
  std::optional<bool> faded{};  // train on clips with what does not move faded, too
  std::optional<bool> refit{};  // once validated, train again on the validation clips too
  std::optional<int> epochs{}, batch_size{}, members{};
  std::optional<double> learning_rate{};
  std::optional<bool> balanced{};  // let rare labels count as much as frequent ones
  std::uint64_t seed = 1;          // of the made split and of the training
  int seeds = 1;  // trainings, of which the one with the lowest validation loss is kept
  /// Go on from the checkpoints beside the model file, if there are any.
  bool resume = false;
  /// Replace a file in the model's place that vidclass did not write.
  bool overwrite = false;
  /// Called after each epoch, from one thread at a time; the heads take turns in no certain order.
  std::function<void(const TrainedEpoch&)> on_epoch{};
};

/// Fractions of 1, not per cent.
struct TrainReport {
  double val_top1 = 0;
  double val_loss = 0;           // mean of -ln p(true label)
  double baseline_val_top1 = 0;  // of the mean-pool baseline
  std::size_t train_clips = 0;
  std::size_t val_clips = 0;
  double seconds = 0;  // of the training, without the extraction
  std::vector<UnusableClip> unusable{};
  /// It was cancelled: the model holds the best epochs so far, and can be resumed.
  bool stopped = false;
};

/// Extracts what is missing, trains a head and the mean-pool baseline, and writes `model`, which
/// appears whole or not at all. Test clips are not touched. Throws UsageError for a request that
/// cannot be, Error, and Cancelled where nothing was reached that a model could be made of.
VIDCLASS_EXPORT TrainReport train_model(const std::filesystem::path& data,
                                        const std::filesystem::path& model,
                                        const TrainOptions& options = {}, const Hooks& hooks = {});

/// The same of a data set that the caller has; TrainOptions::data is not read.
VIDCLASS_EXPORT TrainReport train_model(const Dataset& data, const std::filesystem::path& model,
                                        const TrainOptions& options = {}, const Hooks& hooks = {});

/// The file to take libvidclass_torch from, which trains gru and moments heads; call before it is
/// first needed, from one thread. Otherwise it is the one that $VIDCLASS_TORCH_LIBRARY names, else
/// the one beside this library.
VIDCLASS_EXPORT void set_torch_library(const std::filesystem::path& file);

}  // namespace vidclass
