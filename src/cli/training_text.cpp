#include "cli/training_text.hpp"

#include "core/format.hpp"
#include "evaluate/metrics.hpp"
#include "report/documents.hpp"

namespace vidclass::cli {

std::string summary(const features::ExtractReport& report,
                    const features::FeatureSettings& settings) {
  const std::string unusable =
      report.unusable.empty() ? "" : format(", {} unusable", report.unusable.size());
  if (settings.backbone.name == features::arrays_backbone) {
    return format("{} feature arrays of {} features a frame{}", report.clips,
                  settings.backbone.feature_size, unusable);
  }
  std::string text = format("{} clips, {} from the cache", report.clips, report.cached);
  if (report.frames > 0) {
    text += format(", {} frames at {:.1f} frames/s", report.frames, report.frames_per_second);
    if (report.share_of_limit) {
      text += format(" ({:.0f} % of this machine's limit)", *report.share_of_limit * 100);
    }
  }
  const bool with_network = settings.streams.appearance;
  if (report.described > 0 || !with_network) {
    text += format(", motion described of {}", report.described);
  }
  text += unusable;
  if (!with_network) return text;
  return text + format(" ({} {} px, {})", settings.backbone.name, settings.backbone.size,
                       backbone::to_string(settings.backbone.precision));
}

std::string summary(const pipeline::Scores& scores) {
  const auto of_top1 = evaluate::mean_and_deviation(scores.top1);
  const auto of_loss = evaluate::mean_and_deviation(scores.loss);
  return format("validation top-1 {:.1f} % ± {:.1f}, loss {:.3f} ± {:.3f}", of_top1.mean * 100,
                of_top1.deviation * 100, of_loss.mean, of_loss.deviation);
}

std::string summary(const model::EnsembleRecord& ensemble) {
  if (!ensemble.reason.empty()) {
    return format("ensemble: {}, the default: {}", train::to_string(ensemble.mixture),
                  ensemble.reason);
  }
  std::string losses;
  for (const auto& [mixture, loss] : ensemble.loss) {
    losses += format("{}{} {:.3f}", losses.empty() ? "" : ", ", train::to_string(mixture), loss);
  }
  return format("ensemble: {} (loss on groups left out, {} groups: {})",
                train::to_string(ensemble.mixture), ensemble.groups, losses);
}

std::string summary(const model::StreamsRecord& streams, const train::StreamWeights& weights) {
  const std::string left_out = streams.folds > 0
                                   ? format("groups left out, {} groups", streams.groups)
                                   : std::string("the validation clips");
  return format(
      "streams: appearance and motion, which weighs {:.2f}, and {:.2f} in places unlike those to "
      "train in (loss on {}: appearance {:.3f}, motion {:.3f}, both {:.3f})",
      weights.motion, weights.motion_elsewhere, left_out, streams.appearance_loss,
      streams.motion_loss, streams.joined_loss);
}

std::string summary(const pipeline::FinetunedNetwork& network) {
  const auto& result = network.result;
  const auto& best = result.epochs.at(static_cast<std::size_t>(result.best_epoch));
  return format(
      "{} fine-tuned in {:.0f} s ({:.1f} clips/s), after {:.0f} s for the activations before it: "
      "validation top-1 {:.1f} % after epoch {} of {}, {:.1f} % before",
      backbone::to_string(network.blocks), result.seconds, result.clips_per_second,
      network.frozen_seconds, best.val_top1 * 100, result.best_epoch, result.epochs.size() - 1,
      result.epochs.front().val_top1 * 100);
}

}  // namespace vidclass::cli
