#include "video/input.hpp"

#include <algorithm>
#include <cstring>
#include <new>
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
struct MemoryFile {
  std::shared_ptr<const std::vector<std::byte>> bytes;
  const StallGuard* guard;
  std::int64_t position = 0;  // may lie behind the end, as in a file

  [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(bytes->size()); }

  static int read(void* opaque, std::uint8_t* target, int wanted) {
    auto& file = *static_cast<MemoryFile*>(opaque);
    if (file.guard && file.guard->interrupted()) return AVERROR_EXIT;
    const auto count = static_cast<int>(
        std::clamp<std::int64_t>(file.size() - file.position, 0, std::max(wanted, 0)));
    if (count == 0) return AVERROR_EOF;
    std::memcpy(target, file.bytes->data() + file.position, static_cast<std::size_t>(count));
    file.position += count;
    return count;
  }

  static std::int64_t seek(void* opaque, std::int64_t offset, int whence) {
    auto& file = *static_cast<MemoryFile*>(opaque);
    if (whence == AVSEEK_SIZE) return file.size();
    std::int64_t from = 0;
    if (whence == SEEK_CUR) from = file.position;
    if (whence == SEEK_END) from = file.size();
    std::int64_t target = 0;
    if (__builtin_add_overflow(from, offset, &target) || target < 0) return AVERROR(EINVAL);
    return file.position = target;
  }
};

void close_memory(AVIOContext* context) {
  delete static_cast<MemoryFile*>(context->opaque);
  av_freep(&context->buffer);
  avio_context_free(&context);
}

Input open_memory(const ClipSource& source, const StallGuard* guard) {
  if (source.bytes()->empty()) throw ClipError(source.path, "empty file");
  constexpr int buffer_size = 32768;  // as FFmpeg has it for files
  auto file = std::make_unique<MemoryFile>(MemoryFile{source.bytes(), guard});
  auto* buffer = static_cast<unsigned char*>(av_malloc(buffer_size));
  if (!buffer) throw std::bad_alloc();
  AVIOContext* context = avio_alloc_context(buffer, buffer_size, 0, file.get(), &MemoryFile::read,
                                            nullptr, &MemoryFile::seek);
  if (!context) {
    av_free(buffer);
    throw std::bad_alloc();
  }
  (void)file.release();
  return {context, close_memory};
}

}  // namespace

Input open_input(const ClipSource& source, const StallGuard* guard) {
  return source.bytes() ? open_memory(source, guard) : open_file(source.path, guard);
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
