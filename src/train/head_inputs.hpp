// What the heads of one training read of its clips, made once for all of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "train/features.hpp"
#include "train/kept_features.hpp"
#include "train/principal_axes.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::train {

/// Clips as one kind of head reads them.
struct HeadInput {
  LabelledFeatures train;
  LabelledFeatures validation;
};

/// A `mean` reads means over time, which are small enough to be kept, and `moments` reads moments;
/// both are made anew in every step where its frames are drawn. With `components`, a `gru` and
/// `moments` read along that many principal axes of each map, found on the training clips. May be
/// read from several threads.
class HeadInputs {
public:
  /// `heads`: all that are to be trained, of one training's sizes. `components`: 0 for none. Tells
  /// of its progress where there are so many clips that it takes a while.
  HeadInputs(const LabelledFeatures& train, const LabelledFeatures& validation,
             std::span<const head::HeadSpec> heads, std::size_t components, std::uint64_t seed,
             int threads, const Room& room, const Hooks& hooks);
  HeadInputs(const HeadInputs&) = delete;
  HeadInputs& operator=(const HeadInputs&) = delete;

  /// What `head` is trained on.
  [[nodiscard]] HeadInput of(const head::HeadSpec& head) const;
  /// What is trained: `head` with the sizes of what it reads.
  [[nodiscard]] head::HeadSpec trained(const head::HeadSpec& head) const;
  /// What is trained, with parameters of trained(head), as a head that reads features.
  [[nodiscard]] head::Head finished(NamedTensors parameters, head::HeadSpec head) const;

private:
  [[nodiscard]] bool reads_axes(const head::HeadSpec& head) const noexcept;

  HeadInput features_;  // as they came
  std::optional<PrincipalAxes> axes_;
  HeadInput along_axes_;                   // empty where nothing reads it
  std::optional<head::HeadSpec> moments_;  // of which all kept ones are
  HeadInput kept_moments_;                 // empty where nothing reads it
};

}  // namespace vidclass::train
