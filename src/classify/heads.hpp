// From clips' features to the probabilities of their labels.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "classify/classifier.hpp"
#include "features/extractor.hpp"
#include "head/runner.hpp"
#include "model/model.hpp"

namespace vidclass::classify {

/// What decodes and extracts for a model, as `options` say.
[[nodiscard]] features::ExtractOptions extract_options(const model::Model& model,
                                                       const ClassifierOptions& options);

/// A clip whose features are known and whose probabilities are not yet.
struct OpenQuestion {
  ClipResult result;
  std::vector<Tensor> sequences;  // at least one
};

/// A model's heads and its motion stream. One thread at a time.
class Heads {
public:
  /// `model` must outlive it. `threads`: 0 means all.
  Heads(const model::Model& model, int threads);

  /// All but the probabilities that answer() computes. `follow`: as ClassifierOptions::follow.
  [[nodiscard]] OpenQuestion ask(features::ClipFeatures features, bool follow);
  /// Computes the probabilities of all of them in one go.
  void answer(std::span<OpenQuestion> questions);

private:
  const model::Model& model_;
  head::HeadRunner heads_;
  std::optional<head::HeadRunner> baseline_{};
};

}  // namespace vidclass::classify
