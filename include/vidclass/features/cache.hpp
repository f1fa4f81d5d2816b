// Features of clips, kept on disk.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "vidclass/core/safetensors.hpp"

namespace vidclass::features {

/// A folder of entries, each one safetensors file of named arrays
/// (DIR/ab/abcdef....safetensors by its key), whole or absent. Several threads and
/// processes may use one folder at the same time.
class FeatureCache {
public:
  /// The folder is made when the first entry is stored.
  explicit FeatureCache(std::filesystem::path dir);

  [[nodiscard]] const std::filesystem::path& dir() const noexcept { return dir_; }
  /// Empty when there is no entry. A damaged entry counts as none, with a warning.
  [[nodiscard]] std::optional<NamedTensors> find(const std::string& key) const;
  /// Replaces an entry that is there. Throws Error.
  void store(const std::string& key, const NamedTensors& arrays) const;

private:
  [[nodiscard]] std::filesystem::path path_of(const std::string& key) const;

  std::filesystem::path dir_;
};

/// SHA-256 of clips' contents, remembered by path, size and time of change, so
/// that a clip is read for it only once (one changed less than two seconds ago may
/// change again unseen, and is not remembered). Kept in DIR/contents.tsv;
/// thread-safe.
class ContentHashes {
public:
  /// An unreadable or damaged list counts as empty.
  explicit ContentHashes(const std::filesystem::path& cache_dir);
  ~ContentHashes();
  ContentHashes(const ContentHashes&) = delete;
  ContentHashes& operator=(const ContentHashes&) = delete;

  /// Throws ClipError if the file cannot be read.
  [[nodiscard]] std::string of(const std::filesystem::path& clip);
  /// Writes what is new; the list appears whole. Entries that another process
  /// wrote meanwhile are kept. Throws Error.
  void save();

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vidclass::features
