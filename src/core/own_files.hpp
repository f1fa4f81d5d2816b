// Files that vidclass wrote, so that they are not taken for a user's data.
#pragma once

#include <filesystem>
#include <set>
#include <span>
#include <string>

namespace vidclass {

/// Lists `files`, which are written now, in a hidden file of the folder that each lies in.
/// What was listed before stays. A folder that cannot be written to is left as it is: writing the
/// files themselves says why.
void list_own_files(std::span<const std::filesystem::path> files);

/// Does the file say itself what it is: a model, a checkpoint, ranges for int8 or an entry of a
/// cache?
[[nodiscard]] bool known_by_itself(const std::filesystem::path& file);

/// Which files of a folder vidclass wrote.
class OwnFiles {
public:
  explicit OwnFiles(const std::filesystem::path& folder);

  /// Is it listed by name?
  [[nodiscard]] bool lists(const std::filesystem::path& file) const;
  /// Is it listed, or known_by_itself()?
  [[nodiscard]] bool contain(const std::filesystem::path& file) const;

private:
  std::set<std::string> names_;
};

}  // namespace vidclass
