// Finding video files below a folder.
#pragma once

#include <filesystem>
#include <vector>

namespace vidclass::dataset {

/// The folders directly in `folder`, sorted by name, links to folders among
/// them; without hidden ones. Throws Error if `folder` cannot be read.
[[nodiscard]] std::vector<std::filesystem::path> sub_folders(const std::filesystem::path& folder);

/// The video files directly in `folder` (by the ending of their names), sorted;
/// without hidden ones. A link whose target is gone counts, so that it is
/// reported when it is read. Throws Error if `folder` cannot be read.
[[nodiscard]] std::vector<std::filesystem::path> videos_in(const std::filesystem::path& folder);

/// The video files in `folder` and in all folders below it, sorted by path.
/// Links to folders are followed, but no folder is entered twice, nor one that
/// contains `folder`.
[[nodiscard]] std::vector<std::filesystem::path> videos_below(const std::filesystem::path& folder);

}  // namespace vidclass::dataset
