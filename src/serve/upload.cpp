#include "serve/upload.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::serve {
namespace {

int open_nameless_file() {
  const std::string folder = std::filesystem::temp_directory_path().string();
  const int file = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0) return file;
  // Not every file system can make one without a name.
  std::string name = folder + "/vidclass-XXXXXX";
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named < 0) {
    throw Error(format("no temporary file can be made in {}: {}", folder, std::strerror(errno)));
  }
  ::unlink(name.c_str());
  return named;
}

}  // namespace

bool UploadBudget::take(std::uint64_t bytes) noexcept {
  if (used_.fetch_add(bytes) + bytes <= most_) return true;
  used_ -= bytes;
  return false;
}

Upload::Upload(UploadBudget& budget) : budget_(budget), descriptor_(open_nameless_file()) {}

Upload::~Upload() {
  ::close(descriptor_);
  budget_.give_back(size_);
}

Upload::Kept Upload::append(std::span<const char> bytes) {
  while (!bytes.empty()) {
    if (!budget_.take(bytes.size())) return Kept::over_budget;
    const auto written = ::write(descriptor_, bytes.data(), bytes.size());
    const std::size_t kept = written > 0 ? static_cast<std::size_t>(written) : 0;
    budget_.give_back(bytes.size() - kept);
    size_ += kept;
    if (written < 0 && errno != EINTR) return Kept::disk_full;
    bytes = bytes.subspan(kept);
  }
  return Kept::yes;
}

std::string Upload::text(std::uint64_t offset, std::uint64_t count) const {
  if (offset > size_ || count > size_ - offset) throw Error("the request is shorter than it says");
  std::string text(count, '\0');
  std::size_t at = 0;
  while (at < count) {
    const auto got =
        ::pread(descriptor_, text.data() + at, count - at, static_cast<off_t>(offset + at));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw Error(format("an upload cannot be read: {}", std::strerror(errno)));
    at += static_cast<std::size_t>(got);
  }
  return text;
}

}  // namespace vidclass::serve
