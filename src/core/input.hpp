// Files that a user named.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "core/own_files.hpp"

namespace vidclass {

/// Does it look like an address on the web, such as "https://host/clip.mp4", also where it was
/// joined to a folder?
[[nodiscard]] bool is_address(const std::filesystem::path& path);

/// What is to be done about one.
inline constexpr std::string_view address_advice = "addresses are not opened; download it first";

/// Links followed. Where it cannot be told (a folder that may not be entered), true: reading will.
[[nodiscard]] bool is_there(const std::filesystem::path& path);

/// Throws UsageError where nothing is at `path` or where it is a link to nothing:
/// "<path>: no such file or folder; expected <expected>". What is there
/// but cannot be used is an Error of whoever reads it.
void require_input(const std::filesystem::path& path, std::string_view expected);

/// The files that a call reads, told by what they are and not by their names, so that it writes
/// onto none of them. One thread at a time.
class InputFiles {
public:
  /// Of a folder, the files directly inside. What is not there is left out.
  void add(const std::filesystem::path& path);
  /// Throws UsageError if `output` is one of them, by whatever name or link, or if there is a file
  /// that vidclass did not write (OwnFiles) and `overwrite` is false. Call before any work.
  void refuse(const std::filesystem::path& output, bool overwrite) const;

private:
  void add_file(const std::filesystem::path& path);

  std::set<std::pair<std::uint64_t, std::uint64_t>> files_;  // device and inode
  mutable std::map<std::filesystem::path, OwnFiles> own_;    // of the outputs' folders, read once
};

}  // namespace vidclass
