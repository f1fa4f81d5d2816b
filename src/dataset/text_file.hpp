// Text files that people wrote: lists, CSVs.
#pragma once

#include <filesystem>
#include <string>

namespace vidclass::dataset {

/// The whole file. Throws Error if it cannot be read or is UTF-16 text.
[[nodiscard]] std::string read_utf8_file(const std::filesystem::path& file);

/// Its first bytes, enough to tell what it is; "" if it cannot be read.
[[nodiscard]] std::string beginning_of(const std::filesystem::path& file);

/// Is there a regular file, a link to one included?
[[nodiscard]] bool is_file(const std::filesystem::path& path);
[[nodiscard]] bool is_folder(const std::filesystem::path& path);

}  // namespace vidclass::dataset
