// Training the last blocks of Xception together with a head.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "backbone/frozen_layers.hpp"
#include "core/progress.hpp"
#include "core/safetensors.hpp"
#include "torch/ranks.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::torch {

/// A clip's entries of the activation cache (features/frozen_activations.hpp), which are mapped
/// into memory while the clip is worked on.
struct CachedClip {
  std::filesystem::path entry;
  std::filesystem::path mirrored;  // empty: none
  std::size_t label = 0;
};

struct FinetuneData {
  std::vector<CachedClip> train;
  std::vector<CachedClip> validation;
  /// At least those of the layers that are trained, as backbone::weights_of() gives them.
  NamedTensors weights;
};

/// What is left empty takes the recipe of docs/finetuning.md.
struct FinetuneOptions {
  backbone::TunedBlocks blocks = backbone::TunedBlocks::block14;
  std::size_t labels = 0;
  /// The entries have motion maps, and the head reads both poolings.
  bool motion = false;
  std::uint64_t seed = 1;
  std::optional<int> epochs;
  std::optional<int> batch_size;             // clips in a step, over all ranks
  std::optional<double> learning_rate;       // of the blocks, at its peak
  std::optional<double> head_learning_rate;  // at its peak
  /// Frames of a clip in a training step, drawn anew each time; at most all.
  std::optional<int> frames;
  /// Batch norms take part in the training; false: they stay frozen.
  bool train_batch_norm = false;
  /// Products of bfloat16 instead of float32. Changes the result a little.
  bool bf16 = false;
  /// Where it is trained: "cpu", "cuda" or "cuda:N".
  std::string device = "cpu";
  /// The entries' activations are the frames, whatever is trained
  /// (backbone::activations_are_frames()); FinetuneData::weights are then those of all layers.
  bool from_frames = false;
  /// Clips whose frames pass through the blocks together, unless all layers or batch norms are
  /// trained; 0: one on a CPU, 8 elsewhere. Speed and memory, and rounding.
  int clips_at_once = 0;
  /// CPU threads of this rank; 0: all. Speed only.
  int threads = 0;
  /// The file that keeps the state after every epoch, written by the first rank. Empty: none.
  std::filesystem::path checkpoint;
  /// Goes on from that file, if it is there; any number of ranks may.
  bool resume = false;
};

struct FinetuneEpoch {
  int epoch = 0;          // from 1; 0: the network as it came
  double train_loss = 0;  // with label smoothing
  double val_loss = 0;    // mean of -ln p(true label)
  double val_objective = 0;
  double val_top1 = 0;
  double seconds = 0;
};

struct FinetuneResult {
  /// Of the layers that are trained, of the epoch with the lowest val_objective, by the names and
  /// in the shapes of FinetuneData::weights. The same on all ranks.
  NamedTensors weights;
  std::vector<FinetuneEpoch> epochs;
  int best_epoch = 0;
  double seconds = 0;
  /// Training clips a second over all ranks, without validation.
  double clips_per_second = 0;
};

struct FinetuneHooks {
  ProgressFunction progress{};
  /// Called after every epoch, the 0th too, and at once for those that a resumed training
  /// has behind it.
  std::function<void(const FinetuneEpoch& epoch)> on_epoch{};
  CancellationToken cancel{};
};

/// Called by all ranks with the same data and options. The batch is shared out among
/// them, and what is random belongs to a clip and not to a rank, so that any number of
/// ranks trains the same network but for rounding. Throws Error when the loss is not
/// finite, an entry is damaged, the checkpoint is of another training or a rank is lost;
/// Cancelled. A resumed training ends with the same weights as an undisturbed one, bit for
/// bit with the same numbers of ranks and threads.
[[nodiscard]] FinetuneResult finetune(const FinetuneData& data, const FinetuneOptions& options,
                                      Ranks& ranks, const FinetuneHooks& hooks = {});

}  // namespace vidclass::torch
