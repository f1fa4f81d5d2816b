#include "features/claims.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdint>
#include <system_error>

namespace vidclass::features {
namespace {

/// The byte that stands for a key: 60 bits of it, so that two never meet in practice.
struct flock range_of(const std::string& key, short kind) {
  std::int64_t start = 0;
  std::from_chars(key.data(), key.data() + 15, start, 16);
  struct flock range {};
  range.l_type = kind;
  range.l_whence = SEEK_SET;
  range.l_start = start;
  range.l_len = 1;
  return range;
}

}  // namespace

Claims::~Claims() {
  if (file_ >= 0) ::close(file_);
}

int Claims::file() const noexcept {
  std::call_once(opened_, [this] {
    std::error_code ignored;
    std::filesystem::create_directories(dir_, ignored);
    file_ = ::open((dir_ / "claims.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  });
  return file_;
}

// Locks of the open file rather than of the process, which other libraries that open
// and close the file could not take away.
bool Claims::take(const std::string& key) const noexcept {
  if (file() < 0) return true;
  struct flock range = range_of(key, F_WRLCK);
  if (::fcntl(file_, F_OFD_SETLK, &range) == 0) return true;
  return errno != EAGAIN && errno != EACCES;
}

void Claims::release(const std::string& key) const noexcept {
  if (file_ < 0) return;
  struct flock range = range_of(key, F_UNLCK);
  (void)::fcntl(file_, F_OFD_SETLK, &range);
}

}  // namespace vidclass::features
