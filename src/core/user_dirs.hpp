// Where a user's files go when nothing else is said.
#pragma once

#include <filesystem>
#include <string>

namespace vidclass {

/// $XDG_CACHE_HOME/vidclass, else ~/.cache/vidclass (XDG Base Directory
/// Specification), else a folder under the system's temporary one. Not created.
[[nodiscard]] std::filesystem::path user_cache_dir();

struct WritableFolder {
  std::filesystem::path path;
  /// Why it is a temporary one in place of the one wanted, as in "Read-only file system"; empty: it
  /// is the one wanted.
  std::string problem;
};
/// `wanted`, made if it is missing, where files can be written into it; else a folder of this
/// process that is removed when it ends, the same for every call with this `wanted`. Found out once
/// for each `wanted`. Thread-safe. Throws Error where no temporary folder can be made.
[[nodiscard]] WritableFolder writable_or_temporary(const std::filesystem::path& wanted);

}  // namespace vidclass
