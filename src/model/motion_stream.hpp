// What classifies a clip by its motion, and what its answer counts beside appearance's.
#pragma once

#include <vector>

#include "core/safetensors.hpp"
#include "motion/codebook.hpp"
#include "motion/cuboids.hpp"
#include "train/known_places.hpp"
#include "train/logistic_regression.hpp"
#include "train/streams.hpp"

namespace vidclass::model {

struct MotionStream {
  motion::Codebooks codebooks;
  train::LinearClassifier classifier;  // of Fisher vectors
  /// It was trained on mirror images too: its answer is the mean over a clip and its mirror image.
  bool mirror = true;
  train::StreamWeights weights;
  train::KnownPlaces places{};  // which say what of the weights counts
};

/// Float32 [1, L]. Thread-safe.
[[nodiscard]] Tensor probabilities(const MotionStream& stream,
                                   const motion::Description& description);

/// All of it but `mirror`, the weights and distances: "whole/hof/mean", ..., "classifier/weights",
/// "classifier/bias", and "places" where they are known.
[[nodiscard]] NamedTensors to_tensors(const MotionStream& stream);
/// Sets them. Throws Error naming what is missing, of a wrong shape or not finite. `labels`: L.
void take_tensors(MotionStream& stream, NamedTensors tensors, std::size_t labels);

}  // namespace vidclass::model
