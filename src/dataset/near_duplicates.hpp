// Finding clips with the same footage.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/progress.hpp"
#include "dataset/leaks.hpp"
#include "dataset/light.hpp"
#include "vidclass/hooks.hpp"
#include "video/clip_source.hpp"
#include "video/limits.hpp"

namespace vidclass::dataset {

struct ClipContent {
  std::string content;       // as content_of() has it
  video::ClipSource source;  // a clip that shows it
};

struct NearDuplicateSearch {
  std::vector<NearDuplicate> found;  // ascending by first, second
  /// Why a content could not be looked at, one element each of those given; else empty.
  std::vector<std::string> reasons;
  /// Contents without a frame to be recognised by: flat pictures throughout.
  std::size_t featureless = 0;
  /// Of each content that could be looked at.
  std::vector<std::optional<Light>> light;
};

/// Compares clips of different content, all with all: fingerprints them (those that
/// `cache_dir` does not have yet), picks pairs with alike frames, and aligns each in time.
/// What is found goes on the list in `cache_dir` too (see known_leaks()). Throws Error when
/// the folder cannot be written, and Cancelled.
[[nodiscard]] NearDuplicateSearch find_near_duplicates(const std::vector<ClipContent>& contents,
                                                       const std::filesystem::path& cache_dir,
                                                       const video::Limits& limits, int threads,
                                                       const ProgressFunction& progress,
                                                       const CancellationToken& cancel);

/// Where the fingerprints lie in a cache folder.
[[nodiscard]] std::filesystem::path fingerprint_dir(const std::filesystem::path& cache_dir);

}  // namespace vidclass::dataset
