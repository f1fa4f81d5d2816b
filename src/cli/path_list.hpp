// Paths on standard input.
#pragma once

#include <filesystem>
#include <istream>
#include <vector>

namespace vidclass::cli {

/// One path a line, or, where there is a NUL, one between two of those (find -print0). Blank
/// lines are left out; all else belongs to the path.
[[nodiscard]] std::vector<std::filesystem::path> read_paths(std::istream& stream);

/// `named` with those that standard input lists in the place of "-". Throws UsageError where it
/// lists none.
[[nodiscard]] std::vector<std::filesystem::path> with_listed(
    const std::vector<std::filesystem::path>& named);

}  // namespace vidclass::cli
