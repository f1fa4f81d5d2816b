// One line that tells how far long work is and how long it will still take.
#pragma once

#include <memory>
#include <string>

#include "vidclass/hooks.hpp"

namespace vidclass {

/// Shows states on stderr: on a terminal one line that is rewritten at most ten
/// times a second; elsewhere a line every ten seconds and one at the end.
/// The time left is estimated from the pace since the stage began.
class ProgressPrinter {
public:
  ProgressPrinter();
  ~ProgressPrinter();
  ProgressPrinter(const ProgressPrinter&) = delete;
  ProgressPrinter& operator=(const ProgressPrinter&) = delete;

  /// Thread-safe.
  void update(const ProgressState& state);
  /// Ends the line, so that other output can follow.
  void finish();
  /// A function that forwards to update(); this object must outlive it.
  [[nodiscard]] ProgressFunction function();

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// "42 s", "3 min 05 s", "2 h 10 min".
[[nodiscard]] std::string format_duration(double seconds);

}  // namespace vidclass
