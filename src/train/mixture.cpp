#include "train/mixture.hpp"

#include <algorithm>
#include <cmath>

#include "evaluate/score.hpp"
#include "train/average.hpp"
#include "train/group_error.hpp"
#include "vidclass/error.hpp"

namespace vidclass::train {
namespace {

using head::HeadKind;
using head::Transform;

/// -ln p(true label) of each clip.
std::vector<double> losses(const Tensor& probabilities, const std::vector<std::size_t>& labels) {
  const std::size_t width = probabilities.dim(1);
  const auto values = probabilities.data<float>();
  std::vector<double> of_clips;
  for (std::size_t clip = 0; clip < labels.size(); ++clip) {
    of_clips.push_back(
        evaluate::surprise_of(static_cast<double>(values[clip * width + labels[clip]])));
  }
  return of_clips;
}

/// The same of the last map and, where there is one, of the map in the middle.
Transforms on_all_levels(Transforms transforms, const FrameFeatures& available) {
  if (!available.middle) return transforms;
  const std::size_t count = transforms.size();
  for (std::size_t i = 0; i < count; ++i) transforms.push_back(head::in_the_middle(transforms[i]));
  return transforms;
}

/// The same of the map in the middle, or of the last one where there is no other.
Transforms on_finest_level(Transforms transforms, const FrameFeatures& available) {
  if (!available.middle) return transforms;
  for (Transform& transform : transforms) transform = head::in_the_middle(transform);
  return transforms;
}

}  // namespace

std::string_view to_string(Mixture mixture) noexcept {
  switch (mixture) {
    case Mixture::balanced:
      return "balanced";
    case Mixture::motion:
      return "motion";
    case Mixture::appearance:
      break;
  }
  return "appearance";
}

Mixture mixture_from(std::string_view name) {
  for (const Mixture mixture : all_mixtures) {
    if (name == to_string(mixture)) return mixture;
  }
  throw UsageError("unknown ensemble \"" + std::string(name) +
                   "\": choose auto, balanced, motion or appearance");
}

FrameFeatures frame_features(const head::HeadSpec& spec) noexcept {
  return {.poolings = spec.poolings, .middle = spec.middle > 0};
}

std::vector<MemberDesign> member_designs(Mixture mixture, const FrameFeatures& available) {
  const bool weighted = available.poolings > 1;
  const auto gru = [](Transforms transforms) {
    return MemberDesign{HeadKind::gru, std::move(transforms)};
  };
  const auto moments = [](Transforms transforms) {
    return MemberDesign{HeadKind::moments, std::move(transforms)};
  };

  Transforms changes{Transform::centred};
  if (weighted) changes = {Transform::centred, Transform::centred_motion, Transform::contrast};
  Transforms all = changes;
  all.push_back(Transform::plain);
  const MemberDesign changing_moments = moments(on_all_levels(changes, available));
  const MemberDesign all_moments = moments(on_all_levels(all, available));

  const MemberDesign moving =
      gru(on_all_levels({weighted ? Transform::centred_motion : Transform::centred}, available));
  MemberDesign changing = gru(on_finest_level({Transform::centred}, available));
  MemberDesign scene = gru(on_all_levels({Transform::plain}, available));
  if (weighted) {
    changing = gru(on_finest_level({Transform::centred, Transform::centred_motion}, available));
    scene = gru(on_all_levels({Transform::plain, Transform::motion}, available));
  }
  switch (mixture) {
    case Mixture::balanced:
      return {changing, changing_moments, moving, scene, all_moments, moving};
    case Mixture::motion:
      return {changing, changing_moments, moving};
    case Mixture::appearance:
      break;
  }
  return {scene, all_moments, scene, changing, changing_moments, scene};
}

std::vector<MemberDesign> distinct_designs(const FrameFeatures& available) {
  std::vector<MemberDesign> distinct;
  for (const Mixture mixture : all_mixtures) {
    for (MemberDesign& member : member_designs(mixture, available)) {
      if (std::find(distinct.begin(), distinct.end(), member) == distinct.end()) {
        distinct.push_back(std::move(member));
      }
    }
  }
  return distinct;
}

Tensor mixture_probabilities(const HeldOut& held_out, Mixture mixture,
                             const FrameFeatures& available) {
  std::vector<const Tensor*> members;
  for (const MemberDesign& member : member_designs(mixture, available)) {
    const auto found = std::find(held_out.designs.begin(), held_out.designs.end(), member);
    const auto index = static_cast<std::size_t>(found - held_out.designs.begin());
    members.push_back(&held_out.probabilities.at(index));
  }
  return average_of(members);
}

MixtureChoice choose_mixture(const HeldOut& held_out, const FrameFeatures& available) {
  if (held_out.labels.empty()) throw Error("no clip was held out to choose an ensemble by");
  MixtureChoice choice;
  std::vector<std::vector<double>> of_clips;
  for (const Mixture mixture : all_mixtures) {
    of_clips.push_back(
        losses(mixture_probabilities(held_out, mixture, available), held_out.labels));
    choice.loss.push_back(mean_of(of_clips.back()));
  }
  const auto clearly_beats = [&](Mixture better, Mixture worse) {
    const std::vector<double>& a = of_clips[static_cast<std::size_t>(better)];
    const std::vector<double>& b = of_clips[static_cast<std::size_t>(worse)];
    std::vector<double> gain;
    for (std::size_t clip = 0; clip < a.size(); ++clip) gain.push_back(b[clip] - a[clip]);
    return mean_of(gain) > 2 * standard_error(gain, held_out.groups);
  };
  // What knows the scene gains little where it is better, and costs much where the test was
  // filmed elsewhere than all groups were, which no fold can show: so the evidence must be clear.
  choice.mixture = Mixture::motion;
  for (const Mixture bolder : {Mixture::balanced, Mixture::appearance}) {
    if (clearly_beats(bolder, choice.mixture)) choice.mixture = bolder;
  }
  return choice;
}

}  // namespace vidclass::train
