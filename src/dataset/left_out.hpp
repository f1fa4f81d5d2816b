// What a search for clips met and did not take.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace vidclass::dataset {

struct UnreadableFolder {
  std::filesystem::path path;
  std::string reason;
};

struct LeftOut {
  std::vector<std::filesystem::path> no_clips;  // files that are none, by name and content
  std::vector<std::filesystem::path> own;       // files that vidclass wrote
  std::vector<UnreadableFolder> unreadable;

  void add(LeftOut more);
  /// Are there files that are no clips, and all of them pictures?
  [[nodiscard]] bool is_pictures() const;
  /// One sentence for each kind, however many there are; files are counted by their endings.
  [[nodiscard]] std::vector<std::string> notes() const;
};

/// What to do about pictures where clips were expected.
inline constexpr const char* pictures_for_clips =
    "pictures are no clips: frames of clips go into a folder of numbered pictures for each clip, "
    "as in <class>/<clip>/img_0001.jpg, and single pictures cannot be classified";

/// Does its name end as those of pictures do?
[[nodiscard]] bool is_picture(const std::filesystem::path& file);

}  // namespace vidclass::dataset
