#include "pipeline/finetune.hpp"

#include <algorithm>
#include <map>
#include <system_error>

#include "core/format.hpp"
#include "features/frozen_activations.hpp"
#include "pipeline/ranks.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline {
namespace {

using dataset::Split;

/// The clips of one split and their entries in the activation cache.
struct CachedSplit {
  std::vector<video::ClipSource> sources;
  std::vector<std::size_t> labels;
  std::vector<torch::CachedClip> clips;  // usable ones
};

CachedSplit clips_of(const dataset::Manifest& manifest, Split split) {
  CachedSplit result;
  for (const dataset::Clip& clip : manifest.clips) {
    if (clip.split != split) continue;
    result.sources.push_back(clip.source());
    result.labels.push_back(clip.label);
  }
  return result;
}

/// Every rank computes a share; afterwards each finds (or, where ranks share no disk,
/// computes) all. Returns the seconds that it took.
double fill(CachedSplit& split, features::ActivationExtractor& extractor, bool flips,
            torch::Ranks& ranks, const Hooks& hooks) {
  double seconds = 0;
  const auto extract = [&](const std::vector<video::ClipSource>& sources, features::Mirror mirror,
                           const features::ActivationExtractor::Consumer& consumer) {
    seconds += extractor.extract(sources, mirror, consumer, hooks.progress, hooks.cancel).seconds;
  };
  std::vector<features::Mirror> mirrors{features::Mirror::none};
  if (flips) mirrors.push_back(features::Mirror::left_right);
  if (ranks.size() > 1) {
    const auto share = share_of(split.sources, ranks);
    for (const auto mirror : mirrors) extract(share, mirror, [](std::size_t, const auto&) {});
    ranks.wait_for_all();
  }
  std::map<std::size_t, torch::CachedClip> found;
  extract(split.sources, features::Mirror::none,
          [&](std::size_t i, const std::filesystem::path& entry) {
            found[i] = {entry, {}, split.labels[i]};
          });
  if (flips) {
    extract(split.sources, features::Mirror::left_right,
            [&](std::size_t i, const std::filesystem::path& entry) {
              if (found.contains(i)) found[i].mirrored = entry;
            });
  }
  for (auto& [i, clip] : found) split.clips.push_back(std::move(clip));
  return seconds;
}

}  // namespace

FinetunedNetwork finetune_network(
    const dataset::Manifest& manifest, const features::ExtractOptions& options,
    const FinetuneRequest& request, std::uint64_t seed, const train::CheckpointOptions& checkpoints,
    torch::Ranks& ranks, const Hooks& hooks,
    const std::function<void(const torch::FinetuneEpoch&)>& on_epoch) {
  if (manifest.content == dataset::Content::arrays) {
    throw UsageError(format("fine-tuning needs clips; {} is features that were made elsewhere",
                            manifest.source.string()));
  }
  FinetunedNetwork network;
  network.blocks = request.blocks;
  CachedSplit training = clips_of(manifest, Split::train);
  CachedSplit validation = clips_of(manifest, Split::validation);
  features::ActivationOptions activations{.backbone = options.backbone,
                                          .clip = options.clip,
                                          .blocks = network.blocks,
                                          .cache_dir = options.cache_dir,
                                          .decoders = options.decoders,
                                          .limits = options.limits};
  // One sequence a clip: several would be joined into one here.
  activations.clip.clips = 1;
  features::ActivationExtractor extractor(activations, hooks.progress, hooks.cancel);
  network.frozen_seconds = fill(training, extractor, request.flips, ranks, hooks);
  activations.clip = video::for_testing(activations.clip);
  features::ActivationExtractor for_validation(activations, hooks.progress, hooks.cancel);
  network.frozen_seconds += fill(validation, for_validation, false, ranks, hooks);

  torch::FinetuneOptions chosen;
  chosen.blocks = network.blocks;
  chosen.labels = manifest.labels.size();
  chosen.motion = options.backbone.motion;
  chosen.seed = seed;
  chosen.epochs = request.epochs;
  chosen.batch_size = request.batch_size;
  chosen.frames = request.frames;
  chosen.learning_rate = request.learning_rate;
  chosen.train_batch_norm = request.batch_norm;
  chosen.bf16 = extractor.network().info().precision == backbone::Precision::bf16;
  chosen.device = request.device.starts_with("cuda") ? request.device : "cpu";
  chosen.from_frames = backbone::activations_are_frames(options.backbone, network.blocks);
  chosen.threads = options.backbone.threads;
  chosen.checkpoint = checkpoints.dir / "finetune.safetensors";
  chosen.resume = checkpoints.resume;
  try {
    network.result = torch_library().finetune_blocks(
        {std::move(training.clips), std::move(validation.clips),
         backbone::weights_of(extractor.network(),
                              chosen.from_frames ? backbone::TunedBlocks::all : network.blocks)},
        chosen, ranks, {.progress = hooks.progress, .on_epoch = on_epoch, .cancel = hooks.cancel});
  } catch (const Cancelled&) {
    std::error_code error;
    if (ranks.first() && std::filesystem::exists(chosen.checkpoint, error)) {
      hooks.info(format("{} keeps the epochs so far; the same training, resumed, goes on",
                        chosen.checkpoint.string()));
    }
    throw;
  }
  network.weights = std::make_shared<const NamedTensors>(network.result.weights);
  return network;
}

model::FinetuneRecord record_of(const FinetunedNetwork& network) {
  const torch::FinetuneResult& result = network.result;
  model::FinetuneRecord record{.blocks = std::string(backbone::to_string(network.blocks)),
                               .best_epoch = result.best_epoch,
                               .seconds = result.seconds,
                               .frozen_seconds = network.frozen_seconds,
                               .clips_per_second = result.clips_per_second,
                               .epochs = {}};
  for (const torch::FinetuneEpoch& epoch : result.epochs) {
    record.epochs.push_back({.epoch = epoch.epoch,
                             .train_loss = epoch.train_loss,
                             .val_loss = epoch.val_loss,
                             .val_objective = epoch.val_objective,
                             .val_top1 = epoch.val_top1,
                             .learning_rate = 0,
                             .seconds = epoch.seconds});
  }
  return record;
}

}  // namespace vidclass::pipeline
