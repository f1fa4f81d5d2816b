// Speed against accuracy, drawn.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace vidclass::report {

struct TradeOff {
  std::string name;
  double frames_per_second = 0;  // above 0
  double top1 = 0;               // 0 to 1
  double deviation = 0;          // of top1; 0 where one was measured
  bool on_front = false;         // none is both quicker and more accurate
};

/// Writes an SVG file that appears whole or not at all: frames a second from left to right
/// (logarithmic), accuracy upwards with its deviation, a line through the front. Throws Error.
void write_trade_offs(const std::filesystem::path& path, const std::string& title,
                      std::vector<TradeOff> all);

}  // namespace vidclass::report
