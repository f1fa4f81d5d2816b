#include "core/atomic_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace fs = std::filesystem;

namespace {

/// Removes the file unless told that it now has its final name.
class TemporaryFile {
public:
  explicit TemporaryFile(fs::path path) : path_(std::move(path)) {}
  ~TemporaryFile() {
    if (kept_) return;
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  [[nodiscard]] const fs::path& path() const noexcept { return path_; }
  void keep() noexcept { kept_ = true; }

private:
  fs::path path_;
  bool kept_ = false;
};

/// Without this a crash of the machine could leave the new name on empty content.
void sync_to_disk(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

fs::path temporary_name(const fs::path& target) {
  static std::atomic<unsigned> counter{0};
  // The target's name is not part of it: with more, a long name would be too long for the file
  // system. Its ending stays last, as some writers choose their format by it; none is this long.
  constexpr std::size_t longest_ending = 16;
  const std::string ending = target.extension().string();
  return target.parent_path() / format(".{}.{}.tmp{}", ::getpid(), counter++,
                                       ending.size() <= longest_ending ? ending : "");
}

void write_file_atomically(const fs::path& target,
                           const std::function<void(const fs::path&)>& write) {
  std::error_code error;
  const fs::file_status status = fs::status(target, error);
  if (fs::is_directory(status)) {
    throw Error(format("cannot write {}: it is a folder", target.string()));
  }
  // Renaming over a device or pipe would put a file in its place.
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    throw Error(format("cannot write {}: it is not a regular file", target.string()));
  }
  if (target.has_parent_path()) {
    fs::create_directories(target.parent_path(), error);
    if (error) {
      throw Error(
          format("cannot make the folder {}: {}", target.parent_path().string(), error.message()));
    }
  }
  TemporaryFile temporary(temporary_name(target));
  write(temporary.path());
  sync_to_disk(temporary.path());
  fs::rename(temporary.path(), target, error);
  if (error) throw Error(format("cannot write {}: {}", target.string(), error.message()));
  temporary.keep();
}

void write_file_atomically(const fs::path& target, std::span<const std::byte> content) {
  write_file_atomically(target, [&](const fs::path& temporary) {
    std::ofstream file(temporary, std::ios::binary);
    file.write(reinterpret_cast<const char*>(content.data()),
               static_cast<std::streamsize>(content.size()));
    file.close();
    if (!file) {
      throw Error(format("cannot write {}: {}", target.string(), std::strerror(errno)));
    }
  });
}

void write_file_atomically(const fs::path& target, std::string_view content) {
  write_file_atomically(target, std::as_bytes(std::span(content.data(), content.size())));
}

std::string read_text_file(const fs::path& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) {
    throw Error(format("cannot read {}: it is a folder", path.string()));
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(format("cannot read {}: {}", path.string(), std::strerror(errno)));
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace vidclass
