#include "dataset/video_files.hpp"

#include <algorithm>
#include <set>
#include <system_error>

#include "vidclass/core/error.hpp"
#include "vidclass/video/probe.hpp"

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

bool is_video(const fs::directory_entry& entry) {
  if (!video::has_video_extension(entry.path())) return false;
  std::error_code ignored;
  if (entry.is_regular_file(ignored)) return true;
  return entry.is_symlink(ignored) && !entry.exists(ignored);
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
      if (is_folder(entry)) {
        enter(entry.path());
      } else if (is_video(entry)) {
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

std::vector<fs::path> sub_folders(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const auto& entry : visible_entries(folder)) {
    if (is_folder(entry)) found.push_back(entry.path());
  }
  return found;
}

std::vector<fs::path> videos_in(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const auto& entry : visible_entries(folder)) {
    if (!is_folder(entry) && is_video(entry)) found.push_back(entry.path());
  }
  return found;
}

std::vector<fs::path> videos_below(const fs::path& folder) {
  Search search(folder);
  search.enter(folder);
  return search.take();
}

}  // namespace vidclass::dataset
