#include "pipeline/scenes.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "core/content_hashes.hpp"
#include "core/format.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "dataset/contents.hpp"
#include "dataset/near_duplicate_list.hpp"
#include "dataset/near_duplicates.hpp"
#include "dataset/scene_search.hpp"
#include "dataset/sets.hpp"
#include "pipeline/feature_options.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline {
namespace {

using dataset::Manifest;
using dataset::SceneView;
using dataset::Split;

constexpr int frames_of_a_look = 3;

std::vector<float> mean_over_frames(const Tensor& features) {
  const std::size_t width = features.dim(1);
  std::vector<float> mean(width);
  const auto values = features.data<float>();
  for (std::size_t i = 0; i < values.size(); ++i) mean[i % width] += values[i];
  for (float& value : mean) value /= static_cast<float>(features.dim(0));
  return mean;
}

/// What there is to see of a data set's clips, those of the same content once.
class Views {
public:
  Views(const Manifest& manifest, const SceneOptions& options, const Hooks& hooks)
      : manifest_(manifest), options_(options), hooks_(hooks) {
    list_contents();
    look();
    std::erase_if(
        seen_, [](const Seen& seen) { return seen.view.look.empty() || seen.view.ground.empty(); });
  }

  [[nodiscard]] FoundScenes scenes() {
    if (seen_.empty()) return {};
    std::vector<SceneView> views;
    std::map<std::string_view, std::size_t> place_of;
    for (Seen& seen : seen_) {
      place_of.emplace(seen.content, views.size());
      views.push_back(std::move(seen.view));
    }
    std::vector<std::pair<std::size_t, std::size_t>> copies;
    const dataset::NearDuplicateList known(options_.cache_dir);
    for (const auto& pair : known.pairs()) {
      const auto first = place_of.find(pair.first), second = place_of.find(pair.second);
      if (first == place_of.end() || second == place_of.end()) continue;
      copies.emplace_back(first->second, second->second);
    }
    const dataset::Scenes scenes = dataset::find_scenes(
        views, copies, thread_count(options_.threads), hooks_.progress, hooks_.cancel);
    return {of_all_clips(scenes.scene_of), of_all_clips(scenes.recording_of),
            of_all_clips(scenes.place_of)};
  }

private:
  /// Clips that could not be looked at are sets of their own.
  [[nodiscard]] std::vector<std::size_t> of_all_clips(const std::vector<std::size_t>& sets) const {
    std::vector<std::size_t> own(manifest_.clips.size());
    std::iota(own.begin(), own.end(), sets.size());
    for (std::size_t i = 0; i < seen_.size(); ++i) {
      for (const std::size_t clip : seen_[i].clips) own[clip] = sets[i];
    }
    std::map<std::size_t, std::size_t> number;
    for (std::size_t& set : own) set = number.try_emplace(set, number.size()).first->second;
    return own;
  }

  struct Seen {
    std::string content;
    std::vector<std::size_t> clips;
    SceneView view{};
  };

  void list_contents() {
    ContentHashes hashes(options_.cache_dir);
    const auto contents =
        dataset::contents_of(manifest_, hashes, dataset::Contents::of_all,
                             thread_count(options_.threads), hooks_.progress, hooks_.cancel);
    hashes.save();
    std::map<std::string_view, std::size_t> places;
    for (std::size_t i = 0; i < contents.of_clips.size(); ++i) {
      const std::string& content = contents.of_clips[i];
      if (content.empty()) continue;
      const auto [place, is_new] = places.try_emplace(content, seen_.size());
      if (is_new) seen_.push_back({content, {}});
      seen_[place->second].clips.push_back(i);
    }
  }

  void look() {
    const auto source_of = [&](const Seen& seen) {
      return manifest_.clips[seen.clips.front()].source();
    };
    const dataset::FingerprintStore store(dataset::fingerprint_dir(options_.cache_dir));
    for_each_index(
        seen_.size(), thread_count(options_.threads),
        [&](std::size_t i) {
          try {
            seen_[i].view.ground = dataset::ground_of(store.obtain(
                seen_[i].content, source_of(seen_[i]), hooks_.cancel, options_.limits));
          } catch (const ClipError&) {
            // Told of when its features are to be extracted.
          }
        },
        "fingerprint", hooks_.progress, hooks_.cancel);
    std::vector<video::ClipSource> sources;
    for (const Seen& seen : seen_) sources.push_back(source_of(seen));
    const Hooks named = hooks_.named(" for scenes");
    features::Extractor extractor(look_options(options_), named.progress, hooks_.cancel);
    extractor.extract(
        sources,
        [&](std::size_t i, features::ClipFeatures features) {
          seen_[i].view.look = mean_over_frames(features::joined_poolings(std::move(features)));
        },
        named.progress, hooks_.cancel);
  }

