// Lines of lists that give each clip the number of its label.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/manifest.hpp"

namespace vidclass::dataset {

struct ListedClip {
  std::string path;  // as listed
  long number = 0;   // of the label
  std::size_t line = 0;
};

/// A list of one split.
struct LabelList {
  std::filesystem::path file;
  Split split = Split::none;
  std::vector<ListedClip> clips;
};

/// Could the text be such a list, judging by its first line that is not blank?
[[nodiscard]] bool looks_like_label_list(std::string_view text);

/// Reads lines "<path> <label>" (videos, feature arrays) and "<folder> <frames>
/// <label>" (folders of frames, whose number of frames is not used), separated by
/// blanks, tabs or commas; paths may hold blanks, and may stand in double quotes.
/// Throws Error naming the line where there is no number, more than one label, an
/// offset of frames, or a clip that was listed before.
[[nodiscard]] LabelList read_label_list(const std::filesystem::path& file, Split split);

}  // namespace vidclass::dataset
