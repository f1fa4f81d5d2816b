#include "dataset/clip_files.hpp"

#include <algorithm>
#include <set>
#include <system_error>

#include "core/feature_array.hpp"
#include "core/text.hpp"
#include "vidclass/error.hpp"
#include "video/frame_folder.hpp"
#include "video/probe.hpp"

namespace fs = std::filesystem;

namespace vidclass::dataset {
namespace {

std::vector<fs::directory_entry> visible_entries(const fs::path& folder) {
  std::vector<fs::directory_entry> entries;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (!it->path().filename().native().starts_with('.')) entries.push_back(*it);
  }
  if (error) throw Error("cannot read the folder " + folder.string() + ": " + error.message());
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.path().native() < b.path().native(); });
  return entries;
}

bool is_folder(const fs::directory_entry& entry) {
  std::error_code ignored;
  return entry.is_directory(ignored);
}

bool is_file_or_lost_link(const fs::directory_entry& entry) {
  std::error_code ignored;
  if (entry.is_regular_file(ignored)) return true;
  return entry.is_symlink(ignored) && !entry.exists(ignored);
}

bool is_clip_file(const fs::directory_entry& entry) {
  return content_by_name(entry.path()) && is_file_or_lost_link(entry);
}

bool contains(const fs::path& outer, const fs::path& inner) {
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

class Search {
public:
  explicit Search(const fs::path& folder) : start_(fs::weakly_canonical(folder)) {}

  void enter(const fs::path& folder) {
    const fs::path real = fs::weakly_canonical(folder);
    const bool leads_back = real != start_ && contains(real, start_);
    if (leads_back || !entered_.insert(real).second) return;
    for (const auto& entry : visible_entries(folder)) {
      if (is_folder(entry) && !is_frame_folder(entry.path())) {
        enter(entry.path());
      } else if (is_folder(entry) || is_clip_file(entry)) {
        found_.push_back(entry.path());
      }
    }
  }

  std::vector<fs::path> take() {
    std::sort(found_.begin(), found_.end(),
              [](const fs::path& a, const fs::path& b) { return a.native() < b.native(); });
    return std::move(found_);
  }

private:
  fs::path start_;
  std::set<fs::path> entered_;
  std::vector<fs::path> found_;
};

}  // namespace

std::optional<Content> content_by_name(const fs::path& file) {
  if (video::has_video_extension(file)) return Content::clips;
  if (is_feature_array(file)) return Content::arrays;
  return std::nullopt;
}

bool is_frame_folder(const fs::path& path) {
  return video::is_frame_folder(path) && sub_folders(path).empty();
}

fs::path clip_on_disk(const fs::path& listed) {
  std::error_code ignored;
  if (fs::exists(listed, ignored)) return listed;
  fs::path instead = listed;
  instead.replace_extension();
  if (is_frame_folder(instead)) return instead;
  for (const char* ending : {".npy", ".safetensors"}) {
    instead.replace_extension(ending);
    if (fs::exists(instead, ignored)) return instead;
  }
  return listed;
}

std::vector<fs::path> sub_folders(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const auto& entry : visible_entries(folder)) {
    if (is_folder(entry)) found.push_back(entry.path());
  }
  return found;
}

std::vector<fs::path> files_in(const fs::path& folder, const std::vector<std::string>& endings) {
  std::vector<fs::path> found;
  for (const auto& entry : visible_entries(folder)) {
    const std::string ending = lower(entry.path().extension().string());
    const bool wanted = std::find(endings.begin(), endings.end(), ending) != endings.end();
    if (wanted && is_file_or_lost_link(entry)) found.push_back(entry.path());
  }
  return found;
}

std::vector<fs::path> clips_in(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const auto& entry : visible_entries(folder)) {
    if (is_folder(entry) ? is_frame_folder(entry.path()) : is_clip_file(entry))
      found.push_back(entry.path());
  }
  return found;
}

std::vector<fs::path> clips_below(const fs::path& folder) {
  Search search(folder);
  search.enter(folder);
  return search.take();
}

}  // namespace vidclass::dataset
