#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <mutex>
#include <optional>
#include <span>
#include <system_error>
#include <vector>

#include "core/atomic_file.hpp"
#include "core/content_hashes.hpp"
#include "core/content_list.hpp"
#include "core/format.hpp"
#include "core/hash.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace fs = std::filesystem;

namespace {

std::int64_t nanoseconds(const struct timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

/// The visible files that lie in a folder of frames, by their names. Throws ClipError.
std::vector<fs::path> files_of(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code unreadable;
    const bool hidden = entry->path().filename().string().starts_with('.');
    if (!hidden && entry->is_regular_file(unreadable)) files.push_back(entry->path());
  }
  if (error) throw ClipError(folder, format("cannot be read ({})", error.message()));
  std::sort(files.begin(), files.end());
  return files;
}

/// The sum of the sizes and the latest change of a folder and what lies in it.
ContentRecord state_of_folder(const fs::path& folder, const struct stat& own) {
  ContentRecord state{"", 0, nanoseconds(own.st_mtim)};
  for (const fs::path& file : files_of(folder)) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) continue;
    state.bytes += static_cast<std::uintmax_t>(status.st_size);
    state.changed_ns = std::max(state.changed_ns, nanoseconds(status.st_mtim));
  }
  return state;
}

/// Over the names and the contents of the files in a folder.
std::string hash_folder(const fs::path& folder) {
  Hasher hasher(HashKind::sha256);
  for (const fs::path& file : files_of(folder)) {
    hasher.update(format("{} {}\n", hash_file(HashKind::sha256, file), file.filename().string()));
  }
  return hasher.finish();
}

std::string hash_bytes(std::span<const std::byte> bytes) {
  Hasher hasher(HashKind::sha256);
  hasher.update(bytes);
  return hasher.finish();
}

std::string hash_open_file(const ClipSource& clip) {
  const ClipSource::OpenFile& file = *clip.open_file();
  Hasher hasher(HashKind::sha256);
  std::vector<std::byte> block(std::size_t{1} << 18);
  for (std::int64_t at = 0; at < file.length;) {
    const auto wanted = std::min<std::int64_t>(file.length - at, std::ssize(block));
    const auto got =
        ::pread(file.descriptor, block.data(), static_cast<std::size_t>(wanted), file.offset + at);
    if (got < 0) {
      throw ClipError(clip.path, format("cannot be read ({})", std::strerror(errno)));
    }
    if (got == 0) throw ClipError(clip.path, "is shorter than it was when it was opened");
    hasher.update(std::span(block).first(static_cast<std::size_t>(got)));
    at += got;
  }
  return hasher.finish();
}

std::string hash_frames(const ClipSource::Frames& frames) {
  Hasher hasher(HashKind::sha256);
  hasher.update(format_shape(frames.pixels.shape()));
  hasher.update(std::as_bytes(std::span(frames.times)));
  hasher.update(frames.pixels.bytes());
  return "frames:" + hasher.finish();
}

/// The clip's size and time of change, the checksum left empty. Throws ClipError.
ContentRecord state_of(const fs::path& clip) {
  struct stat status {};
  if (::stat(clip.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) throw ClipError(clip, "file not found");
    throw ClipError(clip, format("cannot be opened ({})", std::strerror(errno)));
  }
  if (S_ISDIR(status.st_mode)) return state_of_folder(clip, status);
  if (!S_ISREG(status.st_mode)) throw ClipError(clip, "not a regular file");
  if (::access(clip.c_str(), R_OK) != 0) {
    throw ClipError(clip, format("cannot be opened ({})", std::strerror(errno)));
  }
  return {"", static_cast<std::uintmax_t>(status.st_size), nanoseconds(status.st_mtim)};
}

std::string name_of(const fs::path& clip) { return fs::absolute(clip).lexically_normal().string(); }

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

std::optional<std::string> ContentHashes::known(const fs::path& clip) const {
  try {
    return impl_->find(name_of(clip), state_of(clip));
  } catch (const ClipError&) {
    return std::nullopt;
  }
}

std::string ContentHashes::of(const ClipSource& source) {
  if (source.bytes()) return hash_bytes(*source.bytes());
  if (source.open_file()) return hash_open_file(source);
  if (source.frames()) return hash_frames(*source.frames());
  const fs::path& clip = source.path;
  ContentRecord state = state_of(clip);
  const std::string name = name_of(clip);
  if (const auto known = impl_->find(name, state)) return *known;

  std::string hash;
  try {
    hash = fs::is_directory(clip) ? hash_folder(clip) : hash_file(HashKind::sha256, clip);
  } catch (const std::exception&) {
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

void ContentHashes::add(const ContentList& others) {
  const std::lock_guard lock(impl_->mutex);
  for (const auto& [path, record] : others) {
    impl_->known.insert_or_assign(path, record);
    impl_->added.insert_or_assign(path, record);
  }
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
