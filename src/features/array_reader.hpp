// Feature arrays that were computed elsewhere, in the place of extraction.
#pragma once

#include <cstddef>
#include <span>

#include "features/extractor.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::features {

/// What extract() does for arrays: hands each file's array to `consumer` as "avg", and
/// the places of its rows, 0, 1, ..., as "times". Files that are no arrays are told in the
/// report. Throws Error where an array has another width than `width`.
ExtractReport read_arrays(std::span<const video::ClipSource> clips, std::size_t width,
                          const Extractor::Consumer& consumer, const ProgressFunction& progress,
                          const CancellationToken& cancel,
                          const Extractor::Rejection& rejected = {});

}  // namespace vidclass::features
