// Files that a user named.
#pragma once

#include <filesystem>
#include <string_view>

namespace vidclass {

/// Throws UsageError where nothing is at `path` or where it is a link to nothing:
/// "<path>: no such file or folder; expected <expected>". What is there
/// but cannot be used is an Error of whoever reads it.
void require_input(const std::filesystem::path& path, std::string_view expected);

}  // namespace vidclass
