// One answer from two streams: what a clip looks like, and how it moves.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "vidclass/tensor.hpp"

namespace vidclass::train {

/// The joined probabilities are softmax((1 - motion) ln p_a / T_a + motion ln p_m / T_m).
struct StreamWeights {
  double motion = 0.5;  // 0: appearance alone; 1: motion alone
  /// Above 1 where a stream is surer than it is right (Guo et al. 2017).
  double appearance_temperature = 1;
  double motion_temperature = 1;

  friend bool operator==(const StreamWeights&, const StreamWeights&) = default;
};

/// Throws Error naming what is out of range.
void check(const StreamWeights& weights);

/// Float32 [N, L] from the same of each stream.
[[nodiscard]] Tensor joined_probabilities(const Tensor& appearance, const Tensor& motion,
                                          const StreamWeights& weights);

/// What both streams say of clips that neither was trained on.
struct HeldOutStreams {
  Tensor appearance;                // float32 [N, L]
  Tensor motion;                    // float32 [N, L]
  std::vector<std::size_t> labels;  // [N]
  /// What belongs together (a scene, a person), by number; [N]. Empty: each clip is by itself.
  std::vector<std::size_t> groups;
};

struct StreamChoice {
  StreamWeights weights;
  /// Mean of -ln p(true label) of each stream at its temperature, and of both.
  double appearance_loss = 0;
  double motion_loss = 0;
  double joined_loss = 0;
};

/// Finds each stream's temperature by its loss on the clips, then the weight of motion: of those up
/// to `most_cautious`, and the best one, whose loss is no more than one standard error over groups
/// above the least (the rule of one standard error, Breiman et al. 1984) the greatest. What knows
/// the scene gains where clips left out come from scenes like the others', and fails in a quite new
/// place, which no clip left out can show. Throws Error without clips.
[[nodiscard]] StreamChoice choose_stream_weights(const HeldOutStreams& held_out,
                                                 double most_cautious = 1);

}  // namespace vidclass::train
