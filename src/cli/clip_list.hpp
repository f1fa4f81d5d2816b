// The clips that a command line names.
#pragma once

#include <filesystem>
#include <istream>
#include <vector>

#include "core/input.hpp"
#include "video/clip_source.hpp"

namespace vidclass::cli {

/// Folders become the videos inside, sorted, unless they are clips themselves (numbered
/// pictures); "-" the paths that standard input lists, each of which may be a folder too;
/// anything else stays as it is. With `arrays`: feature arrays in the stead of videos. Throws
/// UsageError for what is not there and for a folder without any.
[[nodiscard]] std::vector<video::ClipSource> list_clips(
    const std::vector<std::filesystem::path>& named, bool arrays = false);

/// The files that clips are read from, pictures of folders among them.
[[nodiscard]] InputFiles files_of(const std::vector<video::ClipSource>& clips);

/// One path a line, or, where there is a NUL, one between two of those (find -print0). Blank
/// lines are left out; all else belongs to the path.
[[nodiscard]] std::vector<std::filesystem::path> read_paths(std::istream& stream);

}  // namespace vidclass::cli
