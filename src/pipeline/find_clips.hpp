// The clips that paths name.
#pragma once

#include <filesystem>
#include <vector>

#include "core/input.hpp"
#include "video/clip_source.hpp"

namespace vidclass::pipeline {

/// Folders become the videos inside, sorted, unless they are clips themselves (numbered
/// pictures); anything else stays as it is. With `arrays`: feature arrays in the stead of videos.
/// Throws UsageError for what is not there and for a folder without any.
[[nodiscard]] std::vector<video::ClipSource> find_clips(
    const std::vector<std::filesystem::path>& paths, bool arrays = false);

/// The files that clips are read from, pictures of folders among them.
[[nodiscard]] InputFiles files_of(const std::vector<video::ClipSource>& clips);

}  // namespace vidclass::pipeline
