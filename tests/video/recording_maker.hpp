// Recordings of many codecs, as cameras and streams leave them behind.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <span>
#include <string>

namespace vidclass::testing {

/// Grey frames that number_of() tells apart.
struct Recording {
  std::string encoder = "mpeg4";  // FFmpeg's name
  int frames = 20;
  int first = 0;     // number of the first frame, see grey_of()
  double start = 0;  // seconds, when it is shown
  int b_frames = 0;  // between others, which are then coded out of order
  int width = 64;
  int height = 48;
  int rate = 25;        // frames/s
  int leap_at = -1;     // place of the coded frame before which the clock leaps; -1: none
  double leap = 0;      // seconds
  int pixel_width = 1;  // shape of a pixel, to `pixel_height`
  int pixel_height = 1;
};

/// FFmpeg's options of a muxer.
using MuxerOptions = std::map<std::string, std::string>;

/// One stream each. The container is chosen by the ending.
void make_streams(const std::filesystem::path& path, std::span<const Recording> recordings,
                  const MuxerOptions& options = {});
void make_recording(const std::filesystem::path& path, const Recording& recording,
                    const MuxerOptions& options = {});

/// `parts` one after the other, byte by byte; of all but the first without their first `header`
/// bytes.
void join_files(std::span<const std::filesystem::path> parts, const std::filesystem::path& whole,
                std::size_t header = 0);

/// Makes each recording in the container of `whole` and joins them as `cat` does (of FLV, without
/// the later files' headers).
void make_joined(const std::filesystem::path& whole, std::span<const Recording> recordings);

}  // namespace vidclass::testing
