// Text files that people wrote: lists, CSVs.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/text.hpp"

namespace vidclass::dataset {

/// The whole file as decoded() reads it. Throws Error if it cannot be read.
[[nodiscard]] std::string read_list_file(const std::filesystem::path& file,
                                         const std::string& encoding);

/// Its first bytes, enough to tell what it is; "" if it cannot be read.
[[nodiscard]] std::string beginning_of(const std::filesystem::path& file);

/// The lines of a list that hold something, without comments (# ...). They refer to `text`.
[[nodiscard]] std::vector<Line> list_lines(std::string_view text);

/// `label` as UTF-8. Throws NotUtf8 naming `where` if it is not, and no encoding is named.
[[nodiscard]] std::string utf8_label(const std::string& label, const std::string& where,
                                     const std::string& encoding);

/// A listed path with / between its folders: Windows writes backslashes.
[[nodiscard]] std::string slashed(std::string listed);

/// The file that a list means by `listed`: below `root`, as it is if it is there, else slashed(),
/// of both also the bytes of `encoding`.
[[nodiscard]] std::filesystem::path listed_file(const std::filesystem::path& root,
                                                const std::string& listed,
                                                const std::string& encoding);

/// Is there a regular file, a link to one included?
[[nodiscard]] bool is_file(const std::filesystem::path& path);
[[nodiscard]] bool is_folder(const std::filesystem::path& path);

}  // namespace vidclass::dataset
