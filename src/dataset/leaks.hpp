// What stands on both sides of a split and so spoils a score.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/progress.hpp"
#include "dataset/manifest.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::dataset {

enum class LeakKind {
  same_content,    // the same file content, or spans of it that overlap
  near_duplicate,  // the same footage: scaled, recompressed, trimmed, mirrored
  group,           // clips filmed together, as the data says
  recording,       // clips that seem to be cut from one recording (Clip::recording)
};
/// "same content", "near duplicate", "group", "recording".
[[nodiscard]] std::string_view to_string(LeakKind kind) noexcept;

struct Leak {
  LeakKind kind = LeakKind::same_content;
  /// Indices into Manifest::clips, ascending, of two or more splits (clips without a split
  /// are left out).
  std::vector<std::size_t> clips;
  std::string group;  // for `group` its name
  // For `near_duplicate`, of the clip contents that it is about:
  bool mirrored = false;
  double shift = 0;    // seconds: the one shows at t + shift what the other shows at t
  double overlap = 0;  // seconds that both show
};

/// The splits that a leak connects, in the order train, val, test.
[[nodiscard]] std::vector<Split> splits_of(const Leak& leak, const Manifest& manifest);

/// Two clip contents (see content_of()) with the same footage.
struct NearDuplicate {
  std::string first, second;  // first < second
  bool mirrored = false;
  double shift = 0;    // seconds: `first` shows at t + shift what `second` shows at t
  double overlap = 0;  // seconds

  bool operator==(const NearDuplicate&) const = default;
};

/// What a clip shows: the checksum of its file, and its span if it is not the whole file.
[[nodiscard]] std::string content_of(const Clip& clip, std::string_view sha256);

/// All leaks: same contents, then near duplicates, then groups that the data gives, then recordings
/// that none of these has told of, each by its first clip.
/// `contents` has one element a clip, empty where it is unknown.
[[nodiscard]] std::vector<Leak> find_leaks(const Manifest& manifest,
                                           const std::vector<std::string>& contents,
                                           const std::vector<NearDuplicate>& near_duplicates);

/// The leaks that can be told without decoding: files of equal size are compared by
/// checksum, groups by name, and near duplicates are those that a scan found and noted in
/// `cache_dir` (whatever split the clips were in then). Files that cannot be read are
/// passed over. Throws Error when `cache_dir` cannot be written, and Cancelled.
[[nodiscard]] std::vector<Leak> known_leaks(const Manifest& manifest,
                                            const std::filesystem::path& cache_dir, int threads,
                                            const ProgressFunction& progress = {},
                                            const CancellationToken& cancel = {});

}  // namespace vidclass::dataset
