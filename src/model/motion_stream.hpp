// What classifies a clip by its motion, and what its answer counts beside appearance's.
#pragma once

#include <vector>

#include "core/safetensors.hpp"
#include "motion/codebook.hpp"
#include "motion/cuboids.hpp"
#include "train/logistic_regression.hpp"
#include "train/streams.hpp"

namespace vidclass::model {

struct MotionStream {
  motion::Codebooks codebooks;
  train::LinearClassifier classifier;  // of Fisher vectors
  train::StreamWeights weights;
};

/// Float32 [1, L]: the mean over the clip and its mirror image. Thread-safe.
[[nodiscard]] Tensor probabilities(const MotionStream& stream,
                                   const motion::Description& description);

/// All of it but the weights: "whole/hof/mean", ..., "classifier/weights", "classifier/bias".
[[nodiscard]] NamedTensors to_tensors(const MotionStream& stream);
/// Throws Error naming what is missing, of a wrong shape or not finite. `labels`: L.
[[nodiscard]] MotionStream motion_stream_from(NamedTensors tensors, std::size_t labels);

}  // namespace vidclass::model
