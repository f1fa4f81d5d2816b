// Readers of the layouts that open() knows.
#pragma once

#include <filesystem>
#include <string>

#include "vidclass/dataset/manifest.hpp"

namespace vidclass::dataset {

/// One sub-folder a class, or train, val and test with one each inside.
[[nodiscard]] Manifest read_folders(const std::filesystem::path& root);

/// Class folders in `root`, lists of UCF101's format in `lists`.
[[nodiscard]] Manifest read_ucf101(const std::filesystem::path& root,
                                   const std::filesystem::path& lists, int fold);

[[nodiscard]] Manifest read_csv(const std::filesystem::path& file);

/// What every layout must have in the end: clips of two classes. `remedy` ends
/// the message of the Error.
void require_two_classes(const Manifest& manifest, const std::string& remedy);

/// Throws Error when none of the listed files exists, naming the first and
/// `looked_in`, as when a list was moved away from its clips.
void require_any_file(const Manifest& manifest, const std::filesystem::path& looked_in);

}  // namespace vidclass::dataset
