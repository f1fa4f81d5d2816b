// Clips that were filmed together, as the data says or as they look, and splits that keep them so.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <vector>

#include "dataset/manifest.hpp"
#include "dataset/split.hpp"
#include "features/extractor.hpp"
#include "pipeline/data.hpp"
#include "vidclass/hooks.hpp"
#include "video/limits.hpp"

namespace vidclass::pipeline {

struct SceneOptions {
  /// Of the feature cache, where all that was looked at is kept.
  std::filesystem::path cache_dir;
  video::Limits limits{};
  int threads = 0;  // 0: all
  /// Also look where the data gives groups: for Clip::recording. Made splits depend on it, so that
  /// whoever makes them leaves it as it is, unless a quick look is asked for.
  bool find_recordings = true;
};
/// With the folder, limits and threads of an extraction.
[[nodiscard]] SceneOptions scene_options(const features::ExtractOptions& options);

/// How find_scenes() has features of clips extracted.
[[nodiscard]] features::ExtractOptions look_options(const SceneOptions& options);

/// Of each clip of a manifest, numbered from 0 by their first clips; a clip that cannot be read is
/// alone. Empty where none can.
struct FoundScenes {
  std::vector<std::size_t> scene_of;
  std::vector<std::size_t> recording_of;  // parts of scenes
  std::vector<std::size_t> place_of;      // scenes that look somewhat alike
};

/// More clips are not compared, which would take hours and gigabytes.
inline constexpr std::size_t most_clips_in_scenes = 20'000;

/// Looks at all clips: three frames of each go through lite0, and its fingerprint is made, unless
/// they are in the cache. Known near duplicates are of one scene. Throws UsageError for feature
/// arrays, which show nothing, and for more than most_clips_in_scenes; Error, Cancelled.
[[nodiscard]] FoundScenes find_scenes(const dataset::Manifest& manifest,
                                      const SceneOptions& options, const Hooks& hooks);

/// Gives the clips the groups that `choice` means. Where scenes are looked for, clips also get
/// their Clip::recording, and found groups are named ("scene-012"), told of by Hooks::info() and
/// marked (Manifest::found_groups). `automatic` leaves feature arrays and sets of more than
/// most_clips_in_scenes as they are. Returns what was found. Throws as find_scenes() does.
std::optional<FoundScenes> set_groups(dataset::Manifest& manifest, Groups choice,
                                      const SceneOptions& options, const Hooks& hooks);

/// dataset::make_splits(), which keeps groups whole. Where found ones are too few or too large for
/// splits with half of their shares at least, and every label among the clips to train on, they are
/// taken away again, and a warning says what a score is then worth. Groups that the data gives stay
/// together where they share a recording, if the splits are then as large. Throws as it does.
void make_splits(dataset::Manifest& manifest, const dataset::SplitOptions& split,
                 const Hooks& hooks);

}  // namespace vidclass::pipeline
