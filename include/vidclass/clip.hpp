// A clip: a file, a file that is open, its bytes in memory or frames that were decoded elsewhere;
// or a span of time in one.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "vidclass/export.hpp"
#include "vidclass/tensor.hpp"

namespace vidclass {

/// Says where a clip is; nothing is opened or decoded before somebody asks for its frames.
///
/// What is in memory is shared by all copies of a ClipSource, which are cheap therefore, and freed
/// with the last of them. Nobody may change it meanwhile; then several threads may use one
/// ClipSource, or copies of it, at once.
struct VIDCLASS_EXPORT ClipSource {
  /// Decoded frames, see from_frames().
  struct Frames {
    Tensor pixels;
    std::vector<double> times;
  };

  /// A file that is open, see from_descriptor().
  struct OpenFile {
    int descriptor = -1;  // closed with this object
    std::int64_t offset = 0;
    std::int64_t length = 0;

    OpenFile(int own_descriptor, std::int64_t from_offset, std::int64_t of_length) noexcept
        : descriptor(own_descriptor), offset(from_offset), length(of_length) {}
    VIDCLASS_EXPORT ~OpenFile();
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
  };
  /// A part of a file, in bytes; an empty length reaches to the file's end.
  struct Range {
    std::int64_t offset = 0;
    std::optional<std::int64_t> length{};
  };

  ClipSource() = default;
  /// A video file or a folder of numbered pictures. Implicit, so that a whole file is named by its
  /// path alone.
  template <typename Path>
  requires std::convertible_to<Path, std::filesystem::path> ClipSource(
      Path&& file, double from = 0, std::optional<double> to = std::nullopt)
      : path(std::forward<Path>(file)), start(from), end(to) {}

  /// The bytes of a video file, of which the same comes as of the file: frames, errors, content
  /// hash and entry of the feature cache. Nothing is written to disk.
  ///
  /// `name` is the clip's path in errors and results. Of it only the ending (".mp4") is looked at
  /// beyond that, as that of a file is: FFmpeg tells by it what the content leaves open. Bytes that
  /// do not begin as some container does need the ending that their file would have. Throws
  /// UsageError if `bytes` is null; what is wrong with the bytes is told when they are decoded.
  [[nodiscard]] static ClipSource from_bytes(std::shared_ptr<const std::vector<std::byte>> bytes,
                                             std::string name, double from = 0,
                                             std::optional<double> to = std::nullopt);

  /// Frames that the caller decoded: `pixels` is uint8 [T, H, W, 3], RGB as it is shown; `times`
  /// are when each is shown, T values in seconds, ascending. Frames are chosen, cropped and
  /// resized as those of a file are. As there, only the time after the first frame counts; the last
  /// one is shown for as long as the one before it, an only one for 1/25 s. `name` is the clip's
  /// path in errors and results.
  ///
  /// Throws UsageError for another shape or element type or another number of times, and ClipError
  /// where there is no frame or a time is not finite, not above the one before it, or 10^8 s after
  /// the first.
  [[nodiscard]] static ClipSource from_frames(Tensor pixels, std::vector<double> times,
                                              std::string name, double from = 0,
                                              std::optional<double> to = std::nullopt);

  /// A video file that is open for reading, or a part of one, of which the same comes as of a file
  /// by itself. The descriptor is duplicated and read by position, so that its own position stays
  /// as it is. `name` counts as with from_bytes(). Throws ClipError if it is not a regular file or
  /// holds less than `range`.
  [[nodiscard]] static ClipSource from_descriptor(int descriptor, std::string name, double from = 0,
                                                  std::optional<double> to = std::nullopt,
                                                  Range range = {0, std::nullopt});

  /// Of the file or folder; of what is open or in memory, its name.
  std::filesystem::path path;
  /// Seconds after the file's first frame. A frame belongs to the clip if it is shown from
  /// a time in [start, end) on; times are compared to the microsecond.
  double start = 0;
  /// Empty: to the end of the file.
  std::optional<double> end;

  [[nodiscard]] bool whole() const noexcept { return start <= 0 && !end; }
  /// Null unless made by from_bytes().
  [[nodiscard]] const std::shared_ptr<const std::vector<std::byte>>& bytes() const noexcept {
    return bytes_;
  }
  /// Null unless made by from_frames().
  [[nodiscard]] const std::shared_ptr<const Frames>& frames() const noexcept { return frames_; }
  /// Null unless made by from_descriptor().
  [[nodiscard]] const std::shared_ptr<const OpenFile>& open_file() const noexcept { return file_; }
  /// Is `path` a name and no more? So with all but files and folders on disk.
  [[nodiscard]] bool in_memory() const noexcept { return bytes_ || frames_ || file_; }

  /// What is open or in memory is equal to itself alone.
  friend bool operator==(const ClipSource&, const ClipSource&) = default;

private:
  std::shared_ptr<const std::vector<std::byte>> bytes_;
  std::shared_ptr<const Frames> frames_;
  std::shared_ptr<const OpenFile> file_;
};

/// A clip that a job went on without.
struct UnusableClip {
  std::filesystem::path path;
  std::string reason;  // without the path
};

}  // namespace vidclass
