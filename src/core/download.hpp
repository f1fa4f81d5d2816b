// Fetching published files over HTTP.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/progress.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass {

/// A file that its makers publish.
struct PublishedFile {
  std::string name;
  std::string url;          // http or https
  std::uint64_t bytes = 0;  // 0: as many as the server says
  std::string md5 = {};     // empty: not known, so only the size is checked
};

/// False where $VIDCLASS_OFFLINE is set.
[[nodiscard]] bool may_download_by_environment();

/// The size of a file in bytes, as the server says it without sending it; redirections are
/// followed. Throws Error if there is no such file, or the server does not tell.
[[nodiscard]] std::uint64_t remote_size(const std::string& url,
                                        const CancellationToken& cancel = {});

/// Bytes of `target` that an earlier, interrupted download has brought already.
[[nodiscard]] std::uint64_t downloaded_part(const std::filesystem::path& target);

/// Downloads `file.url` to `target`, resuming a former partial download, which lies beside
/// it as <target>.part, and checks size and MD5 before the file gets its name. Throws Error,
/// after which what was brought is kept unless it proved wrong, and Cancelled.
void download(const PublishedFile& file, const std::filesystem::path& target,
              const ProgressFunction& progress = {}, const CancellationToken& cancel = {});

}  // namespace vidclass
