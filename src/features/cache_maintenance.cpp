#include "features/cache_maintenance.hpp"

#include <algorithm>
#include <cmath>
#include <system_error>
#include <tuple>

#include "core/arrays.hpp"
#include "core/format.hpp"
#include "core/safetensors.hpp"
#include "dataset/fingerprint.hpp"
#include "features/cache.hpp"
#include "features/frozen_activations.hpp"
#include "features/half.hpp"
#include "motion/cuboids.hpp"
#include "vidclass/error.hpp"

namespace vidclass::features {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t key_length = 64;

/// Throws Error with the reason.
void check_features(const fs::path& path) {
  const NamedTensors arrays = widened(SafetensorsFile(path).load_all());
  const auto times = arrays.find("times");
  if (times == arrays.end() || !arrays.contains("avg")) {
    throw Error("it holds no features of a clip");
  }
  for (const auto& [name, tensor] : arrays) {
    if (name == "views") continue;  // numbers of rows
    if (tensor.rank() == 0 || tensor.dim(0) != times->second.size()) {
      throw Error(format("the array {} has {} rows for {} frames", name,
                         tensor.rank() == 0 ? 0 : tensor.dim(0), times->second.size()));
    }
    if (!all_finite(tensor))
      throw Error(format("the array {} holds values that are not finite", name));
  }
}

/// By its kind, which the sub-folder of the cache tells: DIR/KIND/ab/abcd....safetensors.
void check_by_kind(const fs::path& entry) {
  const fs::path kind = entry.parent_path().parent_path().filename();
  if (kind == dataset::fingerprint_folder) {
    static_cast<void>(dataset::read_fingerprint(entry));
  } else if (kind == activation_folder) {
    check_activations(entry);
  } else if (kind == motion_folder) {
    motion::check_arrays(SafetensorsFile(entry).load_all());
  } else {
    check_features(entry);
  }
}

}  // namespace

bool is_key(const std::string& text) {
  return text.size() == key_length &&
         text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::vector<CacheEntry> list_entries(const fs::path& dir) {
  std::vector<CacheEntry> entries;
  std::error_code error;
  if (!fs::is_directory(dir, error)) return entries;
  for (fs::recursive_directory_iterator
           file(dir, fs::directory_options::skip_permission_denied, error),
       end;
       file != end; file.increment(error)) {
    if (error) throw Error(format("cannot read {}: {}", dir.string(), error.message()));
    const fs::path& path = file->path();
    if (path.extension() != ".safetensors" || !is_key(path.stem().string())) continue;
    std::error_code gone;  // another process may delete it right now
    const std::uintmax_t bytes = fs::file_size(path, gone);
    const auto used = gone ? fs::file_time_type() : fs::last_write_time(path, gone);
    if (!gone) entries.push_back({path, path.stem().string(), bytes, used});
  }
  std::sort(entries.begin(), entries.end(), [](const CacheEntry& a, const CacheEntry& b) {
    return std::tie(a.used, a.key) < std::tie(b.used, b.key);
  });
  return entries;
}

std::vector<DamagedEntry> find_damaged_entries(const std::vector<CacheEntry>& entries,
                                               const ProgressFunction& progress,
                                               const CancellationToken& cancel) {
  std::vector<DamagedEntry> damaged;
  std::size_t done = 0;
  for (const CacheEntry& entry : entries) {
    cancel.check();
    try {
      check_by_kind(entry.path);
    } catch (const Error& error) {
      std::error_code ignored;
      if (fs::exists(entry.path, ignored)) damaged.push_back({entry, error.what()});
    }
    if (progress) progress({"verify", ++done, entries.size(), ""});
  }
  return damaged;
}

std::vector<CacheEntry> entries_to_prune(const std::vector<CacheEntry>& entries,
                                         const PruneLimits& limits, fs::file_time_type now) {
  std::uintmax_t left = 0;
  for (const CacheEntry& entry : entries) left += entry.bytes;
  std::vector<CacheEntry> go;
  for (const CacheEntry& entry : entries) {
    const bool too_old = limits.unused_for.count() > 0 && now - entry.used > limits.unused_for;
    const bool too_much = limits.most_bytes > 0 && left > limits.most_bytes;
    if (!too_old && !too_much) continue;
    go.push_back(entry);
    left -= entry.bytes;
  }
  return go;
}

void remove_entries(const std::vector<CacheEntry>& entries) {
  for (const CacheEntry& entry : entries) {
    std::error_code error;
    fs::remove(entry.path, error);
    if (error) throw Error(format("cannot delete {}: {}", entry.path.string(), error.message()));
  }
}

}  // namespace vidclass::features
