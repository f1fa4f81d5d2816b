// Finding clips below a folder: videos, folders of numbered frames, feature arrays.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "dataset/manifest.hpp"

namespace vidclass::dataset {

/// What a file is by the ending of its name; nothing for endings of other things.
[[nodiscard]] std::optional<Content> content_by_name(const std::filesystem::path& file);

/// Is it a folder of numbered pictures (video::is_frame_folder) without folders inside,
/// and so one clip?
[[nodiscard]] bool is_frame_folder(const std::filesystem::path& path);

/// What stands for a listed video: the path itself where something is there; else
/// a folder of frames or a feature array of the same name without or instead of
/// its ending ("a.avi": "a", "a.npy", "a.safetensors"); else the path again.
[[nodiscard]] std::filesystem::path clip_on_disk(const std::filesystem::path& listed);

/// The folders directly in `folder`, sorted by name, links to folders among
/// them; without hidden ones. Throws Error if `folder` cannot be read.
[[nodiscard]] std::vector<std::filesystem::path> sub_folders(const std::filesystem::path& folder);

/// The files directly in `folder` whose names end in one of `endings` (lower case,
/// with the dot), sorted; without hidden ones. Throws Error if it cannot be read.
[[nodiscard]] std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder,
                                                          const std::vector<std::string>& endings);

/// The clips directly in `folder`, sorted; without hidden ones. A link whose
/// target is gone counts, so that it is reported when it is read. Throws Error if
/// `folder` cannot be read.
[[nodiscard]] std::vector<std::filesystem::path> clips_in(const std::filesystem::path& folder);

/// The clips in `folder` and in all folders below it, sorted by path. Links to
/// folders are followed, but no folder is entered twice, nor one that contains
/// `folder`, nor one that is itself a clip.
[[nodiscard]] std::vector<std::filesystem::path> clips_below(const std::filesystem::path& folder);

}  // namespace vidclass::dataset
