#include "pipeline/gather.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "core/format.hpp"
#include "features/stored_features.hpp"
#include "motion/cuboids.hpp"
#include "pipeline/content.hpp"
#include "pipeline/outlook.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline {

namespace {

using dataset::Clip;
using dataset::Split;

void add(features::ExtractReport& sum, features::ExtractReport report) {
  sum.clips += report.clips;
  sum.cached += report.cached;
  sum.described += report.described;
  for (UnusableClip& clip : report.unusable) sum.unusable.push_back(std::move(clip));
  add_frames(sum, report);
}

std::size_t bytes_of(const Tensor& features) { return features.bytes().size(); }
std::size_t bytes_of(const NamedTensors& arrays) {
  std::size_t bytes = 0;
  for (const auto& [name, tensor] : arrays) bytes += tensor.bytes().size();
  return bytes;
}

/// What arrives of clips, kept as long as it is little.
template <typename Item>
class Arrivals {
public:
  Arrivals(std::size_t clips, std::size_t most_bytes)
      : arrived_(clips, false), kept_(clips), most_bytes_(most_bytes) {}

  void add(std::size_t clip, Item item) {
    arrived_[clip] = true;
    bytes_ += bytes_of(item);
    if (fit()) {
      kept_[clip] = std::make_shared<const Item>(std::move(item));
    } else {
      kept_.clear();
    }
  }

  [[nodiscard]] bool fit() const noexcept { return bytes_ <= most_bytes_; }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  [[nodiscard]] bool usable(std::size_t clip) const { return arrived_[clip]; }
  /// Only if all fit.
  [[nodiscard]] std::vector<std::shared_ptr<const Item>> kept(
      const std::vector<std::size_t>& clips) const {
    std::vector<std::shared_ptr<const Item>> some;
    for (const std::size_t clip : clips) some.push_back(kept_.at(clip));
    return some;
  }

private:
  std::vector<bool> arrived_;
  std::vector<std::shared_ptr<const Item>> kept_;
  std::size_t bytes_ = 0;
  std::size_t most_bytes_;
};

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

/// Features of the clips of some splits, extracted in one way.
class Gathering {
public:
  Gathering(const dataset::Manifest& manifest, const std::vector<Split>& splits,
            std::size_t most_bytes, const Hooks& hooks)
      : manifest_(manifest),
        splits_(splits),
        arrivals_(manifest.clips.size(), most_bytes),
        motion_(manifest.clips.size(), most_bytes),
        hooks_(hooks) {}

  /// Of the clips that are wanted; a second call is for other splits. `faded_follow`: those that
  /// are not tested will be extracted once more.
  template <typename Wanted>
  void extract(const features::ExtractOptions& how, const Wanted& is_wanted, bool faded_follow) {
    std::size_t faded = 0;
    std::vector<std::size_t> chosen;
    std::vector<video::ClipSource> sources;
    extractors_.push_back(
        std::make_unique<features::Extractor>(how, hooks_.progress, hooks_.cancel));
    features::Extractor& extractor = *extractors_.back();
    for (std::size_t i = 0; i < manifest_.clips.size(); ++i) {
      const Clip& clip = manifest_.clips[i];
      if (std::find(splits_.begin(), splits_.end(), clip.split) == splits_.end()) continue;
      if (!is_wanted(clip)) continue;
      chosen.push_back(i);
      sources.push_back(clip.source());
      extractor_of_[clip.split] = &extractor;
      if (faded_follow && clip.split != Split::test) ++faded;
    }
    cache_dir_ = how.cache_dir;
    settings_ = extractor.settings();
    if (!how.clip.faded) tell_outlook(extractor, how, sources, faded, hooks_);
    add(report_, extractor.extract(
                     sources,
                     [&](std::size_t index, features::ClipFeatures arrays) {
                       if (how.streams.motion) {
                         motion_.add(chosen[index], motion::take_arrays(arrays));
                       }
                       arrivals_.add(chosen[index], features::joined_poolings(std::move(arrays)));
                     },
                     hooks_.progress, hooks_.cancel));
  }

