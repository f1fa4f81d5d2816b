#include "core/input.hpp"

#include <sys/stat.h>

#include <optional>
#include <system_error>

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace fs = std::filesystem;

namespace {

/// Which file a path leads to, links followed; empty where there is none.
std::optional<std::pair<std::uint64_t, std::uint64_t>> identity_of(const fs::path& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return std::nullopt;
  return std::pair<std::uint64_t, std::uint64_t>(found.st_dev, found.st_ino);
}

}  // namespace

void require_input(const fs::path& path, std::string_view expected) {
  std::error_code error;
  // Where it cannot be told (a folder that may not be entered), reading will.
  if (fs::status(path, error).type() != fs::file_type::not_found) return;
  if (path.native().find("://") != std::string::npos) {
    throw UsageError(format("{}: addresses are not opened; download it first", path.string()));
  }
  throw UsageError(format("{}: no such file or folder; expected {}", path.string(), expected));
}

void InputFiles::add(const fs::path& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    add_file(path);
    return;
  }
  for (auto entry = fs::directory_iterator(path, error);
       !error && entry != fs::directory_iterator(); entry.increment(error)) {
    add_file(entry->path());
  }
}

void InputFiles::add_file(const fs::path& path) {
  if (const auto file = identity_of(path)) files_.insert(*file);
}

void InputFiles::refuse(const fs::path& output) const {
  const auto file = identity_of(output);
  if (!file || !files_.contains(*file)) return;
  throw UsageError(format("{} is read by this call and would be overwritten; name another output",
                          output.string()));
}

}  // namespace vidclass
