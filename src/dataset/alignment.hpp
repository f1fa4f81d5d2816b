// Do two clips show the same moments?
#pragma once

#include <optional>

#include "dataset/fingerprint.hpp"

namespace vidclass::dataset {

/// How well two clips agree when one is shifted in time against the other. Energies are
/// means of squared grey levels over the pixels of the fingerprints.
struct Alignment {
  double shift = 0;          // seconds: what the second shows at t, the first shows at t + shift
  double overlap = 0;        // seconds that both show
  double share = 0;          // of the shorter clip's length
  double motion = 0;         // how the pictures change over time, about their mean
  double residual = 0;       // what is left of it when one clip is taken from the other
  double late_residual = 0;  // the same, of the frame at the ninth decile
  double excess = 0;         // residual of the moving third of the pixels above that of the still
                             // third, over the motion there: 0 where only coding noise is left
  double contrast = 0;       // variance over the pixels of the mean picture
};

/// The best alignment over all shifts that leave a second (or 90 % of the shorter clip) to
/// both. The pictures may differ by a gain from 0.5 to 2 and an offset. Frames between two
/// frames of the denser clip are compared with the straight line through these, so that
/// neither another frame rate nor a cut between two frames matters. Empty when no shift
/// comes near.
[[nodiscard]] std::optional<Alignment> best_alignment(const Fingerprint& first,
                                                      const Fingerprint& second, bool mirrored);

/// Is this the same footage, and no other moment of the same scene? The thresholds and the
/// clips by which they were chosen are in docs/leaks.md.
[[nodiscard]] bool shows_the_same(const Alignment& alignment) noexcept;

}  // namespace vidclass::dataset
