#include "pipeline/find_clips.hpp"

#include <algorithm>
#include <system_error>

#include "core/feature_array.hpp"
#include "core/format.hpp"
#include "core/input.hpp"
#include "vidclass/error.hpp"
#include "video/frame_folder.hpp"
#include "video/probe.hpp"

namespace vidclass::pipeline {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> clips_in(const fs::path& folder, bool arrays) {
  std::vector<fs::path> clips;
  std::error_code error;
  for (const auto& entry :
       fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied)) {
    const bool wanted =
        arrays ? is_feature_array(entry.path()) : video::has_video_extension(entry.path());
    if (wanted && entry.is_regular_file(error)) clips.push_back(entry.path());
  }
  if (clips.empty()) {
    throw UsageError(
        format("{} is a folder without {}", folder.string(), arrays ? "feature arrays" : "videos"));
  }
  std::sort(clips.begin(), clips.end());
  return clips;
}

}  // namespace

std::vector<video::ClipSource> find_clips(const std::vector<fs::path>& paths, bool arrays) {
  std::vector<video::ClipSource> clips;
  for (const fs::path& path : paths) {
    require_input(path,
                  arrays ? "a feature array or a folder of them" : "a video or a folder of videos");
    std::error_code error;
    if (!fs::is_directory(path, error) || video::is_frame_folder(path)) {
      clips.emplace_back(path);
      continue;
    }
    for (const fs::path& clip : clips_in(path, arrays)) clips.emplace_back(clip);
  }
  return clips;
}

InputFiles files_of(const std::vector<video::ClipSource>& clips) {
  InputFiles files;
  for (const video::ClipSource& clip : clips) files.add(clip.path);
  return files;
}

}  // namespace vidclass::pipeline
