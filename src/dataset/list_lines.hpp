// Lines of lists that give each clip its label, or the number of it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/manifest.hpp"

namespace vidclass::dataset {

struct ListedClip {
  std::string path;   // as listed
  std::string label;  // in lists that name them
  long number = 0;    // of the label, in other lists
  std::size_t line = 0;
};

/// A list of one split.
struct LabelList {
  std::filesystem::path file;
  Split split = Split::none;
  bool named = false;  // labels by name instead of by number, as the first line has it
  std::vector<ListedClip> clips;
};

/// Could the text be such a list, judging by its first line that is
/// neither blank nor a comment?
[[nodiscard]] bool looks_like_label_list(std::string_view text);

/// Reads lines "<path> <label>" (videos, feature arrays) and "<folder> <frames>
/// <label>" (folders of frames, whose number of frames is not used), separated by
/// blanks, tabs, commas or semicolons; paths may hold blanks, and may stand in double quotes.
/// Labels are whole numbers ("1", "1.0", "-1") or, behind a path with the ending of a clip, names.
/// Lines that begin with # are left out. Throws Error naming the line where there is no label, more
/// than one, an offset of frames, a clip that was listed before, or a number among names.
[[nodiscard]] LabelList read_label_list(const std::filesystem::path& file, Split split,
                                        const std::string& encoding = {});

}  // namespace vidclass::dataset
