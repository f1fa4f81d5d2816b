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
#include "dataset/list_root.hpp"
#include "dataset/text_file.hpp"
#include "vidclass/error.hpp"

namespace fs = std::filesystem;

namespace vidclass::dataset {
namespace {

const std::vector<std::string> list_endings{".txt", ".csv", ".lst"};

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

/// Names of labels as people keep them beside lists.
std::optional<fs::path> names_beside(const fs::path& list) {
  constexpr std::array names{"classInd.txt", "label_map.txt", "labels.txt", "classes.txt",
                             "class_names.txt"};
  for (const char* name : names) {
    if (is_file(list.parent_path() / name)) return list.parent_path() / name;
  }
  return std::nullopt;
}

fs::path root_of(const LabelList& list, const fs::path& data, const OpenOptions& options) {
  std::vector<std::string> listed;
  for (const ListedClip& clip : list.clips) listed.push_back(clip.path);
  return root_of_list(list.file, list.split, listed, data, options);
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
      fit.misfit = format("the first line of {} does not end in the number or name of a label",
                          data.string());
    }
    return fit;
  }
  if (options.splits && is_file(*options.splits)) {
    fit.lists = {*options.splits};
    if (!is_label_list(*options.splits)) {
      fit.misfit = format("the first line of {} does not end in the number or name of a label",
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
      "number or name of a label",
      options.splits.value_or(data).string());
  return fit;
}

Manifest read_lists(const fs::path& data, const Fit& fit, const OpenOptions& options) {
  refuse_two_lists_of_a_split(fit.lists);
  std::vector<LabelList> lists;
  for (const fs::path& file : fit.lists) {
    lists.push_back(read_label_list(file, parse_list_name(file).split, options.encoding));
    if (lists.back().named == lists.front().named) continue;
    throw Error(format("{} gives numbers of labels and {} names; make both alike",
                       lists[lists.front().named ? lists.size() - 1 : 0].file.string(),
                       lists[lists.front().named ? 0 : lists.size() - 1].file.string()));
  }
  std::sort(lists.begin(), lists.end(),
            [](const LabelList& a, const LabelList& b) { return a.split < b.split; });
  const bool named = lists.front().named;
  if (named && options.label_names) {
    throw UsageError(format("{} names its labels; names of labels go with lists of their numbers",
                            lists.front().file.string()));
  }

  Manifest manifest;
  NumberedLabels numbered;
  if (!named) {
    std::optional<LabelNames> names;
    if (const auto file = options.label_names ? options.label_names : names_beside(fit.lists[0])) {
      names = read_label_names(*file, options.encoding);
      manifest.lists.push_back(*file);
    }
    numbered = number_labels(lists, names);
    manifest.labels = numbered.labels;
    manifest.notes.push_back(numbered.note);
  }
  std::map<std::string, const LabelList*> listed;
  std::vector<std::string> label_of_each;
  for (const LabelList& list : lists) {
    const fs::path root = root_of(list, data, options);
    if (!options.root && root != list.file.parent_path()) {
      manifest.notes.push_back(
          format("the clips of {} were found in {}", list.file.string(), root.string()));
    }
    for (const ListedClip& entry : list.clips) {
      Clip clip;
      clip.path = listed_file(root, entry.path, options.encoding);
      const auto [other, is_new] = listed.emplace(clip.path.lexically_normal().string(), &list);
      if (!is_new) {
        fail_at_line(list.file, entry.line,
                     format("{} is listed in {} too; a clip belongs to one split",
                            in_quotes(entry.path), other->second->file.string()));
      }
      if (!named) clip.label = numbered.index_of.at(entry.number);
      label_of_each.push_back(named ? entry.label : manifest.labels[clip.label]);
      clip.group = group_from_name(clip.path, label_of_each.back());
      clip.split = list.split;
      manifest.clips.push_back(std::move(clip));
    }
    if (lists.size() == 1 && list.split != Split::none) {
      manifest.notes.push_back(format("all clips of {} are in the split {}, as its name says",
                                      list.file.string(), to_string(list.split)));
    }
  }
  if (named) set_labels(manifest, label_of_each);
  manifest.source = data;
  require_two_classes(manifest, format("; see {}", lists.front().file.string()));
  const fs::path looked_in = root_of(lists.front(), data, options);
  require_any_file(manifest, looked_in.empty() ? fs::path(".") : looked_in);
  return manifest;
}

}  // namespace vidclass::dataset
