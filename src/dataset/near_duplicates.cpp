#include "dataset/near_duplicates.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "core/parallel.hpp"
#include "dataset/alignment.hpp"
#include "dataset/candidates.hpp"
#include "dataset/fingerprint.hpp"
#include "dataset/frame_code.hpp"
#include "dataset/near_duplicate_list.hpp"
#include "vidclass/error.hpp"

namespace vidclass::dataset {
namespace {

/// Seconds between the frames by which a clip is looked up.
constexpr float code_gap = 0.1F;
/// Pairs a clip that are aligned: bounds the work where all clips show one scene.
constexpr std::size_t most_candidates = 200;

std::vector<std::uint64_t> codes_of(const Fingerprint& fingerprint) {
  std::vector<std::uint64_t> codes;
  float last = -1;
  for (std::size_t frame = 0; frame < fingerprint.frames(); ++frame) {
    if (last >= 0 && fingerprint.times[frame] - last < code_gap) continue;
    last = fingerprint.times[frame];
    if (const auto code = frame_code(fingerprint.picture(frame))) codes.push_back(*code);
  }
  return codes;
}

/// The file part of a content: spans of one file are no copies of each other.
std::string_view file_of(std::string_view content) { return content.substr(0, content.find('@')); }

struct Run {
  std::size_t begin = 0, end = 0;  // candidates of one first clip
};

std::vector<Run> runs_of(const std::vector<Candidate>& candidates) {
  std::vector<Run> runs;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (runs.empty() || candidates[runs.back().begin].first != candidates[i].first) {
      runs.push_back({i, i});
    }
    runs.back().end = i + 1;
  }
  return runs;
}

NearDuplicate pair_of(const std::string& first, const std::string& second, bool mirrored,
                      const Alignment& alignment) {
  const auto to_milliseconds = [](double seconds) { return std::round(seconds * 1000) / 1000; };
  NearDuplicate pair{first, second, mirrored, to_milliseconds(alignment.shift),
                     to_milliseconds(alignment.overlap)};
  if (pair.second < pair.first) {
    std::swap(pair.first, pair.second);
    pair.shift = -pair.shift;
  }
  return pair;
}

bool by_contents(const NearDuplicate& a, const NearDuplicate& b) {
  if (a.first != b.first) return a.first < b.first;
  if (a.second != b.second) return a.second < b.second;
  return a.mirrored < b.mirrored;
}

}  // namespace

std::filesystem::path fingerprint_dir(const std::filesystem::path& cache_dir) {
  return cache_dir / fingerprint_folder;
}

NearDuplicateSearch find_near_duplicates(const std::vector<ClipContent>& contents,
                                         const std::filesystem::path& cache_dir,
                                         const video::Limits& limits, int threads,
                                         const ProgressFunction& progress,
                                         const CancellationToken& cancel) {
  const FingerprintStore store(fingerprint_dir(cache_dir));
  NearDuplicateSearch search;
  search.reasons.resize(contents.size());
  search.light.resize(contents.size());
  std::vector<std::vector<std::uint64_t>> codes(contents.size());
  for_each_index(
      contents.size(), threads,
      [&](std::size_t i) {
        try {
          const Fingerprint clip =
              store.obtain(contents[i].content, contents[i].source, cancel, limits);
          codes[i] = codes_of(clip);
          search.light[i] = light_of(clip);
        } catch (const ClipError& error) {
          search.reasons[i] = error.reason();
        }
      },
      "fingerprint", progress, cancel);
  for (std::size_t i = 0; i < contents.size(); ++i) {
    if (codes[i].empty() && search.reasons[i].empty()) ++search.featureless;
  }

  auto candidates = find_candidates(codes, most_candidates, cancel);
  std::erase_if(candidates, [&](const Candidate& candidate) {
    return file_of(contents[candidate.first].content) ==
           file_of(contents[candidate.second].content);
  });
  const std::vector<Run> runs = runs_of(candidates);
  std::mutex mutex;
  for_each_index(
      runs.size(), threads,
      [&](std::size_t r) {
        const std::size_t one = candidates[runs[r].begin].first;
        const auto fingerprint = store.find(contents[one].content);
        if (!fingerprint) return;
        for (std::size_t c = runs[r].begin; c < runs[r].end; ++c) {
          cancel.check();
          const Candidate& candidate = candidates[c];
          const auto other = store.find(contents[candidate.second].content);
          if (!other) continue;
          const auto alignment = best_alignment(*fingerprint, *other, candidate.mirrored);
          if (!alignment || !shows_the_same(*alignment)) continue;
          auto pair = pair_of(contents[one].content, contents[candidate.second].content,
                              candidate.mirrored, *alignment);
          const std::lock_guard lock(mutex);
          search.found.push_back(std::move(pair));
        }
      },
      "align", progress, cancel);

  // What is nearly symmetric matches both ways; the upright match comes first.
  std::sort(search.found.begin(), search.found.end(), by_contents);
  const auto same = [](const NearDuplicate& a, const NearDuplicate& b) {
    return a.first == b.first && a.second == b.second;
  };
  search.found.erase(std::unique(search.found.begin(), search.found.end(), same),
                     search.found.end());
  std::set<std::string> looked_at;
  for (const ClipContent& content : contents) looked_at.insert(content.content);
  NearDuplicateList(cache_dir).replace(looked_at, search.found);
  return search;
}

}  // namespace vidclass::dataset
