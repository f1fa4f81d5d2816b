#include "video/input.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <new>
#include <span>
#include <system_error>
#include <utility>

#include "core/input.hpp"
#include "vidclass/error.hpp"

namespace vidclass::video {
namespace {

void require_content(const std::filesystem::path& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) {
    throw ClipError(path, is_address(path) ? std::string(address_advice) : "file not found");
  }
  if (error) throw ClipError(path, "cannot be opened (" + error.message() + ")");
  if (std::filesystem::is_directory(status)) throw ClipError(path, "a folder, not a video file");
  if (!std::filesystem::is_regular_file(status)) throw ClipError(path, "not a regular file");
  if (std::filesystem::file_size(path, error) == 0 && !error) throw ClipError(path, "empty file");
}

Input open_file(const std::filesystem::path& path, const StallGuard* guard) {
  require_content(path);
  AVDictionary* options = nullptr;
  av_dict_set(&options, "protocol_whitelist", "file", 0);
  AVIOContext* file = nullptr;
  // The explicit protocol keeps a name such as "http:x.avi" a file name.
  const std::string url = "file:" + path.string();
  // FFmpeg takes the guard as a void*, and the callback only looks at it.
  const AVIOInterruptCB interrupt{is_interrupted, const_cast<StallGuard*>(guard)};
  const int code = avio_open2(&file, url.c_str(), AVIO_FLAG_READ, &interrupt, &options);
  av_dict_free(&options);
  if (code < 0) throw ClipError(path, "cannot be opened (" + ffmpeg_text(code) + ")");
  return {file, [](AVIOContext* context) { avio_close(context); }};
}

/// Behaves as FFmpeg's file protocol does, so that demuxers cannot tell the difference.
struct HeldFile {
  /// Copies bytes from a position on; returns how many, negative for an error of FFmpeg's.
  std::function<int(std::int64_t position, std::uint8_t* target, int count)> read_at;
  std::int64_t size;
  const StallGuard* guard;
  std::int64_t position = 0;  // may lie behind the end, as in a file

  static int read(void* opaque, std::uint8_t* target, int wanted) {
    auto& file = *static_cast<HeldFile*>(opaque);
    if (file.guard && file.guard->interrupted()) return AVERROR_EXIT;
    const auto count = static_cast<int>(
        std::clamp<std::int64_t>(file.size - file.position, 0, std::max(wanted, 0)));
    const int got = count == 0 ? 0 : file.read_at(file.position, target, count);
    if (got == 0) return AVERROR_EOF;
    if (got > 0) file.position += got;
    return got;
  }

  static std::int64_t seek(void* opaque, std::int64_t offset, int whence) {
    auto& file = *static_cast<HeldFile*>(opaque);
    if (whence == AVSEEK_SIZE) return file.size;
    std::int64_t from = 0;
    if (whence == SEEK_CUR) from = file.position;
    if (whence == SEEK_END) from = file.size;
    std::int64_t target = 0;
    if (__builtin_add_overflow(from, offset, &target) || target < 0) return AVERROR(EINVAL);
    return file.position = target;
  }
};

void close_held(AVIOContext* context) {
  delete static_cast<HeldFile*>(context->opaque);
  av_freep(&context->buffer);
  avio_context_free(&context);
}

Input open_held(HeldFile held, const std::filesystem::path& name) {
  if (held.size == 0) throw ClipError(name, "empty file");
  constexpr int buffer_size = 32768;  // as FFmpeg has it for files
  auto file = std::make_unique<HeldFile>(std::move(held));
  auto* buffer = static_cast<unsigned char*>(av_malloc(buffer_size));
  if (!buffer) throw std::bad_alloc();
  AVIOContext* context = avio_alloc_context(buffer, buffer_size, 0, file.get(), &HeldFile::read,
                                            nullptr, &HeldFile::seek);
  if (!context) {
    av_free(buffer);
    throw std::bad_alloc();
  }
  (void)file.release();
  return {context, close_held};
}

Input open_memory(const ClipSource& source, const StallGuard* guard) {
  const auto read = [bytes = source.bytes()](std::int64_t position, std::uint8_t* target,
                                             int count) {
    std::memcpy(target, bytes->data() + position, static_cast<std::size_t>(count));
    return count;
  };
  return open_held({read, static_cast<std::int64_t>(source.bytes()->size()), guard}, source.path);
}

Input open_descriptor(const ClipSource& source, const StallGuard* guard) {
  const auto read = [file = source.open_file()](std::int64_t position, std::uint8_t* target,
                                                int count) {
    const auto got =
        ::pread(file->descriptor, target, static_cast<std::size_t>(count), file->offset + position);
    return got < 0 ? AVERROR(errno) : static_cast<int>(got);
  };
  return open_held({read, source.open_file()->length, guard}, source.path);
}

ClipSource open_path(const ClipSource& source) {
  require_content(source.path);
  // A pipe that took the file's place meanwhile must not be waited for.
  const int file = ::open(source.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) {
    throw ClipError(source.path, std::string("cannot be opened (") + std::strerror(errno) + ")");
  }
  const ClipSource::OpenFile closing(file, 0, 0);
  return ClipSource::from_descriptor(file, source.path.string(), source.start, source.end);
}

ClipSource open_bytes(const ClipSource& source) {
  const int file = ::memfd_create("clip", MFD_CLOEXEC);
  if (file < 0) throw Error(std::string("no memory file could be made: ") + std::strerror(errno));
  const ClipSource::OpenFile closing(file, 0, 0);
  std::span<const std::byte> left(*source.bytes());
  while (!left.empty()) {
    const auto written = ::write(file, left.data(), left.size());
    if (written < 0)
      throw Error(std::string("a clip could not be copied: ") + std::strerror(errno));
    left = left.subspan(static_cast<std::size_t>(written));
  }
  return ClipSource::from_descriptor(file, source.path.string(), source.start, source.end);
}

}  // namespace

Input open_input(const ClipSource& source, const StallGuard* guard) {
  if (source.bytes()) return open_memory(source, guard);
  return source.open_file() ? open_descriptor(source, guard) : open_file(source.path, guard);
}

ClipSource as_open_file(const ClipSource& source) {
  if (source.open_file()) return source;
  return source.bytes() ? open_bytes(source) : open_path(source);
}

int is_interrupted(void* guard) {
  return guard && static_cast<const StallGuard*>(guard)->interrupted() ? 1 : 0;
}

std::string name_for_ffmpeg(const ClipSource& source) {
  const std::string name = source.path.filename().string();
  const std::size_t dot = name.rfind('.');
  return dot == std::string::npos ? "clip" : "clip" + name.substr(dot);
}

}  // namespace vidclass::video
