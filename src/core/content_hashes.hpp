// What clips hold, as checksums that are computed once.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/content_list.hpp"
#include "vidclass/clip.hpp"

namespace vidclass {

/// SHA-256 of clips' contents, those of files remembered by path, size and time of change, so
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
  /// Of the file, folder or memory that `clip` is a span of. Of a folder of frames: over the names
  /// and contents of the visible files in it. Of bytes and open files: that of the file which they
  /// are. Of frames that the caller decoded: "frames:" and a checksum of their shape, pixels and
  /// times. What is open or in memory is read every time and not listed. Throws ClipError if the
  /// clip cannot be read.
  [[nodiscard]] std::string of(const ClipSource& clip);
  /// What other machines remember; for save().
  void add(const ContentList& others);
  /// Writes what is new; the list appears whole. Entries that another process
  /// wrote meanwhile are kept. Throws Error.
  void save();

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vidclass
