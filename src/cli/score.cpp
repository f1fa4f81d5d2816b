#include "cli/score.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cli/text_width.hpp"
#include "core/format.hpp"

namespace vidclass::cli {

Json to_json(const evaluate::Metrics& metrics) {
  return {{"top1", metrics.top1},
          {"top5", metrics.top5},
          {"mean_class_accuracy", metrics.mean_class_accuracy},
          {"loss", metrics.loss}};
}

std::string class_table(const evaluate::Metrics& metrics, const std::vector<std::string>& labels) {
  constexpr std::size_t widest_matrix = 20;
  const bool with_matrix = labels.size() <= widest_matrix;
  const std::size_t width = widest("class", labels);

  std::string text = format("  {}   right", pad("class", width));
  if (with_matrix) {
    text += "   taken for (columns in the same order)";
  }
  text += "\n";
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto& row = metrics.confusion[i];
    const std::size_t total = std::accumulate(row.begin(), row.end(), std::size_t{0});
    text += format("  {}  {:>3}/{:<4}", pad(labels[i], width), row[i], total);
    if (with_matrix) {
      for (std::size_t j = 0; j < row.size(); ++j) {
        text += row[j] == 0 ? "    ." : format("{:>5}", row[j]);
      }
    }
    text += "\n";
  }
  return text;
}

}  // namespace vidclass::cli
