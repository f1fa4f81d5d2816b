// Files that changed long ago.
#pragma once

#include <chrono>
#include <filesystem>

namespace vidclass::testing {

/// Lets a file look as if it had last been changed an hour ago.
inline void make_old(const std::filesystem::path& file) {
  std::filesystem::last_write_time(
      file, std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
}

}  // namespace vidclass::testing