  /// Of the extraction that came last.
  [[nodiscard]] const features::FeatureSettings& settings() const noexcept { return settings_; }
  [[nodiscard]] const features::ExtractReport& report() const noexcept { return report_; }
  [[nodiscard]] std::size_t bytes_kept() const noexcept { return arrivals_.bytes(); }
  [[nodiscard]] bool usable(std::size_t clip) const { return arrivals_.usable(clip); }

  /// Indices into Manifest::clips, ascending.
  [[nodiscard]] std::vector<std::size_t> usable_clips(Split split) const {
    std::vector<std::size_t> clips;
    for (std::size_t i = 0; i < manifest_.clips.size(); ++i) {
      if (manifest_.clips[i].split == split && usable(i)) clips.push_back(i);
    }
    return clips;
  }

  /// From memory, or from where they lie. `clips`: usable ones of this split.
  [[nodiscard]] std::shared_ptr<const FeatureSource> features(
      Split split, const std::vector<std::size_t>& clips) const {
    if (arrivals_.fit()) return std::make_shared<MemoryFeatures>(arrivals_.kept(clips));
    if (manifest_.content == dataset::Content::arrays) {
      std::vector<std::filesystem::path> files;
      for (const std::size_t clip : clips) files.push_back(manifest_.clips[clip].path);
      return std::make_shared<features::ArrayFiles>(std::move(files));
    }
    return std::make_shared<features::StoredFeatures>(
        features::FeatureCache(cache_dir_), keys_of(split, clips, &features::Extractor::key_of),
        features::joined_poolings);
  }

  /// The same of how they move.
  [[nodiscard]] std::shared_ptr<const features::MotionSource> motion(
      Split split, const std::vector<std::size_t>& clips) const {
    if (motion_.fit()) return std::make_shared<features::KeptMotion>(motion_.kept(clips));
    return std::make_shared<features::StoredMotion>(
        features::FeatureCache(cache_dir_ / features::motion_folder),
        keys_of(split, clips, &features::Extractor::motion_key_of));
  }

private:
  /// The names of the clips' entries, by this member of their extractor.
  [[nodiscard]] std::vector<std::string> keys_of(
      Split split, const std::vector<std::size_t>& clips,
      std::string (features::Extractor::*key_of)(const video::ClipSource&)) const {
    std::vector<std::string> keys;
    for (const std::size_t clip : clips) {
      keys.push_back((extractor_of_.at(split)->*key_of)(manifest_.clips[clip].source()));
    }
    return keys;
  }