  const Manifest& manifest_;
  const SceneOptions& options_;
  const Hooks& hooks_;
  std::vector<Seen> seen_;
};

std::size_t count_of(const std::vector<std::size_t>& sets) {
  return sets.empty() ? 0 : 1 + *std::max_element(sets.begin(), sets.end());
}

void clear_groups(Manifest& manifest) {
  for (dataset::Clip& clip : manifest.clips) clip.group.clear();
  manifest.found_groups = false;
}

/// Does each split get half of its share at least (where the data gives none; else any clip), and
/// training every label?
bool suffices(Manifest manifest, const dataset::SplitOptions& split) {
  const bool given =
      manifest.has(Split::train) || manifest.has(Split::validation) || manifest.has(Split::test);
  const double least = given ? 0 : 0.5;
  const double test = split.fold ? 1.0 / split.fold->of : split.test;
  const double rest = (1 - test) / (1 - split.test);  // of the shares of the other two
  try {
    dataset::make_splits(manifest, split);
  } catch (const Error&) {
    return false;
  }
  const auto suffices_for = [&](Split part, double share) {
    const auto clips = static_cast<double>(manifest.indices(part).size());
    return share <= 0 ||
           (clips > 0 && clips >= least * share * static_cast<double>(manifest.clips.size()));
  };
  if (!suffices_for(Split::train, rest * (1 - split.test - split.validation)) ||
      !suffices_for(Split::validation, rest * split.validation) ||
      !suffices_for(Split::test, test)) {
    return false;
  }
  std::set<std::size_t> all, trained;
  for (const dataset::Clip& clip : manifest.clips) {
    all.insert(clip.label);
    if (clip.split == Split::train) trained.insert(clip.label);
  }
  return all == trained;
}

/// With one name for the groups that share a recording; nothing where none do.
std::optional<Manifest> with_recordings_whole(const Manifest& manifest) {
  const std::vector<dataset::Clip>& clips = manifest.clips;
  dataset::Sets sets(clips.size());
  std::map<std::string_view, std::size_t> first_of_group;
  std::map<std::size_t, std::size_t> first_of_recording;
  for (std::size_t i = 0; i < clips.size(); ++i) {
    if (clips[i].group.empty()) continue;
    sets.join(first_of_group.try_emplace(clips[i].group, i).first->second, i);
    if (clips[i].recording == 0) continue;
    sets.join(first_of_recording.try_emplace(clips[i].recording, i).first->second, i);
  }
  Manifest result = manifest;
  std::map<std::size_t, std::string_view> names;
  bool any = false;
  const std::vector<std::size_t> numbers = sets.numbered();
  for (std::size_t i = 0; i < clips.size(); ++i) {
    const std::string_view name = names.try_emplace(numbers[i], clips[i].group).first->second;
    any = any || name != clips[i].group;
    result.clips[i].group = name;
  }
  return any ? std::optional(std::move(result)) : std::nullopt;
}

}  // namespace

SceneOptions scene_options(const features::ExtractOptions& options) {
  return {.cache_dir = options.cache_dir,
          .limits = options.limits,
          .threads = options.backbone.threads};
}

features::ExtractOptions look_options(const SceneOptions& options) {
  features::ExtractOptions look;
  look.backbone.name = "lite0";
  // So that scenes are the same on every machine.
  look.backbone.precision = backbone::Precision::f32;
  look.backbone.threads = options.threads;
  look.backbone.compiled_cache = compiled_cache();
  look.clip.frames = frames_of_a_look;
  look.cache_dir = options.cache_dir;
  look.limits = options.limits;
  return look;
}

FoundScenes find_scenes(const Manifest& manifest, const SceneOptions& options, const Hooks& hooks) {
  if (manifest.content == dataset::Content::arrays) {
    throw UsageError(format("{} is feature arrays, which do not show where they were filmed",
                            manifest.source.string()));
  }
  if (manifest.clips.size() > most_clips_in_scenes) {
    throw UsageError(
        format("{} has {} clips, too many to find their scenes by comparing all with "
               "all ({} at most): name their groups",
               manifest.source.string(), manifest.clips.size(), most_clips_in_scenes));
  }
  return Views(manifest, options, hooks).scenes();
}

std::optional<FoundScenes> set_groups(Manifest& manifest, Groups choice,
                                      const SceneOptions& options, const Hooks& hooks) {
  const bool given = std::any_of(manifest.clips.begin(), manifest.clips.end(),
                                 [](const dataset::Clip& clip) { return !clip.group.empty(); });
  const bool possible =
      manifest.content == dataset::Content::clips && manifest.clips.size() <= most_clips_in_scenes;
  const bool keep = choice == Groups::found || (choice == Groups::automatic && !given && possible);
  if (choice == Groups::none) clear_groups(manifest);
  if (!keep && !(options.find_recordings && possible)) return std::nullopt;
  FoundScenes found = find_scenes(manifest, options, hooks);
  if (found.scene_of.empty()) return std::nullopt;
  for (std::size_t i = 0; i < manifest.clips.size(); ++i) {
    dataset::Clip& clip = manifest.clips[i];
    clip.recording = found.recording_of[i] + 1;
    if (keep) clip.group = format("scene-{:03}", found.scene_of[i] + 1);
  }
  if (!keep) return found;
  manifest.found_groups = true;
  hooks.info(format("groups: {} told by what the {} clips look like are kept whole",
                    counted(count_of(found.scene_of), "scene"), manifest.clips.size()));
  return found;
}

void make_splits(Manifest& manifest, const dataset::SplitOptions& split, const Hooks& hooks) {
  if (manifest.found_groups && !suffices(manifest, split)) {
    std::set<std::string_view> scenes;
    for (const dataset::Clip& clip : manifest.clips) scenes.insert(clip.group);
    hooks.warn(format(
        "the clips seem to be of {}, too few or too large to keep whole: they are divided, so "
        "validation and test say nothing of new places; film every class in some more",
        counted(scenes.size(), "scene")));
    clear_groups(manifest);
  }
  std::optional<Manifest> whole = with_recordings_whole(manifest);
  if (whole && suffices(*whole, split)) {
    dataset::make_splits(*whole, split);
    for (std::size_t i = 0; i < manifest.clips.size(); ++i) {
      manifest.clips[i].split = whole->clips[i].split;
    }
    return;
  }
  dataset::make_splits(manifest, split);
}

}  // namespace vidclass::pipeline
