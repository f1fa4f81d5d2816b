#include "core/user_dirs.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <mutex>
#include <string>
#include <system_error>

#include "core/atomic_file.hpp"
#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace {

namespace fs = std::filesystem;

/// Why nothing can be kept in it; empty if something can. Tried out: permissions do not tell of
/// read-only or full file systems.
std::string problem_with(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return error.message();
  const fs::path trial = temporary_name(folder / "trial");
  constexpr std::array<char, 4096> block{};
  errno = 0;
  std::ofstream file(trial, std::ios::binary);
  file.write(block.data(), block.size());
  file.close();
  const std::string problem = file ? "" : std::strerror(errno);
  fs::remove(trial, error);
  return problem;
}

/// Removed, with what is in it, when the process ends.
class TemporaryFolder {
public:
  TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "vidclass-XXXXXX").string();
    if (!::mkdtemp(name.data())) {
      throw Error(format("cannot make a temporary folder: {}", std::strerror(errno)));
    }
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const fs::path& path() const noexcept { return path_; }

private:
  fs::path path_;
};

}  // namespace

WritableFolder writable_or_temporary(const fs::path& wanted) {
  static std::mutex mutex;
  static std::map<fs::path, WritableFolder> known;
  const std::lock_guard lock(mutex);
  if (const auto found = known.find(wanted); found != known.end()) return found->second;
  WritableFolder folder{wanted, problem_with(wanted)};
  if (!folder.problem.empty()) {
    static const TemporaryFolder temporary;
    folder.path = temporary.path() / std::to_string(known.size());
  }
  return known.emplace(wanted, std::move(folder)).first->second;
}

std::filesystem::path user_cache_dir() {
  const auto variable = [](const char* name) -> std::filesystem::path {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
  };
  // The specification has relative paths ignored.
  if (const auto xdg = variable("XDG_CACHE_HOME"); xdg.is_absolute()) return xdg / "vidclass";
  if (const auto home = variable("HOME"); home.is_absolute()) return home / ".cache" / "vidclass";
  return fs::temp_directory_path() / "vidclass-cache";
}

}  // namespace vidclass
