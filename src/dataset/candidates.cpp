#include "dataset/candidates.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "dataset/frame_code.hpp"

namespace vidclass::dataset {
namespace {

constexpr std::size_t code_parts = 4;
constexpr std::size_t keys = std::size_t{1} << 16;
constexpr std::uint32_t least_agreements = 2;

std::uint16_t part_of(std::uint64_t code, std::size_t part) {
  return static_cast<std::uint16_t>(code >> (16 * part));
}

/// The different values that one part of a clip's codes has.
std::vector<std::uint16_t> keys_of(const std::vector<std::uint64_t>& codes, std::size_t part,
                                   bool mirror) {
  std::vector<std::uint16_t> found;
  found.reserve(codes.size());
  for (const std::uint64_t code : codes) {
    found.push_back(part_of(mirror ? mirrored(code) : code, part));
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

/// For every value of one part of a code, the clips that have it, ascending.
class PartIndex {
public:
  PartIndex(std::span<const std::vector<std::uint64_t>> codes_of_clips, std::size_t part) {
    std::vector<std::pair<std::uint16_t, std::uint32_t>> entries;
    for (std::size_t clip = 0; clip < codes_of_clips.size(); ++clip) {
      for (const std::uint16_t key : keys_of(codes_of_clips[clip], part, false)) {
        entries.emplace_back(key, static_cast<std::uint32_t>(clip));
        ++begin_[key + std::size_t{1}];
      }
    }
    for (std::size_t key = 0; key < keys; ++key) begin_[key + 1] += begin_[key];
    std::sort(entries.begin(), entries.end());
    clips_.reserve(entries.size());
    for (const auto& [key, clip] : entries) clips_.push_back(clip);
  }

  [[nodiscard]] std::span<const std::uint32_t> clips_with(std::uint16_t key) const {
    return std::span(clips_).subspan(begin_[key], begin_[key + std::size_t{1}] - begin_[key]);
  }

private:
  std::vector<std::size_t> begin_ = std::vector<std::size_t>(keys + 1, 0);
  std::vector<std::uint32_t> clips_;
};

}  // namespace

std::vector<Candidate> find_candidates(std::span<const std::vector<std::uint64_t>> codes_of_clips,
                                       std::size_t most, const CancellationToken& cancel) {
  std::vector<PartIndex> index;
  for (std::size_t part = 0; part < code_parts; ++part) index.emplace_back(codes_of_clips, part);

  std::vector<Candidate> candidates;
  std::vector<std::uint32_t> agreements(codes_of_clips.size(), 0);
  std::vector<std::uint32_t> met;
  for (std::size_t clip = 0; clip < codes_of_clips.size(); ++clip) {
    cancel.check();
    for (const bool mirror : {false, true}) {
      met.clear();
      for (std::size_t part = 0; part < code_parts; ++part) {
        for (const std::uint16_t key : keys_of(codes_of_clips[clip], part, mirror)) {
          for (const std::uint32_t other : index[part].clips_with(key)) {
            if (other == clip) continue;
            if (agreements[other]++ == 0) met.push_back(other);
          }
        }
      }
      std::vector<std::pair<std::uint32_t, std::uint32_t>> best;  // agreements, clip
      for (const std::uint32_t other : met) {
        if (agreements[other] >= least_agreements) best.emplace_back(agreements[other], other);
        agreements[other] = 0;
      }
      std::sort(best.begin(), best.end(), [](const auto& a, const auto& b) {
        return a.first != b.first ? a.first > b.first : a.second < b.second;
      });
      if (best.size() > most) best.resize(most);
      for (const auto& [count, other] : best) {
        candidates.push_back(
            {std::min<std::size_t>(clip, other), std::max<std::size_t>(clip, other), mirror});
      }
    }
  }
  std::sort(candidates.begin(), candidates.end());
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  return candidates;
}

}  // namespace vidclass::dataset
