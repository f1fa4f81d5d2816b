#include "pipeline/find_clips.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "core/feature_array.hpp"
#include "core/format.hpp"
#include "core/input.hpp"
#include "core/text.hpp"
#include "dataset/clip_files.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline {
namespace {

namespace fs = std::filesystem;

class Finder {
public:
  explicit Finder(bool arrays) : arrays_(arrays) {}

  void add(const fs::path& path) {
    std::error_code error;
    if (!fs::is_directory(path, error) || dataset::is_frame_folder(path)) {
      clips_.emplace_back(path);
      return;
    }
    dataset::FoundClips found = dataset::clips_below(path);
    // Arrays that extract wrote into folders are left out of data sets, but they are what is asked
    // for here.
    std::erase_if(found.left_out.own, [&](const fs::path& file) {
      const bool wanted = arrays_ && file.extension() == ".npy";
      if (wanted) found.clips.push_back(file);
      return wanted;
    });
    std::sort(found.clips.begin(), found.clips.end());
    left_out_.add(std::move(found.left_out));
    bool any = false;
    for (const fs::path& clip : found.clips) {
      if (is_feature_array(clip) == arrays_) {
        clips_.emplace_back(clip);
        any = true;
      } else {
        left_out_.no_clips.push_back(clip);
      }
    }
    if (!any) without_clips_.push_back(path);
  }

  std::vector<video::ClipSource> take(const Hooks& hooks) {
    std::vector<std::string> notes;
    for (const fs::path& folder : without_clips_) {
      notes.push_back(format("{} is a folder without {}", folder.string(),
                             arrays_ ? "feature arrays" : "videos"));
    }
    for (std::string& note : left_out_.notes()) notes.push_back(std::move(note));
    if (!clips_.empty()) {
      for (const std::string& note : notes) hooks.warn(note);
      return std::move(clips_);
    }
    if (left_out_.is_pictures()) notes.emplace_back(dataset::pictures_for_clips);
    std::string why;
    for (const std::string& note : notes) why.append(why.empty() ? "" : "; ").append(note);
    throw UsageError(why);
  }

private:
  bool arrays_;
  std::vector<video::ClipSource> clips_;
  std::vector<fs::path> without_clips_;
  dataset::LeftOut left_out_;
};

}  // namespace

std::vector<video::ClipSource> find_clips(const std::vector<fs::path>& paths, bool arrays,
                                          const Hooks& hooks) {
  if (std::none_of(paths.begin(), paths.end(), is_there)) {
    for (const fs::path& path : paths) {
      require_input(
          path, arrays ? "a feature array or a folder of them" : "a video or a folder of videos");
    }
  }
  Finder finder(arrays);
  for (const fs::path& path : paths) finder.add(path);
  return finder.take(hooks);
}

std::vector<std::string> output_names(const std::vector<video::ClipSource>& clips) {
  std::vector<std::string> names;
  for (const video::ClipSource& clip : clips) names.push_back(clip.path.stem().string());
  return told_apart(std::move(names));
}

InputFiles files_of(const std::vector<video::ClipSource>& clips) {
  InputFiles files;
  for (const video::ClipSource& clip : clips) files.add(clip.path);
  return files;
}

}  // namespace vidclass::pipeline
