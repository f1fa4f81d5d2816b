// Extraction in parts that know nothing of each other, on as many machines as there are, and a
// cache of the parts.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "pipeline/extract.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::pipeline {

/// Of `count` parts the one with every count-th clip, beginning with clip `index`.
struct Shard {
  std::size_t index = 0;  // below `count`
  std::size_t count = 1;
};
/// "0/8" to "7/8". Throws UsageError.
[[nodiscard]] Shard shard_from(std::string_view text);

/// Extracts one part and writes ExtractRequest::output, one safetensors file (.safetensors) that
/// appears when the part is done:
///
///   KEY/avg, KEY/times, ...       the arrays of each entry of the cache, as features::ClipFeatures
///   motion/KEY/...                those of an entry with cuboids
///   metadata "vidclass_part"      JSON: "shard", "shards", "clips_in_all"; "list" and "settings",
///                                 checksums that parts of one job have in common; "clips": path
///                                 and key, or error, of each clip of the part
///   metadata "vidclass_contents"  the checksums of the clips' contents, as the cache lists them
///
/// Until then its entries are in a folder beside it, from which the same call goes on after it was
/// killed. No other part's files are looked at, and nothing is locked. A part without usable clips
/// is written, too. Throws UsageError for another output, Error, Cancelled.
[[nodiscard]] ExtractOutcome extract_shard(const ExtractRequest& request, const Shard& shard,
                                           const Hooks& hooks = {});

struct MergeOutcome {
  std::size_t shards = 0;            // of the whole job
  std::vector<std::size_t> missing;  // shards of which no part was given
  std::size_t missing_clips = 0;     // in these
  std::size_t clips = 0;             // usable ones of the parts
  std::size_t added = 0;             // entries
  std::size_t there_before = 0;      // entries
  std::vector<UnusableClip> unusable;
};
/// Puts the entries of parts into a cache, byte for byte what extraction into it would have stored.
/// A part may be given again. Throws UsageError for parts of different jobs, Error for a file that
/// is no part or is damaged; what was read before is then in the cache. Cancelled.
[[nodiscard]] MergeOutcome merge_shards(std::span<const std::filesystem::path> parts,
                                        const std::filesystem::path& cache,
                                        const Hooks& hooks = {});

}  // namespace vidclass::pipeline
