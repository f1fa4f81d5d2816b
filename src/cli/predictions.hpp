// Each clip's probabilities, ranked, drawn and written.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/json.hpp"

namespace vidclass::cli {

struct RankedLabel {
  std::size_t label = 0;
  float probability = 0;
};
/// The `count` most probable, best first; equal ones by the lower index.
[[nodiscard]] std::vector<RankedLabel> ranked(std::span<const float> probabilities,
                                              std::size_t count);

/// [{label, probability}, ...]
[[nodiscard]] Json to_json(const std::vector<RankedLabel>& predictions,
                           const std::vector<std::string>& labels);
/// A line each: label, percentage and, for a terminal, a bar.
[[nodiscard]] std::string text(const std::vector<RankedLabel>& predictions,
                               const std::vector<std::string>& labels, bool with_bars);

struct PredictionRow {
  std::filesystem::path path;
  std::size_t truth = 0;
  std::vector<float> probabilities;
};
/// CSV: path,label,predicted, then a column of probabilities for each label.
void write_predictions(const std::filesystem::path& path, const std::vector<PredictionRow>& rows,
                       const std::vector<std::string>& labels);

}  // namespace vidclass::cli
