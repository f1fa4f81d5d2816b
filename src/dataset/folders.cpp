#include <algorithm>
#include <set>

#include "core/text.hpp"
#include "dataset/clip_files.hpp"
#include "dataset/group.hpp"
#include "dataset/layouts.hpp"
#include "vidclass/error.hpp"

namespace fs = std::filesystem;

namespace vidclass::dataset {
namespace {

struct ClassFolder {
  fs::path path;
  Split split = Split::none;
  std::vector<fs::path> clips;

  [[nodiscard]] std::string name() const { return path.filename().string(); }
};

/// The sub-folders with clips in them; the others are named in `notes`.
std::vector<ClassFolder> class_folders_in(const fs::path& root, std::vector<std::string>& notes) {
  std::vector<ClassFolder> found;
  std::vector<std::string> without_clips;
  for (const fs::path& folder : sub_folders(root)) {
    ClassFolder candidate{folder, Split::none, clips_below(folder)};
    if (candidate.clips.empty()) {
      without_clips.push_back(candidate.name());
    } else {
      found.push_back(std::move(candidate));
    }
  }
  if (!without_clips.empty()) {
    notes.push_back(counted(without_clips.size(), "folder") + " in " + root.string() +
                    " without any clip skipped: " + some_of(without_clips));
  }
  if (const auto stray = clips_in(root); !stray.empty() && !found.empty()) {
    notes.push_back(
        counted(stray.size(), "clip") + " directly in " + root.string() +
        ", in no class folder, left out: " + some_of({stray.front().filename().string()}) +
        (stray.size() > 1 ? " and others" : ""));
  }
  return found;
}

bool is_split_name(const std::string& name) {
  try {
    return split_from(name) != Split::none;
  } catch (const UsageError&) {
    return false;
  }
}

/// Are these not classes, but train and others?
bool are_splits(const std::vector<ClassFolder>& folders) {
  std::set<Split> splits;
  for (const ClassFolder& folder : folders) {
    if (!is_split_name(folder.name())) return false;
    splits.insert(split_from(folder.name()));
  }
  return splits.contains(Split::train) && splits.size() >= 2;
}

std::vector<ClassFolder> class_folders_of_splits(const std::vector<ClassFolder>& splits,
                                                 std::vector<std::string>& notes) {
  std::vector<ClassFolder> all;
  for (const ClassFolder& split : splits) {
    auto inside = class_folders_in(split.path, notes);
    if (inside.empty()) {
      throw Error(split.path.string() +
                  " is named like a split, but its clips lie directly in it; " +
                  "it needs one sub-folder a class");
    }
    for (ClassFolder& folder : inside) {
      folder.split = split_from(split.name());
      all.push_back(std::move(folder));
    }
  }
  return all;
}

[[noreturn]] void throw_no_classes(const fs::path& root) {
  const std::size_t direct = clips_in(root).size();
  throw Error(root.string() + " has no sub-folder with clips" +
              (direct > 0 ? " (but " + counted(direct, "clip") + " directly in it)" : "") +
              "; expected one sub-folder a class, as in " +
              (root / "<class>" / "<clip>.mp4").string());
}

/// People often name the folder above the one that holds the classes.
std::string remedy_for_one_class(const std::vector<ClassFolder>& folders) {
  const std::string general = ", each in a sub-folder of its own";
  if (folders.size() != 1) return general;
  std::vector<std::string> ignored;
  const bool classes_below = class_folders_in(folders.front().path, ignored).size() >= 2;
  return classes_below ? general + "; was " + folders.front().path.string() + " meant?" : general;
}

}  // namespace

Fit fit_folders(const fs::path& data, const OpenOptions& options) {
  Fit fit;
  std::error_code ignored;
  if (!fs::is_directory(data, ignored)) {
    fit.misfit = data.string() + " is not a folder";
  } else if (options.splits) {
    fit.misfit = "one folder a class needs no split lists";
  }
  return fit;
}

Manifest read_folders(const fs::path& root) {
  Manifest manifest;
  manifest.source = root;

  auto folders = class_folders_in(root, manifest.notes);
  if (folders.empty()) throw_no_classes(root);
  if (are_splits(folders)) folders = class_folders_of_splits(folders, manifest.notes);

  std::set<std::string> names;
  for (const ClassFolder& folder : folders) names.insert(folder.name());
  manifest.labels.assign(names.begin(), names.end());
  sort_labels(manifest.labels);

  for (ClassFolder& folder : folders) {
    const auto label = std::find(manifest.labels.begin(), manifest.labels.end(), folder.name());
    for (fs::path& path : folder.clips) {
      Clip clip;
      clip.label = static_cast<std::size_t>(label - manifest.labels.begin());
      clip.group = group_from_name(path, *label);
      clip.split = folder.split;
      clip.path = std::move(path);
      manifest.clips.push_back(std::move(clip));
    }
  }
  std::sort(manifest.clips.begin(), manifest.clips.end(),
            [](const Clip& a, const Clip& b) { return a.path.native() < b.path.native(); });
  require_two_classes(manifest, remedy_for_one_class(folders));
  return manifest;
}

}  // namespace vidclass::dataset
