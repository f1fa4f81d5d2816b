#include "pipeline/outlook.hpp"

#include <algorithm>
#include <optional>

#include "backbone/peak.hpp"
#include "core/format.hpp"
#include "core/parallel.hpp"
#include "core/progress.hpp"

namespace vidclass::pipeline {
namespace {

using backbone::Precision;

/// Share of the quickest matrix product that networks reach (docs/figures.md).
double share_of_peak(Precision precision) { return precision == Precision::int8 ? 0.75 : 0.85; }

// Of a core, to open and decode a clip of some seconds and to make its frames.
constexpr double seconds_of_a_clip = 0.06;
// The same to describe how it moves.
constexpr double seconds_of_motion = 0.06;

class Estimate {
public:
  Estimate(const ExtractionOutlook& work, const features::ExtractOptions& options)
      : frames_(static_cast<double>(work.frames)),
        decoding_(static_cast<double>(work.clips) *
                  (seconds_of_a_clip + (options.streams.motion ? seconds_of_motion : 0))),
        threads_(options.backbone.threads) {}

  /// Frames and clips share the same cores.
  [[nodiscard]] Setting of(std::string options, double operations, Precision precision) {
    const double network = operations / (share_of_peak(precision) * peak_of(precision));
    const double seconds = frames_ * network + decoding_ / thread_count(threads_);
    return {std::move(options), frames_ / seconds, seconds};
  }

private:
  double peak_of(Precision precision) {
    std::optional<double>& peak = precision == Precision::int8 ? int8_peak_ : peak_;
    constexpr double seconds = 0.3;
    if (!peak) {
      using backbone::MatrixPeak;
      peak = MatrixPeak(precision, threads_, MatrixPeak::Search::brief).measure(seconds);
    }
    return *peak;
  }

  double frames_;
  double decoding_;
  int threads_;
  std::optional<double> peak_;
  std::optional<double> int8_peak_;
};

// Billions of operations a frame of lite0 at the size that it is made for.
constexpr double operations_of_lite0 = 0.77;

}  // namespace

std::optional<ExtractionOutlook> extraction_outlook(features::Extractor& extractor,
                                                    const features::ExtractOptions& options,
                                                    std::span<const video::ClipSource> clips,
                                                    std::size_t faded, std::size_t least_frames,
                                                    const Hooks& hooks) {
  const auto frames_of = [&](std::size_t plain, std::size_t augmented) {
    // A faded clip has half as many.
    return video::most_frames(options.clip) * (2 * plain + augmented) / 2;
  };
  if (frames_of(clips.size(), faded) < least_frames) return std::nullopt;
  ExtractionOutlook outlook;
  // Of few it takes no time to speak of.
  constexpr std::size_t many = 1000;
  outlook.clips =
      extractor
          .missing(clips, clips.size() < many ? ProgressFunction() : hooks.progress, hooks.cancel)
          .size();
  outlook.in_cache = clips.size() - outlook.clips;
  // Faded ones are taken to lack alike.
  outlook.frames = frames_of(outlook.clips, faded * outlook.clips / clips.size());
  if (outlook.frames < least_frames) return std::nullopt;

  // Builds the network, which those that have their features need not wait for.
  const double operations = extractor.operations_per_frame();
  if (operations == 0) return std::nullopt;
  const Precision precision = extractor.settings().backbone.precision;
  Estimate estimate(outlook, options);
  outlook.chosen = estimate.of("", operations, precision);
  std::vector<Setting> others;
  if (precision != Precision::int8) {
    others.push_back(estimate.of("--precision int8", operations, Precision::int8));
  }
  if (extractor.settings().backbone.name != "lite0") {
    others.push_back(estimate.of("--backbone lite0", operations_of_lite0, precision));
    if (precision != Precision::int8) {
      others.push_back(
          estimate.of("--backbone lite0 --precision int8", operations_of_lite0, Precision::int8));
    }
  }
  constexpr double clearly = 0.8;
  for (Setting& other : others) {
    if (other.seconds < clearly * outlook.chosen.seconds) {
      outlook.quicker.push_back(std::move(other));
    }
  }
  return outlook;
}

void tell_outlook(features::Extractor& extractor, const features::ExtractOptions& options,
                  std::span<const video::ClipSource> clips, std::size_t faded, const Hooks& hooks) {
  if (options.rank > 0 || !hooks.message) return;
  constexpr std::size_t least_frames = 1000;
  const auto outlook = extraction_outlook(extractor, options, clips, faded, least_frames, hooks);
  constexpr double a_while = 60;
  if (!outlook || outlook->chosen.seconds < a_while) return;
  const features::FeatureSettings& settings = extractor.settings();
  hooks.info(format(
      "to extract: {} frames of {} clips{}, about {} ({} at {} px in {}, about {:.0f} "
      "frames/s here)",
      outlook->frames, outlook->clips,
      outlook->in_cache > 0 ? format(" ({} are in the cache)", outlook->in_cache) : "",
      format_duration(outlook->chosen.seconds), settings.backbone.name, settings.backbone.size,
      backbone::to_string(settings.backbone.precision), outlook->chosen.frames_per_second));
  if (outlook->quicker.empty()) return;
  std::string list;
  for (const Setting& setting : outlook->quicker) {
    list += format("{}{} about {}", list.empty() ? "" : ", ", setting.options,
                   format_duration(setting.seconds));
  }
  hooks.info(
      format("quicker: {}; what each costs in accuracy: vidclass bench pareto DATA, and "
             "docs/figures.md",
             list));
}

}  // namespace vidclass::pipeline
