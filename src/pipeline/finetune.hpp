// Fine-tuning the network before its features are taken: an optional first step of train.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dataset/manifest.hpp"
#include "features/extractor.hpp"
#include "model/model.hpp"
#include "pipeline/torch_library.hpp"
#include "train/train.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::pipeline {

/// What is left empty takes the recipe of docs/finetuning.md.
struct FinetuneRequest {
  backbone::TunedBlocks blocks = backbone::TunedBlocks::block14;
  std::optional<int> epochs{};
  std::optional<int> batch_size{};        // clips in a step, over all ranks
  std::optional<int> frames{};            // of a clip that a step looks at
  std::optional<double> learning_rate{};  // of the blocks, at its peak
  bool batch_norm = false;                // train the batch norms too
  bool flips = false;                     // mirrored clips too
  /// As FeatureOptions::device; what OpenVINO alone knows is no device to train on, so that the CPU
  /// does.
  std::string device = "CPU";
};

struct FinetunedNetwork {
  std::shared_ptr<const NamedTensors> weights;  // for BackboneOptions::tuned
  backbone::TunedBlocks blocks = backbone::TunedBlocks::block14;
  torch::FinetuneResult result;
  double frozen_seconds = 0;  // of computing the activations that were not in the cache
};

/// Computes what is missing in the activation cache and fine-tunes on the training clips,
/// choosing the epoch by the validation clips. With several ranks all must call this;
/// each computes its share of the activations. The state is kept in `checkpoints` after
/// every epoch. Throws UsageError for data that is no clips, Cancelled.
[[nodiscard]] FinetunedNetwork finetune_network(
    const dataset::Manifest& manifest, const features::ExtractOptions& options,
    const FinetuneRequest& request, std::uint64_t seed, const train::CheckpointOptions& checkpoints,
    torch::Ranks& ranks, const Hooks& hooks,
    const std::function<void(const torch::FinetuneEpoch&)>& on_epoch = {});

/// How the network came about, for the model file.
[[nodiscard]] model::FinetuneRecord record_of(const FinetunedNetwork& network);

}  // namespace vidclass::pipeline
