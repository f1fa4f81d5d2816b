#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <mutex>
#include <optional>
#include <system_error>

#include "core/content_list.hpp"
#include "core/format.hpp"
#include "vidclass/core/atomic_file.hpp"
#include "vidclass/core/content_hashes.hpp"
#include "vidclass/core/error.hpp"
#include "vidclass/core/hash.hpp"

namespace vidclass {
namespace fs = std::filesystem;

namespace {

/// The file's size and time of change, the checksum left empty. Throws ClipError.
ContentRecord state_of(const fs::path& clip) {
  struct stat status {};
  if (::stat(clip.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) throw ClipError(clip, "file not found");
    throw ClipError(clip, format("cannot be opened ({})", std::strerror(errno)));
  }
  if (S_ISDIR(status.st_mode)) throw ClipError(clip, "a folder, not a video file");
  if (!S_ISREG(status.st_mode)) throw ClipError(clip, "not a regular file");
  if (::access(clip.c_str(), R_OK) != 0) {
    throw ClipError(clip, format("cannot be opened ({})", std::strerror(errno)));
  }
  const std::int64_t changed =
      std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
  return {"", static_cast<std::uintmax_t>(status.st_size), changed};
}

bool same_state(const ContentRecord& a, const ContentRecord& b) {
  return a.bytes == b.bytes && a.changed_ns == b.changed_ns;
}

/// File systems keep times in steps of up to two seconds (FAT), so that a file
/// that has just changed may change once more without a sign.
bool may_change_unseen(const ContentRecord& state) {
  const auto now = std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  return now.count() - state.changed_ns < 2'000'000'000;
}

ContentList read_list(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return {};
  try {
    return parse_content_list(read_text_file(path));
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

struct ContentHashes::Impl {
  fs::path path;
  std::mutex mutex;
  ContentList known;  // as read, and what was added since
  ContentList added;

  std::optional<std::string> find(const std::string& name, const ContentRecord& state) {
    const std::lock_guard lock(mutex);
    const auto found = known.find(name);
    if (found == known.end() || !same_state(found->second, state)) return std::nullopt;
    return found->second.sha256;
  }
};

ContentHashes::ContentHashes(const fs::path& cache_dir) : impl_(std::make_unique<Impl>()) {
  impl_->path = cache_dir / "contents.tsv";
  impl_->known = read_list(impl_->path);
}
ContentHashes::~ContentHashes() = default;

std::string ContentHashes::of(const fs::path& clip) {
  ContentRecord state = state_of(clip);
  const std::string name = fs::absolute(clip).lexically_normal().string();
  if (const auto known = impl_->find(name, state)) return *known;

  std::string hash;
  try {
    hash = hash_file(HashKind::sha256, clip);
  } catch (const Error&) {
    throw ClipError(clip, "cannot be read");
  }
  if (same_state(state, state_of(clip)) && !may_change_unseen(state)) {
    state.sha256 = hash;
    const std::lock_guard lock(impl_->mutex);
    impl_->known.insert_or_assign(name, state);
    impl_->added.insert_or_assign(name, state);
  }
  return hash;
}

void ContentHashes::save() {
  const std::lock_guard lock(impl_->mutex);
  if (impl_->added.empty()) return;
  ContentList list = read_list(impl_->path);
  for (const auto& [path, record] : impl_->added) list.insert_or_assign(path, record);
  write_file_atomically(impl_->path, format_content_list(list));
  impl_->added.clear();
}

}  // namespace vidclass
