// Folders of numbered pictures, which are clips too.
#pragma once

#include <filesystem>
#include <vector>

#include "video/clip_source.hpp"

namespace vidclass::video {

/// Frames a second of a folder of pictures, unless ClipSettings::fps says otherwise.
inline constexpr double frame_folder_rate = 25;

/// Is the clip a folder, rather than a file or in memory?
[[nodiscard]] bool is_folder(const ClipSource& source);

/// Does the folder hold JPEG or PNG files (.jpg, .jpeg, .png, in any case) whose names end in
/// a number, such as img_00001.jpg, and no videos? Its sub-folders and other files do not
/// count. False if it cannot be read.
[[nodiscard]] bool is_frame_folder(const std::filesystem::path& path);

/// The numbered pictures of a folder in order of their numbers (img_2 before img_10). Throws
/// ClipError if they are of several kinds (flow_x_1.jpg beside img_1.jpg), share a number, or
/// if the folder cannot be read; empty if there are none.
[[nodiscard]] std::vector<std::filesystem::path> numbered_pictures(
    const std::filesystem::path& folder);

}  // namespace vidclass::video
