// Small zip archives whose members are known beforehand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vidclass {

/// A member that an archive may have.
struct ZipMember {
  std::string_view name;
  std::uint64_t most_bytes = 0;  // unpacked
};

using ZipContent = std::map<std::string, std::vector<std::byte>>;

/// Reads the members that are there. Nothing is written and no name is taken for a path. Throws
/// Error naming the file where it is no zip archive or damaged, and where a member has another
/// name than those in `known`, occurs twice, is encrypted, no plain file or larger than it may be:
/// told by what comes out, not by what the archive says.
[[nodiscard]] ZipContent read_zip(const std::filesystem::path& path,
                                  std::span<const ZipMember> known);

/// A zip archive of the members in the order of their names, not compressed. Throws Error.
[[nodiscard]] std::vector<std::byte> make_zip(const ZipContent& content);

}  // namespace vidclass
