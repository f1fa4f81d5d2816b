// Unpacking archives that came from elsewhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

#include "core/progress.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass {

struct Unpacked {
  std::size_t files = 0;
  std::uint64_t bytes = 0;
};

/// Unpacks a zip, RAR, 7z or tar archive into `folder`, which is made if it is missing and
/// should be empty. Only regular files and folders are made, with plain permissions,
/// and only below `folder`: throws Error before writing an entry that has an absolute path, a
/// ".." in it, is a link or a device, or has the name of one before; and where the archive is
/// damaged, cut short, encrypted or of a kind that is not read, or the disk is full. Throws
/// Cancelled. What was unpacked until then stays.
Unpacked unpack(const std::filesystem::path& archive, const std::filesystem::path& folder,
                const ProgressFunction& progress = {}, const CancellationToken& cancel = {});

}  // namespace vidclass
