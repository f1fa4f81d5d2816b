// Paths on standard input.
#pragma once

#include <filesystem>
#include <istream>
#include <vector>

namespace vidclass::cli {

/// One path a line, or, where there is a NUL, one between two of those (find -print0). Blank
/// lines are left out, and so is a byte order mark; all else belongs to the path. Text in UTF-16
/// with its mark is read, too.
[[nodiscard]] std::vector<std::filesystem::path> read_paths(std::istream& stream);

/// `named` with those that standard input lists in the place of "-". Throws UsageError where it
/// lists none, and for a named path that is not there; a listed one is left to its reading.
[[nodiscard]] std::vector<std::filesystem::path> with_listed(
    const std::vector<std::filesystem::path>& named);

}  // namespace vidclass::cli
