#include <charconv>
#include <map>
#include <set>
#include <system_error>

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

struct ListedClass {
  std::size_t label = 0;  // index, by the order of classInd.txt
  long number = 0;        // as classInd.txt gives it
};
using Classes = std::map<std::string, ListedClass, std::less<>>;

long number_of(std::string_view digits, const fs::path& file, std::size_t line) {
  long number = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (result.ec != std::errc())
    fail_at_line(file, line, "the number " + std::string(digits) + " is too large");
  return number;
}

/// "1 ApplyEyeMakeup", one class a line.
Classes read_class_index(const fs::path& file, const std::string& encoding,
                         std::vector<std::string>& labels) {
  if (!is_file(file)) {
    throw Error(file.string() + " is missing; it lists the classes, one a line, as in \"1 Punch\"");
  }
  const std::string text = read_list_file(file, encoding);
  Classes classes;
  std::set<long> numbers;
  for (const Line& line : list_lines(text)) {
    const auto blank = line.text.find_first_of(" \t");
    const auto digits = line.text.substr(0, blank);
    if (blank == std::string_view::npos || !is_digits(digits)) {
      fail_at_line(file, line.number,
                   "expected a number and a class, as in \"1 Punch\", not " + in_quotes(line.text));
    }
    const std::string name =
        utf8_label(std::string(trim(line.text.substr(blank))),
                   file.string() + ":" + std::to_string(line.number), encoding);
    const ListedClass listed{labels.size(), number_of(digits, file, line.number)};
    if (!classes.emplace(name, listed).second)
      fail_at_line(file, line.number, "class " + in_quotes(name) + " is listed twice");
    if (!numbers.insert(listed.number).second) {
      fail_at_line(file, line.number,
                   "number " + std::to_string(listed.number) + " is given twice");
    }
    labels.push_back(name);
  }
  if (labels.size() < 2) {
    throw Error(file.string() + " lists " +
                (labels.empty() ? "no classes" : "one class only (" + in_quotes(labels[0]) + ")") +
                "; at least two are needed");
  }
  return classes;
}

fs::path list_file(const fs::path& lists, const char* kind, int fold) {
  return lists / std::string(kind).append(two_digits(fold)).append(".txt");
}

void require_fold(const fs::path& lists, int fold) {
  std::string there;
  for (int other = 1; other <= 99; ++other) {
    if (is_file(list_file(lists, "trainlist", other)) &&
        is_file(list_file(lists, "testlist", other))) {
      there += (there.empty() ? "" : ", ") + std::to_string(other);
    }
  }
  for (const char* kind : {"trainlist", "testlist"}) {
    const fs::path file = list_file(lists, kind, fold);
    if (is_file(file)) continue;
    throw UsageError(file.string() + " is missing, so there is no fold " + std::to_string(fold) +
                     "; folds there: " + (there.empty() ? "none" : there));
  }
}

struct Entry {
  std::string listed;
  std::optional<long> number;
};

/// "Punch/v_Punch_g03_c01.avi 1"; without the number in test lists.
Entry entry_of(const Line& line, const fs::path& file) {
  const auto blank = line.text.find_last_of(" \t");
  if (blank == std::string_view::npos || !is_digits(line.text.substr(blank + 1)))
    return {std::string(line.text), {}};
  return {std::string(trim(line.text.substr(0, blank))),
          number_of(line.text.substr(blank + 1), file, line.number)};
}

void require_same_number(long given, long expected, const std::string& name, const fs::path& file,
                         std::size_t line) {
  if (given == expected) return;
  std::string what = "class " + in_quotes(name) + " has number " + std::to_string(given) +
                     " here and " + std::to_string(expected) + " in classInd.txt";
  if (given + 1 == expected) what += "; does this list count from 0 and classInd.txt from 1?";
  if (given == expected + 1) what += "; does this list count from 1 and classInd.txt from 0?";
  fail_at_line(file, line, what);
}

