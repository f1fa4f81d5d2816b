// What the numbers in lists stand for.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dataset/list_lines.hpp"

namespace vidclass::dataset {

/// A file of names: one a line, counted from 0 or 1; or with its number before it,
/// separated by a blank, tab or comma ("1 Punch", "0,abseiling").
struct LabelNames {
  std::filesystem::path file;
  std::vector<std::string> names;  // in the order of their numbers
  /// Number of the first where the file gives numbers. These follow each other.
  std::optional<long> first_number;
};
/// Throws Error for fewer than two names, a name or number given twice, and
/// numbers with gaps or only on some lines.
[[nodiscard]] LabelNames read_label_names(const std::filesystem::path& file,
                                          const std::string& encoding = {});

/// Labels of numbered lists.
struct NumberedLabels {
  std::vector<std::string> labels;       // in the order of their numbers
  std::map<long, std::size_t> index_of;  // in `labels`, by number
  std::string note;                      // what was taken, and why
};

/// Finds out whether the lists count from 0 or from 1, from all of them together:
/// from 0 if any holds a 0; from 1 if there is none and the numbers are all of 1
/// to N. Names come from `names`; else from the clips' folders, where each number
/// has a folder of its own; else they are the numbers. Throws Error where the
/// lists hold numbers below 0 (but -1 and 1 alone are two labels), contradict each other, the names
/// or themselves: gaps without names, numbers beyond the names, one list counting from 0 and
/// another from 1, and where it cannot be told.
[[nodiscard]] NumberedLabels number_labels(const std::vector<LabelList>& lists,
                                           const std::optional<LabelNames>& names);

}  // namespace vidclass::dataset
