#include "cli/finetune_job.hpp"

#include <algorithm>
#include <map>
#include <system_error>

#include "cli/rank_share.hpp"
#include "core/format.hpp"
#include "core/log.hpp"
#include "features/borders.hpp"
#include "vidclass/error.hpp"

namespace vidclass::cli {
namespace {

using dataset::Split;

/// The clips of one split and their entries in the border cache.
struct BorderSplit {
  std::vector<video::ClipSource> sources;
  std::vector<std::size_t> labels;
  std::vector<torch::BorderClip> clips;  // usable ones
};

BorderSplit clips_of(const dataset::Manifest& manifest, Split split) {
  BorderSplit result;
  for (const dataset::Clip& clip : manifest.clips) {
    if (clip.split != split) continue;
    result.sources.push_back(clip.source());
    result.labels.push_back(clip.label);
  }
  return result;
}

/// Every rank computes a share; afterwards each finds (or, where ranks share no disk,
/// computes) all. Returns the seconds that it took.
double fill(BorderSplit& split, features::BorderExtractor& extractor, bool flips,
            torch::Ranks& ranks, const Context& context) {
  double seconds = 0;
  const auto extract = [&](const std::vector<video::ClipSource>& sources, features::Mirror mirror,
                           const features::BorderExtractor::Consumer& consumer) {
    seconds +=
        extractor.extract(sources, mirror, consumer, context.progress, context.cancel).seconds;
  };
  std::vector<features::Mirror> mirrors{features::Mirror::none};
  if (flips) mirrors.push_back(features::Mirror::left_right);
  if (ranks.size() > 1) {
    const auto share = share_of(split.sources, ranks);
    for (const auto mirror : mirrors) extract(share, mirror, [](std::size_t, const auto&) {});
    ranks.wait_for_all();
  }
  std::map<std::size_t, torch::BorderClip> found;
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

void FinetuneFlags::setup(CLI::App& app) {
  const std::string group = "Fine-tuning";
  app.add_option("--finetune", blocks,
                 "train the last blocks of Xception too: block14, block13 (and block14) or all")
      ->group(group);
  app.add_option("--finetune-epochs", epochs, "passes over the training clips")
      ->group(group)
      ->check(CLI::Range(1, 10'000));
  app.add_option("--finetune-batch-size", batch_size, "clips in a step, over all ranks")
      ->group(group)
      ->check(CLI::Range(1, 100'000));
  app.add_option("--finetune-frames", frames, "frames of a clip that a step looks at")
      ->group(group)
      ->check(CLI::Range(1, 10'000));
  app.add_option("--finetune-rate", learning_rate, "learning rate of the blocks, at its peak")
      ->group(group)
      ->check(CLI::Range(1e-8, 1.0));
  app.add_flag("--finetune-bn", batch_norm, "train the batch norms too (else they stay frozen)")
      ->group(group);
  app.add_flag("--finetune-flips", flips,
               "mirrored clips too; not where left and right tell labels apart")
      ->group(group);
}

void FinetuneFlags::check() const {
  if (wanted()) {
    (void)backbone::tuned_blocks_from(blocks);
  } else if (epochs || batch_size || frames || learning_rate || batch_norm || flips) {
    throw UsageError("the options --finetune-* need --finetune block14, block13 or all");
  }
}

FinetunedNetwork finetune_network(
    const dataset::Manifest& manifest, const features::ExtractOptions& options,
    const std::string& device, const FinetuneFlags& flags, std::uint64_t seed,
    const train::CheckpointOptions& checkpoints, torch::Ranks& ranks, const Context& context,
    const std::function<void(const torch::FinetuneEpoch&)>& on_epoch) {
  if (manifest.content == dataset::Content::arrays) {
    throw UsageError(format("--finetune needs clips; {} is features that were made elsewhere",
                            manifest.source.string()));
  }
  FinetunedNetwork network;
  network.blocks = backbone::tuned_blocks_from(flags.blocks);
  BorderSplit training = clips_of(manifest, Split::train);
  BorderSplit validation = clips_of(manifest, Split::validation);
  features::BorderOptions borders{.backbone = options.backbone,
                                  .clip = options.clip,
                                  .blocks = network.blocks,
                                  .cache_dir = options.cache_dir,
                                  .decoders = options.decoders,
                                  .limits = options.limits};
  // One sequence a clip: several would be joined into one here.
  borders.clip.clips = 1;
  features::BorderExtractor extractor(borders, context.progress, context.cancel);
  network.border_seconds = fill(training, extractor, flags.flips, ranks, context);
  borders.clip = video::for_testing(borders.clip);
  features::BorderExtractor for_validation(borders, context.progress, context.cancel);
  network.border_seconds += fill(validation, for_validation, false, ranks, context);

  torch::FinetuneOptions chosen;
  chosen.blocks = network.blocks;
  chosen.labels = manifest.labels.size();
  chosen.motion = options.backbone.motion;
  chosen.seed = seed;
  chosen.epochs = flags.epochs;
  chosen.batch_size = flags.batch_size;
  chosen.frames = flags.frames;
  chosen.learning_rate = flags.learning_rate;
  chosen.train_batch_norm = flags.batch_norm;
  chosen.bf16 = extractor.network().info().precision == backbone::Precision::bf16;
  chosen.device = device.starts_with("cuda") ? device : "cpu";
  chosen.from_frames = backbone::frames_are_border(options.backbone, network.blocks);
  chosen.threads = options.backbone.threads;
  chosen.checkpoint = checkpoints.dir / "finetune.safetensors";
  chosen.resume = checkpoints.resume;
  try {
    network.result = train_library().finetune_blocks(
        {std::move(training.clips), std::move(validation.clips),
         backbone::weights_of(extractor.network(),
                              chosen.from_frames ? backbone::TunedBlocks::all : network.blocks)},
        chosen, ranks,
        {.progress = context.progress, .on_epoch = on_epoch, .cancel = context.cancel});
  } catch (const Cancelled&) {
    std::error_code error;
    if (ranks.first() && std::filesystem::exists(chosen.checkpoint, error)) {
      log_info(format("{} keeps the epochs so far; the same command with --resume goes on",
                      chosen.checkpoint.string()));
    }
    throw;
  }
  network.weights = std::make_shared<const NamedTensors>(network.result.weights);
  return network;
}

std::string summary(const FinetunedNetwork& network) {
  const torch::FinetuneResult& result = network.result;
  const auto& best = result.epochs.at(static_cast<std::size_t>(result.best_epoch));
  return format(
      "{} fine-tuned in {:.0f} s ({:.1f} clips/s), after {:.0f} s for the activations before it: "
      "validation top-1 {:.1f} % after epoch {} of {}, {:.1f} % before",
      backbone::to_string(network.blocks), result.seconds, result.clips_per_second,
      network.border_seconds, best.val_top1 * 100, result.best_epoch, result.epochs.size() - 1,
      result.epochs.front().val_top1 * 100);
}

Json to_json(const FinetunedNetwork& network) {
  const torch::FinetuneResult& result = network.result;
  Json epochs = Json::array();
  for (const auto& epoch : result.epochs) {
    epochs.push_back({{"epoch", epoch.epoch},
                      {"train_loss", epoch.train_loss},
                      {"val_loss", epoch.val_loss},
                      {"val_objective", epoch.val_objective},
                      {"val_top1", epoch.val_top1},
                      {"seconds", epoch.seconds}});
  }
  return {{"blocks", backbone::to_string(network.blocks)},
          {"best_epoch", result.best_epoch},
          {"seconds", result.seconds},
          {"border_seconds", network.border_seconds},
          {"clips_per_second", result.clips_per_second},
          {"epochs", epochs}};
}

void add_to(model::Model& model, const FinetunedNetwork& network) {
  model.tuned = network.weights;
  Json training = parse_json(model.training);
  training["finetune"] = to_json(network);
  model.training = to_strict_text(training);
}

}  // namespace vidclass::cli
