// One line that tells how far long work is and how long it will still take.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace vidclass {

/// How far something is; handed to a ProgressFunction.
struct ProgressState {
  std::string stage;      // "extract", "train", ...
  std::size_t done = 0;   // units finished
  std::size_t total = 0;  // units in all
  std::string detail;     // free text: "24.1 frames/s", "loss 0.31"
};
/// What the rooms report to. May be empty. Called from one thread at a time.
using ProgressFunction = std::function<void(const ProgressState&)>;

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
