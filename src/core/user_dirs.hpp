// Where a user's files go when nothing else is said.
#pragma once

#include <filesystem>

namespace vidclass {

/// $XDG_CACHE_HOME/vidclass, else ~/.cache/vidclass (XDG Base Directory
/// Specification), else a folder under the system's temporary one. Not created.
[[nodiscard]] std::filesystem::path user_cache_dir();

}  // namespace vidclass
