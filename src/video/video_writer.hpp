// Writing a video that browsers play, with the times of its frames.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace vidclass::video {

/// File names end in .mp4, .mov, .mkv (H.264 where this FFmpeg has libx264 or OpenH264, else
/// VP9, else MPEG-4 part 2), .webm (VP9), .gif or .webp (animated). Sides that are odd
/// get a row or column more where the codec needs even ones. GIF counts time in hundredths of
/// a second and browsers show no frame for less than two of them: frames that come quicker
/// are left out of a GIF, so that its duration holds. There is no sound. The file appears
/// under its name only when finish() has returned. One thread at a time.
class VideoWriter {
public:
  /// Width and height in pixels; `frame_rate` (frames/s) is what the encoder plans its
  /// bits by. Throws UsageError for another ending, Error where no encoder is there.
  VideoWriter(const std::filesystem::path& path, int width, int height, double frame_rate);
  /// Without finish(): nothing is left behind.
  ~VideoWriter();
  VideoWriter(const VideoWriter&) = delete;
  VideoWriter& operator=(const VideoWriter&) = delete;

  /// As people call it: "H.264", "VP9", "MPEG-4", "GIF", "WebP".
  [[nodiscard]] const std::string& codec() const noexcept;

  /// width * height * 3 bytes, RGB, row by row, shown from `time` on for `duration` (both
  /// in seconds, times ascending from 0). Throws Error.
  void write(std::span<const std::uint8_t> rgb, double time, double duration);
  /// Writes what is pending and gives the file its name. Throws Error.
  void finish();

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Does a VideoWriter take a file of this name?
[[nodiscard]] bool is_writable_video(const std::filesystem::path& path);

}  // namespace vidclass::video
