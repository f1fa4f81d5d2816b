// One answer from two streams: what a clip looks like, and how it moves.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "vidclass/tensor.hpp"

namespace vidclass::train {

/// The joined probabilities are softmax((1 - w) ln p_a / T_a + w ln p_m / T_m), w the weight of
/// motion; 0: appearance alone; 1: motion alone.
struct StreamWeights {
  double motion = 0.5;            // in places like those that were trained in
  double motion_elsewhere = 0.5;  // in places unlike all of them (KnownPlaces)
  /// Above 1 where a stream is surer than it is right (Guo et al. 2017).
  double appearance_temperature = 1;
  double motion_temperature = 1;

  friend bool operator==(const StreamWeights&, const StreamWeights&) = default;
};

/// Throws Error naming what is out of range.
void check(const StreamWeights& weights);

/// Of a clip of this novelty (novelty_of()), 0 to 1: in between.
[[nodiscard]] double motion_weight(const StreamWeights& weights, double novelty);

/// Float32 [N, L] from the same of each stream. `novelty`: of each clip; of one, of all of them;
/// empty: 0.
[[nodiscard]] Tensor joined_probabilities(const Tensor& appearance, const Tensor& motion,
                                          const StreamWeights& weights,
                                          std::span<const double> novelty = {});

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

/// Finds each stream's temperature by its loss on the clips, then the weights of motion. In places
/// like those trained in: the one with the least loss; of such as lose as little (by 0.01), the
/// nearest to one half. Elsewhere, which no clip left out can show, what knows the scene fails
/// first: the greatest weight whose loss is no more than one standard error over groups above the
/// least (the rule of one standard error, Breiman et al. 1984), and half-way from the other weight
/// to motion alone at least. Throws Error without clips.
[[nodiscard]] StreamChoice choose_stream_weights(const HeldOutStreams& held_out);

}  // namespace vidclass::train
