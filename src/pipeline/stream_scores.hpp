// What the streams of a model would score by themselves, and under other weights.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "report/documents.hpp"
#include "train/streams.hpp"
#include "vidclass/tensor.hpp"

namespace vidclass::pipeline {

/// Of each stream, float32 [N, L], and how new each clip's place is [N] (train::novelty_of()).
struct StreamAnswers {
  Tensor appearance;
  Tensor motion;
  std::vector<double> novelty{};
};

/// Adds to `record` the comparison of the model with each of its streams, and
/// EvaluationRecord::weights. `joined`: the model's own answers; `truth`: N labels.
void tell_streams(report::EvaluationRecord& record, const StreamAnswers& streams,
                  const Tensor& joined, std::span<const std::size_t> truth,
                  const train::StreamWeights& weights);

}  // namespace vidclass::pipeline
