// A clip: a file, or a span of time in one.
#pragma once

#include <concepts>
#include <filesystem>
#include <optional>
#include <utility>

namespace vidclass::video {

struct ClipSource {
  ClipSource() = default;
  /// Implicit, so that a whole file is named by its path alone.
  template <typename Path>
  requires std::convertible_to<Path, std::filesystem::path> ClipSource(
      Path&& file, double from = 0, std::optional<double> to = std::nullopt)
      : path(std::forward<Path>(file)), start(from), end(to) {}

  std::filesystem::path path;
  /// Seconds after the file's first frame. A frame belongs to the clip if it is shown from
  /// a time in [start, end) on; times are compared to the microsecond.
  double start = 0;
  /// Empty: to the end of the file.
  std::optional<double> end;

  [[nodiscard]] bool whole() const noexcept { return start <= 0 && !end; }
  friend bool operator==(const ClipSource&, const ClipSource&) = default;
};

}  // namespace vidclass::video