  const dataset::Manifest& manifest_;
  const std::vector<Split>& splits_;
  Arrivals<Tensor> arrivals_;
  Arrivals<NamedTensors> motion_;
  const Hooks& hooks_;
  features::FeatureSettings settings_;
  features::ExtractReport report_;
  std::filesystem::path cache_dir_;
  // They know the names of cache entries.
  std::vector<std::unique_ptr<features::Extractor>> extractors_;
  std::map<Split, features::Extractor*> extractor_of_;
};

/// Of clips as they are: gather_features() without augmented clips. Tells what it keeps in memory.
DataFeatures plain_features(const dataset::Manifest& manifest, const std::vector<Split>& splits,
                            const features::ExtractOptions& training, bool faded,
                            std::size_t most_in_memory, const Hooks& hooks,
                            std::size_t& bytes_kept) {
  features::ExtractOptions testing = training;
  testing.clip = video::for_testing(training.clip);
  const bool alike = testing.clip == training.clip;
  Gathering plain(manifest, splits, most_in_memory, hooks);
  if (alike) {
    plain.extract(
        training, [](const Clip&) { return true; }, faded);
  } else {
    plain.extract(
        training, [](const Clip& clip) { return clip.split == Split::train; }, faded);
    plain.extract(
        testing, [](const Clip& clip) { return clip.split != Split::train; }, faded);
  }
  DataFeatures result{
      .settings = plain.settings(), .report = plain.report(), .splits = {}, .room = {}};
  tell_unusable(result.report.unusable, hooks);

  for (const Split split : splits) {
    SplitFeatures& of_split = result.splits[split];
    const bool drawn = split == Split::train && !alike;
    if (drawn) of_split.data.frames_drawn = static_cast<std::size_t>(training.clip.frames);
    of_split.clips = plain.usable_clips(split);
    if (of_split.clips.empty()) {
      throw Error(format("{} has no usable clip in the split \"{}\"", manifest.source.string(),
                         dataset::to_string(split)));
    }
    for (const std::size_t clip : of_split.clips) {
      of_split.data.labels.push_back(manifest.clips[clip].label);
    }
    of_split.data.clips = plain.features(split, of_split.clips);
    if (training.streams.motion) of_split.motion = plain.motion(split, of_split.clips);
  }
  bytes_kept = plain.bytes_kept();
  return result;
}

/// Augmented versions of the clips to train and validate with.
void add_augmented(DataFeatures& to, const dataset::Manifest& manifest,
                   const features::ExtractOptions& how, std::size_t most_bytes,
                   const Hooks& hooks) {
  std::vector<bool> wanted(manifest.clips.size(), false);
  std::vector<Split> splits;
  for (const auto& [split, of_split] : to.splits) {
    if (split == Split::test) continue;
    splits.push_back(split);
    for (const std::size_t clip : of_split.clips) wanted[clip] = true;
  }
  const Hooks faded = hooks.named(" faded");
  Gathering augmented(manifest, splits, most_bytes, faded);
  augmented.extract(
      how,
      [&](const Clip& clip) {
        return wanted[static_cast<std::size_t>(&clip - manifest.clips.data())];
      },
      false);
  for (const Split split : splits) {
    SplitFeatures& of_split = to.splits[split];
    for (const std::size_t clip : of_split.clips) {
      if (augmented.usable(clip)) continue;
      throw Error(format("{} could be read once, but not twice; give the command again",
                         manifest.clips[clip].path.string()));
    }
    of_split.data.augmented = augmented.features(split, of_split.clips);
  }
  add_frames(to.report, augmented.report());
}

}  // namespace

void add_frames(features::ExtractReport& sum, const features::ExtractReport& report) {
  sum.frames += report.frames;
  sum.seconds += report.seconds;
  sum.frames_per_second = sum.seconds > 0 ? static_cast<double>(sum.frames) / sum.seconds : 0;
  if (report.share_of_limit) sum.share_of_limit = report.share_of_limit;
}

features::ExtractOptions faded_options(features::ExtractOptions options) {
  options.clip.faded = true;
  options.streams.motion = false;  // movement is the same
  options.clip.frames = (options.clip.frames + 1) / 2;
  return options;
}

DataFeatures gather_features(const dataset::Manifest& manifest,
                             const std::vector<dataset::Split>& splits,
                             const features::ExtractOptions& given, bool faded,
                             std::size_t most_in_memory, const Hooks& hooks) {
  const features::ExtractOptions options = options_for(manifest, given);
  features::ExtractOptions training = options;
  training.calibration_clips = calibration_clips(manifest, splits);
  // By itself, so that the network's weights are not in memory twice when augmented clips are
  // added.
  std::size_t bytes_kept = 0;
  const bool augments = faded && manifest.content != dataset::Content::arrays;
  DataFeatures result =
      plain_features(manifest, splits, training, augments, most_in_memory, hooks, bytes_kept);
  result.room = {.most_in_memory = most_in_memory, .dir = options.cache_dir};
  if (augments) {
    add_augmented(result, manifest, faded_options(training),
                  most_in_memory - std::min(most_in_memory, bytes_kept), hooks);
  }
  return result;
}

void tell_unusable(const std::vector<UnusableClip>& unusable, const Hooks& hooks) {
  for (const UnusableClip& clip : unusable) {
    hooks.warn(format("unusable clip {}: {}", clip.path.string(), clip.reason));
  }
}

}  // namespace vidclass::pipeline
