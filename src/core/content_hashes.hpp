// What clips hold, as checksums that are computed once.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace vidclass {

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

  /// Without reading the clip; empty if it is not remembered, has changed or is not there.
  [[nodiscard]] std::optional<std::string> known(const std::filesystem::path& clip) const;
  /// Of a folder of frames: over the names and contents of the visible files in it. Throws
  /// ClipError if the clip cannot be read.
  [[nodiscard]] std::string of(const std::filesystem::path& clip);
  /// Writes what is new; the list appears whole. Entries that another process
  /// wrote meanwhile are kept. Throws Error.
  void save();

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vidclass
