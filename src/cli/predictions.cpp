#include "cli/predictions.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cli/text_width.hpp"
#include "core/csv.hpp"
#include "core/format.hpp"

namespace vidclass::cli {
namespace {

/// Eighths of a column, from U+258F to U+2588.
std::string bar(float share) {
  constexpr int columns = 24;
  constexpr const char* eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const int filled = static_cast<int>(std::lround(share * columns * 8));
  std::string text;
  for (int i = 0; i < filled / 8; ++i) text += "█";
  return text + eighths[filled % 8];
}

}  // namespace

std::string text(const std::vector<RankedLabel>& predictions,
                 const std::vector<std::string>& labels, const Style& style) {
  std::string lines;
  for (const RankedLabel& prediction : predictions) {
    lines += format("  {}  {:5.1f} %", pad(labels[prediction.label], style.label_width),
                    prediction.probability * 100);
    if (style.bars) lines += "  " + bar(prediction.probability);
    lines += "\n";
  }
  return lines;
}

std::string csv(const std::filesystem::path& path, const std::vector<RankedLabel>& predictions,
                const std::string& error, const std::vector<std::string>& labels) {
  const std::string name = csv_field(path.string());
  if (predictions.empty()) return format("{},,,,{}\n", name, csv_field(error));
  std::string rows;
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    rows += format("{},{},{},{:.6g},{}\n", name, i + 1, csv_field(labels[predictions[i].label]),
                   predictions[i].probability, csv_field(error));
  }
  return rows;
}

}  // namespace vidclass::cli
