// The contents of a manifest's clips.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/content_hashes.hpp"
#include "core/progress.hpp"
#include "dataset/manifest.hpp"
#include "vidclass/clip.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::dataset {

enum class Contents {
  of_all,
  /// Of files whose size another has, and of those whose checksum is remembered: enough
  /// to tell the same content.
  of_possible_copies,
};

struct FoundContents {
  /// As content_of() has them, one element a clip; empty where it is not known.
  std::vector<std::string> of_clips;
  /// Why a clip's content is not known although it was asked for; empty elsewhere.
  std::vector<std::string> reasons;
};

/// Reads each file once, however many clips name it by links or spans.
[[nodiscard]] FoundContents contents_of(const Manifest& manifest, ContentHashes& hashes,
                                        Contents which, int threads,
                                        const ProgressFunction& progress,
                                        const CancellationToken& cancel);

/// Sets of two or more clips with the same content, ascending. Spans of one file are the
/// same content when they overlap.
[[nodiscard]] std::vector<std::vector<std::size_t>> same_contents(
    const Manifest& manifest, const std::vector<std::string>& contents);

}  // namespace vidclass::dataset
