// The clips that paths name.
#pragma once

#include <filesystem>
#include <vector>

#include "core/input.hpp"
#include "vidclass/hooks.hpp"
#include "video/clip_source.hpp"

namespace vidclass::pipeline {

/// Folders become the clips that dataset::clips_below() finds in them, unless they are clips
/// themselves (numbered pictures); anything else stays as it is, also what is not there, whose
/// reading tells of it. With `arrays`: feature arrays in the stead of clips with pictures. What is
/// left out in folders is told as warnings. Throws UsageError where none of the paths is there or
/// none leads to a clip.
[[nodiscard]] std::vector<video::ClipSource> find_clips(
    const std::vector<std::filesystem::path>& paths, bool arrays = false, const Hooks& hooks = {});

/// For files that are written of each clip: the clips' names without their endings, told apart.
[[nodiscard]] std::vector<std::string> output_names(const std::vector<video::ClipSource>& clips);

/// The files that clips are read from, pictures of folders among them.
[[nodiscard]] InputFiles files_of(const std::vector<video::ClipSource>& clips);

}  // namespace vidclass::pipeline
