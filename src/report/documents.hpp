// Evaluations as JSON: what pages hold and `evaluate --json` prints (docs/report.md).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/json.hpp"
#include "dataset/leaks.hpp"
#include "dataset/scan.hpp"
#include "evaluate/verdict.hpp"
#include "features/extractor.hpp"
#include "vidclass/clip.hpp"

namespace vidclass::report {

/// What another weight of motion would have scored on the same clips.
struct WeightScore {
  double weight = 0;
  double top1 = 0;
  double loss = 0;
};

/// All that is told of one evaluation.
struct EvaluationRecord {
  std::vector<std::string> labels;  // [L]
  evaluate::Verdict verdict;
  std::string split = "test";
  std::filesystem::path model{};
  std::vector<UnusableClip> unusable{};
  /// Kinds of head, or models, over several seeds; empty: none.
  std::vector<evaluate::SeedScores> heads{};
  /// Of a model with a motion stream: what motion weighs in it, in places like those that it was
  /// trained in and elsewhere; how many clips count as from elsewhere (more than half); and what
  /// other weights, 0 to 1 and the same for all clips, would have scored. Its streams by themselves
  /// are among Verdict::comparisons.
  std::optional<double> motion_weight{};
  double motion_weight_elsewhere = 0;
  std::size_t elsewhere = 0;
  std::vector<WeightScore> weights{};
  /// Where they were looked for: leaks between the splits, and clips that the model was trained and
  /// validated on.
  std::optional<std::size_t> leaks{}, trained_on{}, validated_on{};
};

[[nodiscard]] Json to_json(const EvaluationRecord& record);
/// {name, top1: {values, mean, deviation}, top5, mean_class_accuracy, loss}
[[nodiscard]] Json to_json(const evaluate::SeedScores& scores);
[[nodiscard]] Json to_json(const std::vector<UnusableClip>& unusable);
/// One object a leak, with the paths and splits of its clips, which are those of `manifest`.
[[nodiscard]] Json to_json(const std::vector<dataset::Leak>& leaks,
                           const dataset::Manifest& manifest);

/// What a scan found of the clips of `manifest`.
[[nodiscard]] Json to_json(const dataset::ScanReport& report, const dataset::Manifest& manifest);
/// The fields that `extract --json` promises.
[[nodiscard]] Json to_json(const features::ExtractReport& report,
                           const features::FeatureSettings& settings);

}  // namespace vidclass::report
