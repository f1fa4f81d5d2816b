// What long work is to come, told before it begins.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "features/extractor.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::pipeline {

/// A network and precision in which extraction could be done.
struct Setting {
  std::string options;  // of the command line; empty: as it is
  double frames_per_second = 0;
  double seconds = 0;
};

/// How long an extraction takes, by the quickest matrix product that this machine was measured to
/// do just now (backbone/peak.hpp) and the share of it that networks reach.
struct ExtractionOutlook {
  std::size_t clips = 0;  // to be extracted
  std::size_t in_cache = 0;
  std::size_t frames = 0;  // to go through the network
  Setting chosen;
  std::vector<Setting> quicker;  // quickest last
};

/// Of these clips, and of `faded` of them again with what does not move faded. Nothing where less
/// than `least_frames` lack in the cache, or the network is not known. Takes a second or two.
/// Throws Cancelled.
[[nodiscard]] std::optional<ExtractionOutlook> extraction_outlook(
    features::Extractor& extractor, const features::ExtractOptions& options,
    std::span<const video::ClipSource> clips, std::size_t faded, std::size_t least_frames,
    const Hooks& hooks);

/// Tells by Hooks::info() what is to come, if it takes a minute or more.
void tell_outlook(features::Extractor& extractor, const features::ExtractOptions& options,
                  std::span<const video::ClipSource> clips, std::size_t faded, const Hooks& hooks);

}  // namespace vidclass::pipeline
