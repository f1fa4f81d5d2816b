// Features of clips, kept on disk.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/safetensors.hpp"

namespace vidclass::features {

/// The folder, in that of the cache, of the entries with cuboids.
inline constexpr const char* motion_folder = "motion";

/// A folder of entries, each one safetensors file of named arrays
/// (DIR/ab/abcdef....safetensors by its key), whole or absent. Several threads and
/// processes may use one folder at the same time.
class FeatureCache {
public:
  /// The folder is made when the first entry is stored.
  explicit FeatureCache(std::filesystem::path dir);

  [[nodiscard]] const std::filesystem::path& dir() const noexcept { return dir_; }
  /// Float16 arrays come as float32. Empty when there is no entry. A damaged entry counts as none,
  /// with a warning.
  [[nodiscard]] std::optional<NamedTensors> find(const std::string& key) const;
  /// The same of an entry that was there when its user began. Throws Error if it has gone.
  [[nodiscard]] NamedTensors find_again(const std::string& key) const;
  /// Replaces an entry that is there. Throws Error.
  void store(const std::string& key, const NamedTensors& arrays) const;
  /// Where the entry of a key lies, if there is one.
  [[nodiscard]] std::filesystem::path path_of(const std::string& key) const;

private:
  std::filesystem::path dir_;
};

}  // namespace vidclass::features
