#include "cli/clip_list.hpp"

#include <algorithm>
#include <iostream>
#include <iterator>
#include <string>
#include <system_error>

#include "core/feature_array.hpp"
#include "core/format.hpp"
#include "core/input.hpp"
#include "vidclass/error.hpp"
#include "video/frame_folder.hpp"
#include "video/probe.hpp"

namespace vidclass::cli {
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

std::vector<fs::path> read_paths(std::istream& stream) {
  const std::string content{std::istreambuf_iterator<char>(stream), {}};
  const char end = content.find('\0') == std::string::npos ? '\n' : '\0';
  std::vector<fs::path> paths;
  for (std::size_t begin = 0; begin < content.size();) {
    std::size_t stop = content.find(end, begin);
    if (stop == std::string::npos) stop = content.size();
    std::string line = content.substr(begin, stop - begin);
    if (end == '\n' && line.ends_with('\r')) line.pop_back();
    if (!line.empty()) paths.emplace_back(line);
    begin = stop + 1;
  }
  return paths;
}

std::vector<video::ClipSource> list_clips(const std::vector<fs::path>& named, bool arrays) {
  std::vector<fs::path> paths;
  for (const fs::path& path : named) {
    if (path != "-") {
      paths.push_back(path);
      continue;
    }
    const std::vector<fs::path> listed = read_paths(std::cin);
    if (listed.empty()) throw UsageError("standard input lists no clip");
    paths.insert(paths.end(), listed.begin(), listed.end());
  }
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

}  // namespace vidclass::cli
