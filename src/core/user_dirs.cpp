#include "core/user_dirs.hpp"

#include <cstdlib>

namespace vidclass {

std::filesystem::path user_cache_dir() {
  const auto variable = [](const char* name) -> std::filesystem::path {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
  };
  // The specification has relative paths ignored.
  if (const auto xdg = variable("XDG_CACHE_HOME"); xdg.is_absolute()) return xdg / "vidclass";
  if (const auto home = variable("HOME"); home.is_absolute()) return home / ".cache" / "vidclass";
  return std::filesystem::temp_directory_path() / "vidclass-cache";
}

}  // namespace vidclass
