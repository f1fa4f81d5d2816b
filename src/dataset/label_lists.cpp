#include <algorithm>
#include <array>
#include <map>

#include "core/format.hpp"
#include "core/line_error.hpp"
#include "core/text.hpp"
#include "dataset/clip_files.hpp"
#include "dataset/group.hpp"
#include "dataset/label_names.hpp"
#include "dataset/layouts.hpp"
#include "dataset/list_lines.hpp"
#include "dataset/list_names.hpp"
#include "dataset/text_file.hpp"
#include "vidclass/error.hpp"

namespace fs = std::filesystem;

namespace vidclass::dataset {
namespace {

const std::vector<std::string> list_endings{".txt", ".csv", ".lst"};
const std::vector<std::string> list_folder_names{"annotations", "splits", "lists"};

bool is_label_list(const fs::path& file) { return looks_like_label_list(beginning_of(file)); }

std::vector<fs::path> lists_in(const fs::path& folder, int fold) {
  std::vector<fs::path> found;
  for (const fs::path& file : files_in(folder, list_endings)) {
    const ListName name = parse_list_name(file);
    if (name.split == Split::none || name.fold.value_or(fold) != fold) continue;
    if (is_label_list(file)) found.push_back(file);
  }
  return found;
}

void refuse_two_lists_of_a_split(const std::vector<fs::path>& files) {
  std::map<Split, fs::path> of_split;
  for (const fs::path& file : files) {
    const Split split = parse_list_name(file).split;
    const auto [other, is_new] = of_split.emplace(split, file);
    if (is_new) continue;
    throw UsageError(
        format("{} and {} are both lists for the split {}; name one of them, or a "
               "folder that holds one for each split, with the option splits",
               other->second.string(), file.string(), to_string(split)));
  }
}

/// Names of labels as people keep them beside lists.
std::optional<fs::path> names_beside(const fs::path& list) {
  constexpr std::array names{"classInd.txt", "label_map.txt", "labels.txt", "classes.txt",
                             "class_names.txt"};
  for (const char* name : names) {
    if (is_file(list.parent_path() / name)) return list.parent_path() / name;
  }
  return std::nullopt;
}

bool holds_any(const fs::path& root, const LabelList& list) {
  constexpr std::size_t enough = 200;  // of the files some may be missing
  const auto end =
      list.clips.begin() + static_cast<std::ptrdiff_t>(std::min(enough, list.clips.size()));
  return std::any_of(list.clips.begin(), end, [&](const ListedClip& clip) {
    std::error_code ignored;
    return fs::exists(root / clip.path, ignored);
  });
}

/// The folder that the paths of a list are relative to.
fs::path root_of(const LabelList& list, const fs::path& data, const OpenOptions& options) {
  if (options.root) return *options.root;
  const fs::path beside = list.file.parent_path();
  std::vector<fs::path> tops{beside};
  if (is_folder(data)) tops.push_back(data);
  tops.push_back(beside.parent_path());
  const std::string split(to_string(list.split));
  for (const fs::path& top : tops) {
    for (const std::string& inside : {std::string(), std::string("videos"), "videos_" + split,
                                      std::string("rawframes"), "rawframes_" + split, split}) {
      const fs::path root = inside.empty() ? top : top / inside;
      if (holds_any(root, list)) return root;
    }
  }
  return beside;
}

}  // namespace

Fit fit_lists(const fs::path& data, const OpenOptions& options) {
  Fit fit;
  if (is_file(data)) {
    if (options.splits) {
      fit.misfit =
          format("{} is a file already; the option splits goes with a folder", data.string());
    } else if (is_label_list(data)) {
      fit.lists = {data};
    } else {
      fit.misfit =
          format("the first line of {} does not end in the number of a label", data.string());
    }
    return fit;
  }
  if (options.splits && is_file(*options.splits)) {
    fit.lists = {*options.splits};
    if (!is_label_list(*options.splits)) {
      fit.misfit = format("the first line of {} does not end in the number of a label",
                          options.splits->string());
    }
    return fit;
  }
  for (const fs::path& folder : list_folders(data, options, list_folder_names)) {
    fit.lists = lists_in(folder, options.fold);
    if (!fit.lists.empty()) return fit;
  }
  fit.misfit = format(
      "{} has no list with train, val or test in its name whose lines end in the "
      "number of a label",
      options.splits.value_or(data).string());
  return fit;
}

Manifest read_lists(const fs::path& data, const Fit& fit, const OpenOptions& options) {
  refuse_two_lists_of_a_split(fit.lists);
  std::vector<LabelList> lists;
  for (const fs::path& file : fit.lists) {
    lists.push_back(read_label_list(file, parse_list_name(file).split));
  }
  std::sort(lists.begin(), lists.end(),
            [](const LabelList& a, const LabelList& b) { return a.split < b.split; });

  std::optional<LabelNames> names;
  if (const auto file = options.label_names ? options.label_names : names_beside(fit.lists[0])) {
    names = read_label_names(*file);
  }
  NumberedLabels numbered = number_labels(lists, names);

  Manifest manifest;
  manifest.labels = std::move(numbered.labels);
  manifest.notes.push_back(std::move(numbered.note));
  std::map<std::string, const LabelList*> listed;
  for (const LabelList& list : lists) {
    const fs::path root = root_of(list, data, options);
    if (!options.root && root != list.file.parent_path()) {
      manifest.notes.push_back(
          format("the clips of {} were found in {}", list.file.string(), root.string()));
    }
    for (const ListedClip& entry : list.clips) {
      Clip clip;
      clip.path = root / entry.path;
      const auto [other, is_new] = listed.emplace(clip.path.lexically_normal().string(), &list);
      if (!is_new) {
        fail_at_line(list.file, entry.line,
                     format("{} is listed in {} too; a clip belongs to one split",
                            in_quotes(entry.path), other->second->file.string()));
      }
      clip.label = static_cast<std::size_t>(entry.number - numbered.first_number);
      clip.group = group_from_name(clip.path, manifest.labels[clip.label]);
      clip.split = list.split;
      manifest.clips.push_back(std::move(clip));
    }
    if (lists.size() == 1 && list.split != Split::none) {
      manifest.notes.push_back(format("all clips of {} are in the split {}, as its name says",
                                      list.file.string(), to_string(list.split)));
    }
  }
  manifest.source = data;
  require_two_classes(manifest, format("; see {}", lists.front().file.string()));
  const fs::path looked_in = root_of(lists.front(), data, options);
  require_any_file(manifest, looked_in.empty() ? fs::path(".") : looked_in);
  return manifest;
}

}  // namespace vidclass::dataset
