// What is there: counts, splits, clips that cannot be read, and what stands on both sides
// of a split.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/progress.hpp"
#include "dataset/leaks.hpp"
#include "dataset/manifest.hpp"
#include "vidclass/clip.hpp"
#include "vidclass/hooks.hpp"
#include "video/limits.hpp"

namespace vidclass::dataset {

struct ClassCount {
  std::string label;
  std::size_t none = 0, train = 0, validation = 0, test = 0;  // clips by split
};

struct ScanOptions {
  int threads = 1;  // files at once; speed only
  /// Where checksums, fingerprints and the near duplicates found are kept.
  std::filesystem::path cache_dir = {};
  video::Limits limits = {};  // of clips that are decoded
  /// Also look for near duplicates: every clip is decoded once, and never again.
  bool near_duplicates = false;
  /// Also decode every clip to its end, whatever is kept of it.
  bool deep = false;
};

struct ScanReport {
  std::size_t clips = 0;
  std::vector<ClassCount> classes;  // in the order of the labels
  std::vector<UnusableClip> unusable;
  /// With `deep`: clips that give frames although something is wrong with them.
  std::vector<UnusableClip> damaged;
  /// What each clip shows, as content_of() has it; empty where it is not known.
  std::vector<std::string> contents;
  std::vector<Leak> leaks;  // as find_leaks() has them
  /// Among all clips, whatever their splits; without ScanOptions::near_duplicates those
  /// that are known.
  std::vector<NearDuplicate> near_duplicates;
  /// Clip contents that show too little to be compared: pictures flat throughout.
  std::size_t featureless = 0;
  /// Likewise, clips that are very dark, and very flat ones (dataset/light.hpp).
  std::vector<std::filesystem::path> dark, flat;
  /// One sentence each, whatever the number of clips: the same content or near duplicates
  /// in two splits or under two labels, a group on both sides, a class missing from a
  /// split, fewer than two classes, heavy imbalance, very dark and very flat clips.
  std::vector<std::string> warnings;
};

/// Opens every clip and compares contents by checksum; files that several clips name, by
/// links or spans, are read once. Feature arrays have no footage: `deep` loads them, and
/// near duplicates are not looked for. Throws Error when the cache folder cannot be written,
/// and Cancelled.
[[nodiscard]] ScanReport scan(const Manifest& manifest, const ScanOptions& options,
                              const ProgressFunction& progress = {},
                              const CancellationToken& cancel = {});

/// What a report of these clips says of their splits and groups, made anew: the counts, leaks and
/// warnings.
void judge_splits(const Manifest& manifest, ScanReport& report);

}  // namespace vidclass::dataset
