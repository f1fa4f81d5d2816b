// All frames of a clip, one after the other, as they are shown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "vidclass/hooks.hpp"
#include "video/clip_source.hpp"
#include "video/limits.hpp"

namespace vidclass::video {

struct ShownFrame {
  std::vector<std::uint8_t> rgb;  // height * width * 3, row by row
  double time = 0;                // seconds after the file's first frame
  double duration = 0;            // seconds until the next frame, or until the clip ends
};

/// Decodes in order, turns frames as the file's display matrix says, makes their pixels square and
/// scales those that change their size to that of the first. Which clips are opened, and
/// colours: as in sample_clip(). One thread at a time.
class ClipReader {
public:
  /// Reads the packets to learn when each frame is shown. Throws ClipError with the reason,
  /// Cancelled.
  explicit ClipReader(const ClipSource& source, const CancellationToken& cancel = {},
                      const Limits& limits = {});
  ~ClipReader();
  ClipReader(const ClipReader&) = delete;
  ClipReader& operator=(const ClipReader&) = delete;

  [[nodiscard]] int width() const noexcept;  // pixels, as shown
  [[nodiscard]] int height() const noexcept;
  /// By the packets; fewer may come where the file is damaged.
  [[nodiscard]] std::size_t frames() const noexcept;
  [[nodiscard]] double start() const noexcept;     // time of the first frame of the clip
  [[nodiscard]] double duration() const noexcept;  // seconds, the last frame's time included

  /// The next frame of the clip; false at its end. Throws ClipError, Cancelled.
  [[nodiscard]] bool next(ShownFrame& frame);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vidclass::video
