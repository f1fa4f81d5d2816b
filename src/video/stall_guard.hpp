// Notices when nothing has come of a clip for too long.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <utility>

#include "vidclass/hooks.hpp"

namespace vidclass::video {

/// One thread at a time.
class StallGuard {
public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  /// `limit`: seconds without progress().
  StallGuard(double limit, CancellationToken cancel, Clock clock = std::chrono::steady_clock::now)
      : limit_(limit), cancel_(std::move(cancel)), clock_(std::move(clock)), last_(clock_()) {}

  /// Something came.
  void progress() { last_ = clock_(); }
  [[nodiscard]] bool stalled() const {
    return std::chrono::duration<double>(clock_() - last_).count() > limit_;
  }
  /// Has a blocking call no reason to go on?
  [[nodiscard]] bool interrupted() const { return cancel_.requested() || stalled(); }
  /// Throws Cancelled, or ClipError naming `clip` if it stalled.
  void check(const std::filesystem::path& clip) const;

private:
  double limit_;
  CancellationToken cancel_;
  Clock clock_;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace vidclass::video
