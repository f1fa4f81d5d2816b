#include "cli/data_job.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "cli/content.hpp"
#include "core/format.hpp"
#include "vidclass/core/error.hpp"
#include "vidclass/core/log.hpp"
#include "vidclass/features/stored_features.hpp"

namespace vidclass::cli {

namespace {

void add(features::ExtractReport& sum, features::ExtractReport report) {
  sum.clips += report.clips;
  sum.cached += report.cached;
  sum.frames += report.frames;
  for (UnusableClip& clip : report.unusable) sum.unusable.push_back(std::move(clip));
  if (report.share_of_limit) sum.share_of_limit = report.share_of_limit;
  sum.seconds += report.seconds;
  sum.frames_per_second = sum.seconds > 0 ? static_cast<double>(sum.frames) / sum.seconds : 0;
}

/// Features as they arrive, kept as long as they are few.
class Arrivals {
public:
  Arrivals(std::size_t clips, std::size_t most_bytes)
      : usable_(clips, false), kept_(clips), most_bytes_(most_bytes) {}

  void add(std::size_t clip, Tensor features) {
    usable_[clip] = true;
    bytes_ += features.bytes().size();
    if (fit()) {
      kept_[clip] = std::make_shared<const Tensor>(std::move(features));
    } else {
      kept_.clear();
    }
  }

  [[nodiscard]] bool fit() const noexcept { return bytes_ <= most_bytes_; }
  [[nodiscard]] bool usable(std::size_t clip) const { return usable_[clip]; }
  /// Only if all fit.
  [[nodiscard]] std::shared_ptr<const FeatureSource> kept(
      const std::vector<std::size_t>& clips) const {
    std::vector<std::shared_ptr<const Tensor>> some;
    for (const std::size_t clip : clips) some.push_back(kept_.at(clip));
    return std::make_shared<MemoryFeatures>(std::move(some));
  }

private:
  std::vector<bool> usable_;
  std::vector<std::shared_ptr<const Tensor>> kept_;
  std::size_t bytes_ = 0;
  std::size_t most_bytes_;
};

/// Features of `clips`, indices into Manifest::clips, from where they lie.
std::shared_ptr<const FeatureSource> on_disk(const dataset::Manifest& manifest,
                                             const std::vector<std::size_t>& clips,
                                             const features::ExtractOptions& options,
                                             features::Extractor& extractor) {
  if (manifest.content == dataset::Content::arrays) {
    std::vector<std::filesystem::path> files;
    for (const std::size_t clip : clips) files.push_back(manifest.clips[clip].path);
    return std::make_shared<features::ArrayFiles>(std::move(files));
  }
  std::vector<std::string> keys;
  for (const std::size_t clip : clips) {
    keys.push_back(extractor.key_of(manifest.clips[clip].source()));
  }
  return std::make_shared<features::StoredFeatures>(features::FeatureCache(options.cache_dir),
                                                    std::move(keys), features::joined_poolings);
}

/// Those for training, where they are among `splits`: nothing of the test clips is used.
std::vector<video::ClipSource> calibration_clips(const dataset::Manifest& manifest,
                                                 const std::vector<dataset::Split>& splits) {
  const bool trains =
      std::find(splits.begin(), splits.end(), dataset::Split::train) != splits.end();
  std::vector<video::ClipSource> clips;
  for (const dataset::Clip& clip : manifest.clips) {
    if (!trains || clip.split == dataset::Split::train) clips.push_back(clip.source());
  }
  return clips;
}

}  // namespace

DataFeatures gather_features(const dataset::Manifest& manifest,
                             const std::vector<dataset::Split>& splits,
                             const features::ExtractOptions& given, std::size_t most_in_memory,
                             const Context& context) {
  const features::ExtractOptions options = options_for(manifest, given);
  features::ExtractOptions training = options;
  training.calibration_clips = calibration_clips(manifest, splits);
  features::ExtractOptions testing = training;
  testing.clip = video::for_testing(options.clip);
  DataFeatures result;
  Arrivals arrivals(manifest.clips.size(), most_in_memory);
  // Each for the clips of some splits; they know the names of cache entries.
  std::vector<std::unique_ptr<features::Extractor>> extractors;
  std::map<dataset::Split, features::Extractor*> extractor_of;
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
    extractors.push_back(
        std::make_unique<features::Extractor>(how, context.progress, context.cancel));
    features::Extractor& extractor = *extractors.back();
    for (const dataset::Split split : splits) {
      if (is_wanted(split)) extractor_of[split] = &extractor;
    }
    result.settings = extractor.settings();
    add(result.report, extractor.extract(
                           sources,
                           [&](std::size_t index, features::ClipFeatures arrays) {
                             arrivals.add(chosen[index],
                                          features::joined_poolings(std::move(arrays)));
                           },
                           context.progress, context.cancel));
  };
  if (testing.clip == options.clip) {
    extract(training, [](dataset::Split) { return true; });
  } else {
    extract(training, [](dataset::Split split) { return split == dataset::Split::train; });
    extract(testing, [](dataset::Split split) { return split != dataset::Split::train; });
  }
  log_unusable(result.report.unusable);

  for (const dataset::Split split : splits) {
    SplitFeatures& of_split = result.splits[split];
    const bool drawn = split == dataset::Split::train && testing.clip != options.clip;
    if (drawn) of_split.data.frames_drawn = static_cast<std::size_t>(options.clip.frames);
    for (std::size_t i = 0; i < manifest.clips.size(); ++i) {
      if (manifest.clips[i].split != split || !arrivals.usable(i)) continue;
      of_split.clips.push_back(i);
      of_split.data.labels.push_back(manifest.clips[i].label);
    }
    if (of_split.clips.empty()) {
      throw Error(format("{} has no usable clip in the split \"{}\"", manifest.source.string(),
                         dataset::to_string(split)));
    }
    of_split.data.clips = arrivals.fit()
                              ? arrivals.kept(of_split.clips)
                              : on_disk(manifest, of_split.clips, options, *extractor_of.at(split));
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
  Json json{{"clips", report.clips},
            {"frames", report.frames},
            {"cached", report.cached},
            {"unusable", to_json(report.unusable)},
            {"seconds", report.seconds},
            {"frames_per_second", report.frames_per_second},
            {"precision", backbone::to_string(settings.backbone.precision)},
            {"backbone", settings.backbone.name},
            {"size", settings.backbone.size}};
  if (report.share_of_limit) json["share_of_limit"] = *report.share_of_limit;
  return json;
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
    if (report.share_of_limit) {
      text += format(" ({:.0f} % of this machine's limit)", *report.share_of_limit * 100);
    }
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
