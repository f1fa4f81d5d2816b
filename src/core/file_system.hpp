// What kind of file system a folder lies on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace vidclass {

/// The name of a file system that several machines may share, "NFS", "Lustre", ...; empty for
/// others. `type`: as statfs(2) gives it in f_type.
[[nodiscard]] std::string_view network_file_system_of(std::uint32_t type) noexcept;

/// The same of the file system that `folder` is on, or would be; empty where that cannot be told.
[[nodiscard]] std::string_view network_file_system(const std::filesystem::path& folder);

}  // namespace vidclass
