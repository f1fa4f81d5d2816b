// Which views the members of a `gru` read, and which of these mixtures generalises.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "vidclass/core/tensor.hpp"
#include "vidclass/head/head.hpp"

namespace vidclass::learn {

/// What the members' votes rest on.
enum class Mixture {
  balanced,  // two in three see changes only, one knows the scene: where groups are not known
  changes,   // all see changes only: for tests filmed elsewhere
  scene,     // two in three know the scene, one sees changes: for tests filmed like the training
};

using Views = std::vector<head::View>;

inline constexpr Mixture all_mixtures[] = {Mixture::balanced, Mixture::changes, Mixture::scene};

[[nodiscard]] std::string_view to_string(Mixture mixture) noexcept;
/// Throws UsageError naming the choices.
[[nodiscard]] Mixture mixture_from(std::string_view name);

/// What members read, in turn; `poolings` of a frame, as in head::HeadSpec.
[[nodiscard]] std::vector<Views> member_views(Mixture mixture, std::size_t poolings);

/// The different views among all mixtures.
[[nodiscard]] std::vector<Views> distinct_views(std::size_t poolings);

/// What heads of one view each say of clips that they were not trained on.
struct HeldOut {
  std::vector<Views> views;           // distinct_views()
  std::vector<Tensor> probabilities;  // of each: float32 [N, L]
  std::vector<std::size_t> labels;    // [N]
  /// What belongs together (a scene, a person), by number; [N].
  std::vector<std::size_t> groups;
};

struct MixtureChoice {
  Mixture mixture = Mixture::balanced;
  /// Mean of -ln p(true label) of each of all_mixtures.
  std::vector<double> loss;
};

/// The first of `changes`, `balanced`, `scene` that no later one beats by more than two standard
/// errors of the difference of their losses over groups (after the rule of one standard error,
/// Breiman et al. 1984, with the most cautious in the place of the simplest). Throws Error if
/// nothing was held out.
[[nodiscard]] MixtureChoice choose_mixture(const HeldOut& held_out, std::size_t poolings);

}  // namespace vidclass::learn
