// Finding clips below a folder: videos, folders of numbered frames, feature arrays.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dataset/left_out.hpp"
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
/// them; without hidden ones and those that systems put there for themselves.
/// Throws Error if `folder` cannot be read.
[[nodiscard]] std::vector<std::filesystem::path> sub_folders(const std::filesystem::path& folder);

/// The files directly in `folder` whose names end in one of `endings` (lower case,
/// with the dot), sorted; without hidden ones. Throws Error if it cannot be read.
[[nodiscard]] std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder,
                                                          const std::vector<std::string>& endings);

struct FoundClips {
  std::vector<std::filesystem::path> clips;  // sorted by path
  LeftOut left_out;
};

/// The one way in which clips are found. They are files whose names end as those of videos and
/// feature arrays do, other files that FFmpeg takes for videos by their content, and folders of
/// numbered pictures; a link whose target is gone counts, so that it is reported when it is read.
/// Hidden files and what vidclass wrote itself are no clips, but for arrays that it wrote directly
/// into `folder`, so that what extract wrote can be a data set.
[[nodiscard]] FoundClips clips_in(const std::filesystem::path& folder);

/// The same in `folder` and in all folders below it. Links to folders are followed, but no folder
/// is entered twice, nor one that contains `folder`, nor one that is itself a clip.
[[nodiscard]] FoundClips clips_below(const std::filesystem::path& folder);

}  // namespace vidclass::dataset
