#include "report/trade_off.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "core/atomic_file.hpp"
#include "core/format.hpp"
#include "report/page.hpp"
#include "vidclass/error.hpp"

namespace vidclass::report {
namespace {

constexpr double width = 760, height = 440;
constexpr double left = 64, right = 740, top = 48, bottom = 384;

std::string line(double x1, double y1, double x2, double y2, const char* kind) {
  return format("<line class=\"{}\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>\n",
                kind, x1, y1, x2, y2);
}

std::string words(double x, double y, const char* anchor, const std::string& text) {
  return format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y, anchor,
                escape_html(text));
}

/// A range that has all values inside, in per cent, its ends whole tens.
struct PerCent {
  double least = 100, most = 0;

  explicit PerCent(const std::vector<TradeOff>& all) {
    for (const TradeOff& one : all) {
      least = std::min(least, 100 * (one.top1 - one.deviation));
      most = std::max(most, 100 * (one.top1 + one.deviation));
    }
    least = std::max(0.0, std::floor(least / 10) * 10);
    most = std::min(100.0, std::max(least + 10, std::ceil(most / 10) * 10));
  }
  [[nodiscard]] double y(double share) const {
    return bottom - (100 * share - least) / (most - least) * (bottom - top);
  }
};

/// A range of powers of ten with all values inside.
struct Decades {
  double least = 0, most = 0;

  explicit Decades(const std::vector<TradeOff>& all) {
    const auto [slowest, quickest] =
        std::minmax_element(all.begin(), all.end(), [](const TradeOff& a, const TradeOff& b) {
          return a.frames_per_second < b.frames_per_second;
        });
    least = std::floor(std::log10(slowest->frames_per_second));
    most = std::max(least + 1, std::ceil(std::log10(quickest->frames_per_second)));
  }
  [[nodiscard]] double x(double value) const {
    return left + (std::log10(value) - least) / (most - least) * (right - left);
  }
};

}  // namespace

void write_trade_offs(const std::filesystem::path& path, const std::string& title,
                      std::vector<TradeOff> all) {
  for (const TradeOff& one : all) {
    if (!(one.frames_per_second > 0)) throw Error(format("{} has no speed to be drawn", one.name));
  }
  if (all.empty()) throw Error("nothing was measured that could be drawn");
  std::sort(all.begin(), all.end(), [](const TradeOff& a, const TradeOff& b) {
    return a.frames_per_second < b.frames_per_second;
  });
  const PerCent share(all);
  const Decades speed(all);

  std::string svg = format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" role=\"img\" "
      "aria-label=\"{2}\">\n<style>text{{font:14px sans-serif;fill:#222}}.grid{{stroke:#ddd}}"
      ".axis{{stroke:#222}}.spread{{stroke:#888;stroke-width:2}}.front{{fill:none;stroke:#0a6fb0;"
      "stroke-width:2}}.on{{fill:#0a6fb0}}.off{{fill:#999}}</style>\n"
      "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
      width, height, escape_html(title));
  svg += words(left, 28, "start", title);
  for (double tens = share.least; tens <= share.most; tens += 10) {
    svg += line(left, share.y(tens / 100), right, share.y(tens / 100), "grid");
    svg += words(left - 8, share.y(tens / 100) + 5, "end", format("{:.0f}", tens));
  }
  for (double decade = speed.least; decade <= speed.most; ++decade) {
    for (const int step : {1, 2, 5}) {
      const double value = std::pow(10, decade) * step;
      const double x = speed.x(value);
      if (x > right + 0.5) break;
      svg += line(x, top, x, bottom, "grid");
      svg += words(x, bottom + 20, "middle", format("{:g}", value));
    }
  }
  svg += line(left, bottom, right, bottom, "axis") + line(left, top, left, bottom, "axis");
  svg += words((left + right) / 2, bottom + 44, "middle", "frames a second");
  svg += words(left - 8, top - 8, "end", "%");

  std::string front;
  for (const TradeOff& one : all) {
    if (!one.on_front) continue;
    front += format("{:.1f},{:.1f} ", speed.x(one.frames_per_second), share.y(one.top1));
  }
  svg += format("<polyline class=\"front\" points=\"{}\"/>\n", front);
  for (const TradeOff& one : all) {
    const double x = speed.x(one.frames_per_second);
    const double y = share.y(one.top1);
    if (one.deviation > 0) {
      svg += line(x, share.y(one.top1 - one.deviation), x, share.y(one.top1 + one.deviation),
                  "spread");
    }
    svg += format("<circle class=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"5\"/>\n",
                  one.on_front ? "on" : "off", x, y);
    // To the side where there is more room.
    const bool before = x > (left + right) / 2;
    svg += words(before ? x - 10 : x + 10, y - 8, before ? "end" : "start", one.name);
  }
  svg += "</svg>\n";
  write_file_atomically(path, std::string_view(svg));
}

}  // namespace vidclass::report
