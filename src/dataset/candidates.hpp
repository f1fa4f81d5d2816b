// Which clips may be copies of each other, without looking at every pair of frames.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "vidclass/hooks.hpp"

namespace vidclass::dataset {

struct Candidate {
  std::size_t first = 0;  // below `second`
  std::size_t second = 0;
  bool mirrored = false;  // one clip may be a copy of the other's mirror image

  auto operator<=>(const Candidate&) const = default;
};

/// Pairs of clips whose frames have alike codes (see frame_code()), ascending. Codes are
/// cut into four parts of 16 bits, and two clips are a pair when at least two parts agree
/// (multi-index hashing: Norouzi, Punjani and Fleet, "Fast search in Hamming space with
/// multi-index hashing", CVPR 2012), so that the work grows with the number of agreements
/// and not with that of pairs of frames. Of each clip only the `most` best pairs are kept,
/// upright and mirrored each.
[[nodiscard]] std::vector<Candidate> find_candidates(
    std::span<const std::vector<std::uint64_t>> codes_of_clips, std::size_t most,
    const CancellationToken& cancel = {});

}  // namespace vidclass::dataset
