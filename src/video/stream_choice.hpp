// Which of a file's video streams a person would watch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace vidclass::video {

/// One video stream, and how much of it there is.
struct StreamExtent {
  std::int64_t frames = 0;
  double seconds = 0;  // from the first frame to the last
  std::int64_t pixels = 0;
  /// The container names it as the one to show.
  bool is_default = false;
};

/// The place of the one to take; `streams` has at least one. Streams with less than a quarter of
/// the frames of the one that has most, or less than half of the longest one's time, are
/// thumbnails, previews and remains; of the others a default one comes first, then the one with
/// more pixels, more frames, and then the first.
[[nodiscard]] std::size_t choose_stream(std::span<const StreamExtent> streams);

}  // namespace vidclass::video
