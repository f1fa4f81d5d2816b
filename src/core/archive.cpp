#include "core/archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <system_error>

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace fs = std::filesystem;

namespace {

struct FreeReader {
  void operator()(archive* reader) const { archive_read_free(reader); }
};
using Reader = std::unique_ptr<archive, FreeReader>;

std::string reason_of(archive* reader) {
  const char* text = archive_error_string(reader);
  return text == nullptr ? "no reason is given" : text;
}

/// A file that is being written.
class Output {
public:
  explicit Output(const fs::path& path)
      : path_(path),
        // O_EXCL follows no link, and finds two entries of one name.
        descriptor_(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644)) {
    if (descriptor_ < 0) fail();
  }
  ~Output() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void write(const void* data, std::size_t size, std::int64_t offset) const {
    const auto* bytes = static_cast<const char*>(data);
    while (size > 0) {
      const ssize_t written = ::pwrite(descriptor_, bytes, size, offset);
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) fail();
      bytes += written;
      offset += written;
      size -= static_cast<std::size_t>(written);
    }
  }
  /// Also for a hole at the end of a sparse file.
  void finish(std::int64_t size) {
    if (::ftruncate(descriptor_, size) != 0) fail();
    const int descriptor = descriptor_;
    descriptor_ = -1;
    if (::close(descriptor) != 0) fail();
  }

private:
  [[noreturn]] void fail() const {
    throw Error(format("cannot write {}: {}", path_.string(), std::strerror(errno)));
  }

  fs::path path_;
  int descriptor_;
};

class Unpacking {
public:
  Unpacking(const fs::path& source, const fs::path& folder, const ProgressFunction& progress,
            const CancellationToken& cancel)
      : source_(source),
        folder_(folder),
        progress_(progress),
        cancel_(cancel),
        total_(fs::file_size(source)),
        reader_(archive_read_new()) {
    if (!reader_) throw Error("out of memory");
    archive_read_support_format_zip(reader_.get());
    archive_read_support_format_rar(reader_.get());
    archive_read_support_format_rar5(reader_.get());
    archive_read_support_format_7zip(reader_.get());
    archive_read_support_format_tar(reader_.get());
    archive_read_support_filter_gzip(reader_.get());
    archive_read_support_filter_xz(reader_.get());
    constexpr std::size_t block = 1 << 18;
    if (archive_read_open_filename(reader_.get(), source.c_str(), block) != ARCHIVE_OK) {
      fail("cannot be unpacked");
    }
  }

  Unpacked run() {
    make_folder(folder_);
    Unpacked unpacked;
    archive_entry* entry = nullptr;
    for (;;) {
      cancel_.check();
      const int status = archive_read_next_header(reader_.get(), &entry);
      if (status == ARCHIVE_EOF) break;
      if (status < ARCHIVE_WARN) fail("is damaged or not read");
      take(entry, unpacked);
      if (progress_) {
        const auto position = static_cast<std::uint64_t>(archive_filter_bytes(reader_.get(), -1));
        progress_({"unpack (bytes)", std::min(position, total_), total_, {}});
      }
    }
    if (unpacked.files == 0) fail_with("holds no files");
    return unpacked;
  }

private:
  [[noreturn]] void fail_with(const std::string& what) const {
    throw Error(format("{} {}", source_.string(), what));
  }
  [[noreturn]] void fail(const char* what) const {
    fail_with(format("{}: {}", what, reason_of(reader_.get())));
  }

  static void make_folder(const fs::path& path) {
    std::error_code error;
    fs::create_directories(path, error);
    if (error) throw Error(format("cannot make the folder {}: {}", path.string(), error.message()));
  }

  /// Below the folder, whatever the entry says.
  [[nodiscard]] fs::path target_of(archive_entry* entry) const {
    const char* name = archive_entry_pathname(entry);
    if (name == nullptr || *name == '\0') fail_with("has an entry without a name");
    // RAR archives of Windows may have backslashes.
    std::string text(name);
    std::replace(text.begin(), text.end(), '\\', '/');
    const fs::path path(text);
    bool inside = !path.is_absolute() && text.find(':') == std::string::npos;
    for (const fs::path& part : path) inside = inside && part != "..";
    if (!inside) {
      fail_with(
          format("has an entry that leads out of its folder, \"{}\"; it is not unpacked "
                 "further",
                 name));
    }
    return folder_ / path;
  }

  void take(archive_entry* entry, Unpacked& unpacked) const {
    const fs::path target = target_of(entry);
    const auto type = archive_entry_filetype(entry);
    const bool link =
        archive_entry_hardlink(entry) != nullptr || archive_entry_symlink(entry) != nullptr;
    if (!link && type == AE_IFDIR) {
      make_folder(target);
      return;
    }
    if (link || type != AE_IFREG) {
      fail_with(format("has an entry that is no plain file, \"{}\"; it is not unpacked further",
                       archive_entry_pathname(entry)));
    }
    if (archive_entry_is_encrypted(entry) == 1) fail_with("is encrypted");
    make_folder(target.parent_path());
    unpacked.bytes += copy(target);
    ++unpacked.files;
  }

  /// Its size.
  [[nodiscard]] std::uint64_t copy(const fs::path& target) const {
    Output output(target);
    std::int64_t end = 0;
    for (;;) {
      cancel_.check();
      const void* data = nullptr;
      std::size_t size = 0;
      la_int64_t offset = 0;
      const int status = archive_read_data_block(reader_.get(), &data, &size, &offset);
      if (status == ARCHIVE_EOF) break;
      if (status != ARCHIVE_OK) fail("is damaged");
      output.write(data, size, offset);
      end = std::max(end, offset + static_cast<std::int64_t>(size));
    }
    output.finish(end);
    return static_cast<std::uint64_t>(end);
  }

  const fs::path& source_;
  const fs::path& folder_;
  const ProgressFunction& progress_;
  const CancellationToken& cancel_;
  const std::uint64_t total_;
  Reader reader_;
};

}  // namespace

Unpacked unpack(const fs::path& archive, const fs::path& folder, const ProgressFunction& progress,
                const CancellationToken& cancel) {
  std::error_code error;
  if (!fs::is_regular_file(archive, error)) {
    throw Error(format("cannot read {}: it is not a file", archive.string()));
  }
  return Unpacking(archive, folder, progress, cancel).run();
}

}  // namespace vidclass
