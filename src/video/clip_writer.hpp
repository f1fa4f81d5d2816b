// Writing a video file frame by frame.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace vidclass::video {

/// Encodes RGB frames with FFmpeg's MPEG-4 part 2 encoder (which every FFmpeg
/// build has) into the container that the file name's ending asks for. The file
/// appears under its name only when finish() has returned. One thread at a time.
class ClipWriter {
public:
  /// Width and height in pixels, both even; frames per second. Throws Error.
  ClipWriter(const std::filesystem::path& path, int width, int height, int frames_per_second);
  /// Without finish(): nothing is left behind.
  ~ClipWriter();
  ClipWriter(const ClipWriter&) = delete;
  ClipWriter& operator=(const ClipWriter&) = delete;

  /// width * height * 3 bytes, RGB, row by row. Throws Error.
  void write(std::span<const std::uint8_t> rgb);
  /// Writes what is pending and gives the file its name. Throws Error.
  void finish();

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vidclass::video
