// What the members of a `gru` are and read, and which of these mixtures generalises.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "head/head.hpp"
#include "vidclass/tensor.hpp"

namespace vidclass::train {

/// What the members' votes rest on.
enum class Mixture {
  /// Two in three see changes only, the others know the scene: where groups are not known.
  balanced,
  motion,      // all see changes only: for tests filmed elsewhere
  appearance,  // two in three know the scene, one sees changes: for tests filmed like the training
};

using Transforms = std::vector<head::Transform>;

/// What one member of a mixture is and reads.
struct MemberDesign {
  head::HeadKind kind = head::HeadKind::gru;
  Transforms transforms;

  friend bool operator==(const MemberDesign&, const MemberDesign&) = default;
};

/// What there is of a frame, as in head::HeadSpec.
struct FrameFeatures {
  std::size_t poolings = 1;
  bool middle = false;
};

inline constexpr Mixture all_mixtures[] = {Mixture::balanced, Mixture::motion, Mixture::appearance};

[[nodiscard]] std::string_view to_string(Mixture mixture) noexcept;
/// Throws UsageError naming the choices.
[[nodiscard]] Mixture mixture_from(std::string_view name);

[[nodiscard]] FrameFeatures frame_features(const head::HeadSpec& spec) noexcept;

/// The members of a `gru`, in turn: GRUs and linear classifiers on moments.
[[nodiscard]] std::vector<MemberDesign> member_designs(Mixture mixture,
                                                       const FrameFeatures& available);

/// The different ones among all mixtures.
[[nodiscard]] std::vector<MemberDesign> distinct_designs(const FrameFeatures& available);

/// What heads of one design each say of clips that they were not trained on.
struct HeldOut {
  std::vector<MemberDesign> designs;  // distinct_designs()
  std::vector<Tensor> probabilities;  // of each: float32 [N, L]
  std::vector<std::size_t> labels;    // [N]
  /// What belongs together (a scene, a person), by number; [N].
  std::vector<std::size_t> groups;
};

/// What a mixture says of the clips: the average of its members' probabilities, float32 [N, L].
[[nodiscard]] Tensor mixture_probabilities(const HeldOut& held_out, Mixture mixture,
                                           const FrameFeatures& available);

struct MixtureChoice {
  Mixture mixture = Mixture::balanced;
  /// Mean of -ln p(true label) of each of all_mixtures.
  std::vector<double> loss;
};

/// The first of `motion`, `balanced`, `appearance` that no later one beats by more than two
/// standard errors of the difference of their losses over groups (after the rule of one standard
/// error, Breiman et al. 1984, with the most cautious in the place of the simplest). Throws Error
/// if nothing was held out.
[[nodiscard]] MixtureChoice choose_mixture(const HeldOut& held_out, const FrameFeatures& available);

}  // namespace vidclass::train
