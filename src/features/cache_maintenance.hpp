// Looking after the folder of a feature cache.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/progress.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::features {

/// Is it the name of an entry: 64 hexadecimal digits?
[[nodiscard]] bool is_key(const std::string& text);

struct CacheEntry {
  std::filesystem::path path;
  std::string key;
  std::uintmax_t bytes = 0;
  std::filesystem::file_time_type used;  // when it was stored or last found
};

/// All entries, the one that was used longest ago first. Other files of the folder
/// are none of its business. Empty where there is no such folder.
[[nodiscard]] std::vector<CacheEntry> list_entries(const std::filesystem::path& dir);

struct DamagedEntry {
  CacheEntry entry;
  std::string reason;
};
/// Reads every entry whole: its header, shapes that belong together, finite values.
[[nodiscard]] std::vector<DamagedEntry> find_damaged_entries(const std::vector<CacheEntry>& entries,
                                                             const ProgressFunction& progress = {},
                                                             const CancellationToken& cancel = {});

struct PruneLimits {
  /// Entries not used for longer go; zero: no limit.
  std::chrono::hours unused_for{0};
  /// What is left takes at most as many bytes, those used longest ago going first;
  /// zero: no limit.
  std::uintmax_t most_bytes = 0;
};
/// The entries that would go, of a list as list_entries() gives it.
[[nodiscard]] std::vector<CacheEntry> entries_to_prune(const std::vector<CacheEntry>& entries,
                                                       const PruneLimits& limits,
                                                       std::filesystem::file_time_type now);

/// Deletes entries; one that another process has
/// deleted meanwhile is no error. Throws Error.
void remove_entries(const std::vector<CacheEntry>& entries);

}  // namespace vidclass::features