void read_list(const fs::path& file, const fs::path& root, Split split, const Classes& classes,
               const std::string& encoding, std::vector<Clip>& clips) {
  const std::string text = read_list_file(file, encoding);
  std::map<fs::path, std::size_t> seen;
  for (const Line& line : list_lines(text)) {
    const Entry entry = entry_of(line, file);
    const fs::path path = slashed(entry.listed);
    const auto [earlier, is_new] = seen.emplace(path, line.number);
    if (!is_new) {
      fail_at_line(file, line.number,
                   in_quotes(path.string()) + " is listed before, in line " +
                       std::to_string(earlier->second));
    }
    const std::string name = path.parent_path().filename().string();
    if (name.empty()) {
      fail_at_line(file, line.number,
                   in_quotes(path.string()) + " has no class folder; expected <class>/<clip>.avi");
    }
    const auto found = classes.find(name);
    if (found == classes.end()) {
      fail_at_line(file, line.number,
                   "class " + in_quotes(name) + " of " + in_quotes(path.string()) +
                       " is not in classInd.txt");
    }
    if (entry.number)
      require_same_number(*entry.number, found->second.number, name, file, line.number);
    Clip clip;
    clip.path = clip_on_disk(listed_file(root, entry.listed, encoding));
    clip.label = found->second.label;
    clip.group = group_from_name(path, name);
    clip.split = split;
    clips.push_back(std::move(clip));
  }
}

void note_what_lists_leave_out(const fs::path& root, Manifest& manifest) {
  std::set<std::string> listed;
  for (const Clip& clip : manifest.clips) listed.insert(clip.path.lexically_normal().string());
  LeftOut left_out;
  std::vector<std::string> unlisted;
  std::vector<std::string> no_folder;
  for (const std::string& label : manifest.labels) {
    std::error_code ignored;
    if (!fs::is_directory(root / label, ignored)) {
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
  for (std::string& note : left_out.notes()) manifest.notes.push_back(std::move(note));
  if (!no_folder.empty()) {
    manifest.notes.push_back(counted(no_folder.size(), "class", "classes") +
                             " of classInd.txt without a folder in " + root.string() + ": " +
                             some_of(no_folder));
  }
  if (!unlisted.empty()) {
    manifest.notes.push_back(counted(unlisted.size(), "clip") +
                             " on disk in neither list, left out: " + some_of(unlisted));
  }
}

bool holds_lists(const fs::path& folder) {
  for (const fs::path& file : files_in(folder, {".txt"})) {
    const std::string name = file.filename().string();
    if (name.starts_with("classInd") || name.starts_with("trainlist") ||
        name.starts_with("testlist")) {
      return true;
    }
  }
  return false;
}

}  // namespace

Fit fit_ucf101(const fs::path& data, const OpenOptions& options) {
  Fit fit;
  if (!is_folder(data)) {
    fit.misfit = data.string() + " is not a folder";
    return fit;
  }
  for (const fs::path& folder : list_folders(data, options, {"splits", "ucfTrainTestlist"})) {
    // Lists beside the class folders are of other kinds.
    if (!holds_lists(folder)) continue;
    fit.lists = {folder};
    return fit;
  }
  fit.misfit = options.splits.value_or(data).string() +
               " has no split lists (classInd.txt, trainlistNN.txt, testlistNN.txt); the option "
               "splits names "
               "their folder";
  return fit;
}

Manifest read_ucf101(const fs::path& data, const Fit& fit, const OpenOptions& options) {
  const fs::path& lists = fit.lists.front();
  Manifest manifest;
  manifest.source = data;
  const Classes classes =
      read_class_index(lists / "classInd.txt", options.encoding, manifest.labels);
  require_fold(lists, options.fold);
  // UCF101's own archives unpack to UCF-101/ and ucfTrainTestlist/, side by side.
  const fs::path clips =
      class_root(data, options, manifest.labels, {"UCF-101", "videos", "rawframes"});
  read_list(list_file(lists, "trainlist", options.fold), clips, Split::train, classes,
            options.encoding, manifest.clips);
  read_list(list_file(lists, "testlist", options.fold), clips, Split::test, classes,
            options.encoding, manifest.clips);
  require_two_classes(manifest, "; see the lists in " + lists.string());
  require_any_file(manifest, clips);
  note_what_lists_leave_out(clips, manifest);
  return manifest;
}

}  // namespace vidclass::dataset
