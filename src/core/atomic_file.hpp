// Files that appear whole or not at all.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string_view>

namespace vidclass {

/// The name of a file that does not exist yet, beside `target` and with its ending, for what
/// becomes `target` when it is whole. Short, whatever the name of `target`. Thread-safe.
[[nodiscard]] std::filesystem::path temporary_name(const std::filesystem::path& target);

/// Runs `write` with the name of a temporary file beside `target`, then renames
/// that to `target` (replacing it). When `write` throws, the temporary file is
/// removed, `target` is untouched and the exception goes on. The folder of
/// `target` is made if it is missing. Two processes may write one target at the
/// same time; the last rename wins. Throws Error if the file cannot be written.
void write_file_atomically(const std::filesystem::path& target,
                           const std::function<void(const std::filesystem::path&)>& write);

/// The same for content at hand.
void write_file_atomically(const std::filesystem::path& target, std::span<const std::byte> content);
void write_file_atomically(const std::filesystem::path& target, std::string_view content);

/// The whole file as text; throws Error naming it if it cannot be read.
[[nodiscard]] std::string read_text_file(const std::filesystem::path& path);

}  // namespace vidclass
