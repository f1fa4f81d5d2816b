// Which moments and places made a motion stream choose a label.
#pragma once

#include <cstddef>
#include <vector>

#include "model/motion_stream.hpp"
#include "motion/cuboids.hpp"
#include "vidclass/tensor.hpp"

namespace vidclass::classify {

/// Attributions are shares of the label's score in the stream's classifier against that of the
/// other labels, each counting as much as it is probable among them: what the clip's Fisher vector
/// adds to it, for the clip and its mirror image alike.
struct MotionExplanation {
  std::vector<float> probabilities;  // [L], of the motion stream alone
  double weight = 0;                 // of the stream in the model's answer
  double score = 0;                  // the sum of all shares
  std::vector<double> moments;       // [T], what moves nearest to each of the given times adds
  /// float32 [T, g, g]: what each place of the whole picture adds, g = motion_grid; those of a
  /// moment sum to what the moment adds.
  Tensor places;
};

inline constexpr std::size_t motion_grid = 16;

/// `times`: T moments in seconds after the file's first frame, ascending, at least one; `label`: an
/// index below L; `weight`: MotionExplanation::weight.
[[nodiscard]] MotionExplanation explain_motion(const model::MotionStream& stream,
                                               const motion::Description& description,
                                               const std::vector<double>& times, std::size_t label,
                                               double weight);

}  // namespace vidclass::classify
