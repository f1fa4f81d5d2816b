// Where the clips of a list are.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dataset/manifest.hpp"

namespace vidclass::dataset {

/// The folder that the paths of a list are relative to: OpenOptions::root; else the first that
/// holds one of the `listed` clips of the list's folder, `data`, the folder above the list, and
/// "videos", "rawframes" and those of the split ("videos_train", "train", "Training") in these;
/// else the list's folder.
[[nodiscard]] std::filesystem::path root_of_list(const std::filesystem::path& list, Split split,
                                                 const std::vector<std::string>& listed,
                                                 const std::filesystem::path& data,
                                                 const OpenOptions& options);

/// Throws UsageError for two lists of one split, by their names.
void refuse_two_lists_of_a_split(const std::vector<std::filesystem::path>& files);

/// Folders of a data set in which people keep lists.
inline const std::vector<std::string> list_folder_names{"annotations", "splits", "lists"};

}  // namespace vidclass::dataset
