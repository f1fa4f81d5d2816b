// A model's answers on labelled clips, and what is to be said of them.
#pragma once

#include <string>
#include <vector>

#include "core/json.hpp"
#include "evaluate/evaluation.hpp"
#include "evaluate/mcnemar.hpp"
#include "video/clip_source.hpp"

namespace vidclass::cli {

/// All vectors have one element a clip that could be used.
struct Answers {
  std::vector<std::string> labels;  // [L]
  std::vector<video::ClipSource> clips;
  std::vector<std::size_t> truth;
  std::vector<std::string> groups;
  Tensor probabilities;  // float32 [clips, L]
  Tensor baseline;       // the same of the mean-pool head
};

/// The model beside another one on the same clips.
struct Contest {
  std::string name;  // of the other
  evaluate::Metrics metrics;
  evaluate::McNemar test;
};

struct Verdict {
  evaluate::Evaluation model;
  evaluate::Metrics baseline;
  double majority = 0;  // what always answering the most frequent label scores
  double chance = 0;
  std::vector<Contest> contests;  // against the baseline first
};
[[nodiscard]] Verdict judge(const Answers& answers);
[[nodiscard]] Contest contest(const Answers& answers, std::string name, const Tensor& other);

/// The document of `evaluate --json` (docs/report.md), but for what the verb adds.
[[nodiscard]] Json to_json(const Verdict& verdict, const std::vector<std::string>& labels);

/// One kind of head, or one model, over several seeds.
struct SeedScores {
  std::string name;
  std::vector<evaluate::Metrics> seeds;
};
/// {name, top1: {values, mean, deviation}, top5, mean_class_accuracy, loss}
[[nodiscard]] Json to_json(const SeedScores& scores);

/// "top-1 70.3 % (60.4 to 79.1), ...": a few lines for people.
[[nodiscard]] std::string headline(const Verdict& verdict);

}  // namespace vidclass::cli
