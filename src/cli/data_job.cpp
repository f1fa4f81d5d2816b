#include "cli/data_job.hpp"

#include <algorithm>

#include "cli/content.hpp"
#include "core/format.hpp"
#include "vidclass/core/error.hpp"
#include "vidclass/core/log.hpp"

namespace vidclass::cli {

namespace {

void add(features::ExtractReport& sum, features::ExtractReport report) {
  sum.clips += report.clips;
  sum.cached += report.cached;
  sum.frames += report.frames;
  for (UnusableClip& clip : report.unusable) sum.unusable.push_back(std::move(clip));
  sum.seconds += report.seconds;
  sum.frames_per_second = sum.seconds > 0 ? static_cast<double>(sum.frames) / sum.seconds : 0;
}

}  // namespace

DataFeatures gather_features(const dataset::Manifest& manifest,
                             const std::vector<dataset::Split>& splits,
                             const features::ExtractOptions& given, const Context& context) {
  const features::ExtractOptions options = options_for(manifest, given);
  features::ExtractOptions testing = options;
  testing.clip = video::for_testing(options.clip);
  DataFeatures result;
  std::vector<Tensor> found(manifest.clips.size());
  const auto extract = [&](const features::ExtractOptions& how, const auto& is_wanted) {
    std::vector<std::size_t> chosen;
    std::vector<video::ClipSource> sources;
    for (std::size_t i = 0; i < manifest.clips.size(); ++i) {
      const dataset::Split split = manifest.clips[i].split;
      if (std::find(splits.begin(), splits.end(), split) == splits.end()) continue;
      if (!is_wanted(split)) continue;
      chosen.push_back(i);
      sources.push_back(manifest.clips[i].source());
    }
    features::Extractor extractor(how, context.progress, context.cancel);
    result.settings = extractor.settings();
    add(result.report, extractor.extract(
                           sources,
                           [&](std::size_t index, features::ClipFeatures arrays) {
                             found[chosen[index]] = features::joined_poolings(std::move(arrays));
                           },
                           context.progress, context.cancel));
  };
  if (testing.clip == options.clip) {
    extract(options, [](dataset::Split) { return true; });
  } else {
    extract(options, [](dataset::Split split) { return split == dataset::Split::train; });
    extract(testing, [](dataset::Split split) { return split != dataset::Split::train; });
  }
  log_unusable(result.report.unusable);

  for (const dataset::Split split : splits) result.splits[split] = {};
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i].empty()) continue;
    const dataset::Clip& clip = manifest.clips[i];
    SplitFeatures& of_split = result.splits.at(clip.split);
    of_split.clips.push_back(i);
    of_split.data.clips.push_back(std::move(found[i]));
    of_split.data.labels.push_back(clip.label);
  }
  for (const auto& [split, of_split] : result.splits) {
    if (!of_split.clips.empty()) continue;
    throw Error(format("{} has no usable clip in the split \"{}\"", manifest.source.string(),
                       dataset::to_string(split)));
  }
  return result;
}

Json to_json(const std::vector<UnusableClip>& unusable) {
  Json list = Json::array();
  for (const auto& clip : unusable) {
    list.push_back({{"path", clip.path.string()}, {"reason", clip.reason}});
  }
  return list;
}

Json to_json(const features::ExtractReport& report, const features::FeatureSettings& settings) {
  return {{"clips", report.clips},
          {"frames", report.frames},
          {"cached", report.cached},
          {"unusable", to_json(report.unusable)},
          {"seconds", report.seconds},
          {"frames_per_second", report.frames_per_second},
          {"precision", backbone::to_string(settings.backbone.precision)},
          {"backbone", settings.backbone.name},
          {"size", settings.backbone.size}};
}

std::string summary(const features::ExtractReport& report,
                    const features::FeatureSettings& settings) {
  if (settings.backbone.name == features::arrays_backbone) {
    const std::string unusable =
        report.unusable.empty() ? "" : format(", {} unusable", report.unusable.size());
    return format("{} feature arrays of {} features a frame{}", report.clips,
                  settings.backbone.feature_size, unusable);
  }
  std::string text = format("{} clips, {} from the cache", report.clips, report.cached);
  if (report.frames > 0) {
    text += format(", {} frames at {:.1f} frames/s", report.frames, report.frames_per_second);
  }
  if (!report.unusable.empty()) text += format(", {} unusable", report.unusable.size());
  return text + format(" ({} {} px, {})", settings.backbone.name, settings.backbone.size,
                       backbone::to_string(settings.backbone.precision));
}

void log_unusable(const std::vector<UnusableClip>& unusable) {
  for (const auto& clip : unusable) {
    log_warning(format("unusable clip {}: {}", clip.path.string(), clip.reason));
  }
}

int status_for(const std::vector<UnusableClip>& unusable) {
  return unusable.empty() ? exit_done : exit_done_with_unusable_clips;
}

}  // namespace vidclass::cli
