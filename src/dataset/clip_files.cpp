#include "dataset/clip_files.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <system_error>

#include "core/feature_array.hpp"
#include "core/own_files.hpp"
#include "core/text.hpp"
#include "vidclass/error.hpp"
#include "video/frame_folder.hpp"
#include "video/probe.hpp"

namespace fs = std::filesystem;

namespace vidclass::dataset {
namespace {

/// Hidden, or put there by macOS, Windows or a network drive for themselves.
bool is_of_the_system(const fs::path& path) {
  constexpr auto names = std::to_array<std::string_view>(
      {"__MACOSX", "$RECYCLE.BIN", "System Volume Information", "@eaDir", "#recycle"});
  const std::string name = path.filename().string();
  return name.starts_with('.') || std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<fs::directory_entry> visible_entries(const fs::path& folder, std::error_code& error) {
  std::vector<fs::directory_entry> entries;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (!is_of_the_system(it->path())) entries.push_back(*it);
  }
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.path().native() < b.path().native(); });
  return entries;
}

/// Throws Error if the folder cannot be read.
std::vector<fs::directory_entry> visible_entries(const fs::path& folder) {
  std::error_code error;
  auto entries = visible_entries(folder, error);
  if (error) throw Error("cannot read the folder " + folder.string() + ": " + error.message());
  return entries;
}

bool leads_to_folder(const fs::directory_entry& entry) {
  std::error_code ignored;
  return entry.is_directory(ignored);
}

bool is_file_or_lost_link(const fs::directory_entry& entry) {
  std::error_code ignored;
  if (entry.is_regular_file(ignored)) return true;
  return entry.is_symlink(ignored) && !entry.exists(ignored);
}

/// Does FFmpeg find a video in it, whatever its name?
bool is_video_by_content(const fs::directory_entry& entry) {
  std::error_code error;
  if (!entry.is_regular_file(error) || is_picture(entry.path())) return false;
  try {
    // Of what is no video, FFmpeg may think so all the same, but then it has no size.
    const video::ClipInfo info = video::probe(entry.path());
    return info.width > 0 && info.height > 0;
  } catch (const ClipError&) {
    return false;
  }
}

bool is_clip_file(const fs::directory_entry& entry) {
  return content_by_name(entry.path()) ? is_file_or_lost_link(entry) : is_video_by_content(entry);
}

bool contains(const fs::path& outer, const fs::path& inner) {
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

/// Links followed, as far as that is allowed.
fs::path real(const fs::path& path) {
  std::error_code error;
  const fs::path found = fs::weakly_canonical(path, error);
  return error ? fs::absolute(path).lexically_normal() : found;
}

class Search {
public:
  explicit Search(const fs::path& folder) : start_(real(folder)) {}

  /// With `deep`, also in the folders below.
  void enter(const fs::path& folder, bool deep) {
    const fs::path here = real(folder);
    const bool leads_back = here != start_ && contains(here, start_);
    if (leads_back || !entered_.insert(here).second) return;
    const OwnFiles own(folder);
    for (const auto& entry : entries_of(folder)) {
      if (leads_to_folder(entry)) {
        if (is_frame_folder(entry.path())) {
          found_.clips.push_back(entry.path());
        } else if (deep) {
          enter(entry.path(), deep);
        }
      } else if (is_own(own, entry.path(), here)) {
        found_.left_out.own.push_back(entry.path());
      } else if (is_clip_file(entry)) {
        found_.clips.push_back(entry.path());
      } else {
        found_.left_out.no_clips.push_back(entry.path());
      }
    }
  }

  FoundClips take() {
    std::sort(found_.clips.begin(), found_.clips.end(),
              [](const fs::path& a, const fs::path& b) { return a.native() < b.native(); });
    return std::move(found_);
  }

private:
  std::vector<fs::directory_entry> entries_of(const fs::path& folder) {
    std::error_code error;
    auto entries = visible_entries(folder, error);
    if (error) found_.left_out.unreadable.push_back({folder, error.message()});
    return entries;
  }

  [[nodiscard]] bool is_own(const OwnFiles& own, const fs::path& file, const fs::path& folder) {
    // Looking into every clip would take long, and none of them says it.
    if (video::has_video_extension(file)) return own.lists(file);
    const bool is_array = own.lists(file) && is_feature_array(file) && !known_by_itself(file);
    return own.contain(file) && !(is_array && folder == start_);
  }

  fs::path start_;
  std::set<fs::path> entered_;
  FoundClips found_;
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
    if (leads_to_folder(entry)) found.push_back(entry.path());
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

FoundClips clips_in(const fs::path& folder) {
  Search search(folder);
  search.enter(folder, false);
  return search.take();
}

FoundClips clips_below(const fs::path& folder) {
  Search search(folder);
  search.enter(folder, true);
  return search.take();
}

}  // namespace vidclass::dataset
