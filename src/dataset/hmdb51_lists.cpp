#include <algorithm>
#include <map>
#include <set>

#include "core/format.hpp"
#include "core/line_error.hpp"
#include "core/text.hpp"
#include "dataset/clip_files.hpp"
#include "dataset/group.hpp"
#include "dataset/layouts.hpp"
#include "dataset/text_file.hpp"
#include "vidclass/error.hpp"

namespace fs = std::filesystem;

namespace vidclass::dataset {
namespace {

constexpr std::string_view mark = "_test_split";

/// "brush_hair" and 1 of brush_hair_test_split1.txt.
struct ClassList {
  fs::path file;
  std::string label;
  int fold = 0;
};

std::vector<ClassList> class_lists_in(const fs::path& folder) {
  std::vector<ClassList> found;
  for (const fs::path& file : files_in(folder, {".txt"})) {
    const std::string stem = file.stem().string();
    const auto at = stem.rfind(mark);
    if (at == std::string::npos || at == 0) continue;
    const std::string digits = stem.substr(at + mark.size());
    if (!is_digits(digits) || digits.size() > 2) continue;
    found.push_back({file, stem.substr(0, at), std::stoi(digits)});
  }
  return found;
}

/// "April_09_brush_hair_u_nm_np1_ba_goo_0.avi 1": 1 is train, 2 test, 0 neither.
void read_class_list(const ClassList& list, std::size_t label, const fs::path& root,
                     const std::string& encoding, std::vector<Clip>& clips,
                     std::set<std::string>& unused) {
  const std::string text = read_list_file(list.file, encoding);
  std::map<std::string, std::size_t> seen;
  for (const Line& line : list_lines(text)) {
    const auto blank = line.text.find_last_of(" \t");
    const auto mark_of_clip =
        blank == std::string_view::npos ? std::string_view() : line.text.substr(blank + 1);
    if (mark_of_clip != "0" && mark_of_clip != "1" && mark_of_clip != "2") {
      fail_at_line(list.file, line.number,
                   format("expected a clip and 1 (train), 2 (test) or 0 (neither), not {}",
                          in_quotes(line.text)));
    }
    const std::string name(trim(line.text.substr(0, blank)));
    const auto [earlier, is_new] = seen.emplace(name, line.number);
    if (!is_new) {
      fail_at_line(list.file, line.number,
                   format("{} is listed before, in line {}", in_quotes(name), earlier->second));
    }
    if (mark_of_clip == "0") {
      unused.insert(clip_on_disk(root / list.label / name).lexically_normal().string());
      continue;
    }
    Clip clip;
    clip.path = clip_on_disk(root / list.label / name);
    clip.label = label;
    clip.group = group_from_name(clip.path, list.label);
    clip.split = mark_of_clip == "1" ? Split::train : Split::test;
    clips.push_back(std::move(clip));
  }
  if (seen.empty()) throw Error(format("{} is empty", list.file.string()));
}

/// Clips and class folders that no list names, and classes without a folder.
void note_what_lists_leave_out(const fs::path& root, const std::set<std::string>& unused,
                               Manifest& manifest) {
  std::set<std::string> listed = unused;
  for (const Clip& clip : manifest.clips) listed.insert(clip.path.lexically_normal().string());
  LeftOut left_out;
  std::vector<std::string> unlisted, no_folder, no_list;
  for (const std::string& label : manifest.labels) {
    if (!is_folder(root / label)) {
      no_folder.push_back(label);
      continue;
    }
    FoundClips found = clips_below(root / label);
    left_out.add(std::move(found.left_out));
    for (const fs::path& path : found.clips) {
      if (!listed.contains(path.lexically_normal().string()))
        unlisted.push_back(path.filename().string());
    }
  }
  for (const fs::path& folder : sub_folders(root)) {
    const std::string name = folder.filename().string();
    const bool known =
        std::find(manifest.labels.begin(), manifest.labels.end(), name) != manifest.labels.end();
    if (!known && !clips_below(folder).clips.empty()) no_list.push_back(name);
  }
  if (!unused.empty()) {
    manifest.notes.push_back(counted(unused.size(), "clip") +
                             " that the lists put into neither split (0) left out");
  }
  if (!unlisted.empty()) {
    manifest.notes.push_back(counted(unlisted.size(), "clip") +
                             " on disk in no list, left out: " + some_of(unlisted));
  }
  for (std::string& note : left_out.notes()) manifest.notes.push_back(std::move(note));
  if (!no_folder.empty()) {
    manifest.notes.push_back(counted(no_folder.size(), "class", "classes") +
                             " of the lists without a folder in " + root.string() + ": " +
                             some_of(no_folder));
  }
  if (!no_list.empty()) {
    manifest.notes.push_back(counted(no_list.size(), "folder") +
                             " of clips without a list, left out: " + some_of(no_list));
  }
}

}  // namespace

Fit fit_hmdb51(const fs::path& data, const OpenOptions& options) {
  Fit fit;
  if (!is_folder(data)) {
    fit.misfit = format("{} is not a folder", data.string());
    return fit;
  }
  const std::vector<std::string> names{"splits", "testTrainMulti_7030_splits", "test_train_splits",
                                       "test_train_splits/testTrainMulti_7030_splits"};
  for (const fs::path& folder : list_folders(data, options, names)) {
    if (class_lists_in(folder).empty()) continue;
    fit.lists = {folder};
    return fit;
  }
  fit.misfit = format(
      "{} holds no lists named <class>_test_split1.txt; the option splits names their folder",
      options.splits.value_or(data).string());
  return fit;
}

Manifest read_hmdb51(const fs::path& data, const Fit& fit, const OpenOptions& options) {
  const fs::path& folder = fit.lists.front();
  std::vector<ClassList> lists;
  std::set<int> folds;
  for (ClassList& list : class_lists_in(folder)) {
    folds.insert(list.fold);
    if (list.fold == options.fold) lists.push_back(std::move(list));
  }
  if (lists.empty()) {
    std::string there;
    for (const int fold : folds) there += (there.empty() ? "" : ", ") + std::to_string(fold);
    throw UsageError(format("{} has no lists of fold {}; folds there: {}", folder.string(),
                            options.fold, there));
  }
  Manifest manifest;
  manifest.source = data;
  for (const ClassList& list : lists) manifest.labels.push_back(list.label);
  sort_labels(manifest.labels);
  const fs::path root =
      class_root(data, options, manifest.labels, {"hmdb51_org", "videos", "rawframes"});
  std::set<std::string> unused;
  for (std::size_t label = 0; label < manifest.labels.size(); ++label) {
    const auto list = std::find_if(lists.begin(), lists.end(), [&](const ClassList& candidate) {
      return candidate.label == manifest.labels[label];
    });
    read_class_list(*list, label, root, options.encoding, manifest.clips, unused);
    manifest.labels[label] = utf8_label(list->label, list->file.string(), options.encoding);
  }
  require_two_classes(manifest, "; see the lists in " + folder.string());
  require_any_file(manifest, root);
  note_what_lists_leave_out(root, unused, manifest);
  return manifest;
}

}  // namespace vidclass::dataset
