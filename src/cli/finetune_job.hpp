// Fine-tuning the network before its features are taken: an optional first step of train.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/context.hpp"
#include "cli/train_library.hpp"
#include "dataset/manifest.hpp"
#include "features/extractor.hpp"
#include "model/model.hpp"
#include "train/train.hpp"

namespace vidclass::cli {

/// --finetune and the options whose names begin so.
struct FinetuneFlags {
  std::string blocks;  // empty: the network stays as it is
  std::optional<int> epochs;
  std::optional<int> batch_size;
  std::optional<int> frames;
  std::optional<double> learning_rate;
  bool batch_norm = false;
  bool flips = false;

  void setup(CLI::App& app);
  [[nodiscard]] bool wanted() const noexcept { return !blocks.empty(); }
  /// Throws UsageError for blocks that are none, and for options without --finetune.
  void check() const;
};

struct FinetunedNetwork {
  std::shared_ptr<const NamedTensors> weights;  // for BackboneOptions::tuned
  backbone::TunedBlocks blocks = backbone::TunedBlocks::block14;
  torch::FinetuneResult result;
  double border_seconds = 0;  // of computing the activations that were not in the cache
};

/// Computes what is missing in the border cache and fine-tunes on the training clips,
/// choosing the epoch by the validation clips. With several ranks all must call this;
/// each computes its share of the borders. `device`: as --device takes it; what OpenVINO alone
/// knows is no device to train on, so that the CPU does. The state is kept in `checkpoints` after
/// every epoch.
[[nodiscard]] FinetunedNetwork finetune_network(
    const dataset::Manifest& manifest, const features::ExtractOptions& options,
    const std::string& device, const FinetuneFlags& flags, std::uint64_t seed,
    const train::CheckpointOptions& checkpoints, torch::Ranks& ranks, const Context& context,
    const std::function<void(const torch::FinetuneEpoch&)>& on_epoch = {});

/// One line for people.
[[nodiscard]] std::string summary(const FinetunedNetwork& network);
[[nodiscard]] Json to_json(const FinetunedNetwork& network);
/// The weights and how they came about, for the model file.
void add_to(model::Model& model, const FinetunedNetwork& network);

}  // namespace vidclass::cli
