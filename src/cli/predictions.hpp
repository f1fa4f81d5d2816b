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
/// How predictions look.
struct Style {
  bool bars = false;            // for a terminal
  std::size_t label_width = 0;  // columns
};
/// Columns of the widest of the labels with these indices.
[[nodiscard]] std::size_t widest(std::span<const std::size_t> shown,
                                 const std::vector<std::string>& labels);
/// A line each: label, percentage and a bar.
[[nodiscard]] std::string text(const std::vector<RankedLabel>& predictions,
                               const std::vector<std::string>& labels, const Style& style);
/// Rows path,rank,label,probability,error: one for each prediction, the rank from 1, or one
/// for an unusable clip.
[[nodiscard]] std::string csv(const std::filesystem::path& path,
                              const std::vector<RankedLabel>& predictions, const std::string& error,
                              const std::vector<std::string>& labels);

struct PredictionRow {
  std::filesystem::path path;
  std::size_t truth = 0;
  std::vector<float> probabilities;
};
/// CSV: path,label,predicted, then a column of probabilities for each label.
void write_predictions(const std::filesystem::path& path, const std::vector<PredictionRow>& rows,
                       const std::vector<std::string>& labels);

}  // namespace vidclass::cli
