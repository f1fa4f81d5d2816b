#include <algorithm>
#include <map>
#include <set>

#include "core/format.hpp"
#include "core/text.hpp"
#include "dataset/clip_files.hpp"
#include "dataset/group.hpp"
#include "dataset/layouts.hpp"
#include "dataset/text_file.hpp"
#include "vidclass/error.hpp"

namespace fs = std::filesystem;

namespace vidclass::dataset {
namespace {

struct Folder {
  fs::path path;
  FoundClips found;

  [[nodiscard]] std::string name() const { return path.filename().string(); }
  [[nodiscard]] const std::vector<fs::path>& clips() const { return found.clips; }
  /// Which of the folders directly inside holds the clip; empty where it lies directly in this one.
  [[nodiscard]] std::string part_of(const fs::path& clip) const {
    const std::string below = clip.native().substr(path.native().size() + 1);
    const auto slash = below.find('/');
    return slash == std::string::npos ? std::string() : below.substr(0, slash);
  }
  /// Are there clips in folders inside?
  [[nodiscard]] bool is_nested() const {
    return std::any_of(clips().begin(), clips().end(),
                       [&](const fs::path& clip) { return !part_of(clip).empty(); });
  }
};

using Folders = std::vector<Folder>;

std::string names_of(const Folders& folders) {
  std::vector<std::string> names;
  for (const Folder& folder : folders) names.push_back(folder.name());
  return some_of(names);
}

void note_folders_without_clips(const fs::path& root, const Folders& folders,
                                std::vector<std::string>& notes) {
  Folders empty, of_pictures;
  for (const Folder& folder : folders) {
    (folder.found.left_out.is_pictures() ? of_pictures : empty).push_back(folder);
  }
  const auto note = [&](const Folders& some, const std::string& why) {
    if (some.empty()) return;
    notes.push_back(format("{} in {} without any clip skipped: {}{}",
                           counted(some.size(), "folder"), root.string(), names_of(some), why));
  };
  note(empty, "");
  note(of_pictures, format("; {}", pictures_for_clips));
}

/// The sub-folders with clips in them; the others are named in `notes`.
Folders folders_in(const fs::path& root, LeftOut& left_out, std::vector<std::string>& notes) {
  Folders found, without_clips;
  for (const fs::path& path : sub_folders(root)) {
    Folder folder{path, clips_below(path)};
    LeftOut& met = folder.found.left_out;
    const bool empty = folder.clips().empty();
    // What vidclass wrote and what cannot be read are told as such.
    const bool explained = !met.own.empty() || !met.unreadable.empty();
    if (empty && !explained) without_clips.push_back(folder);
    if (empty) met.no_clips.clear();
    left_out.add(std::move(met));
    if (!empty) found.push_back(std::move(folder));
  }
  note_folders_without_clips(root, without_clips, notes);
  FoundClips stray = clips_in(root);
  left_out.add({.no_clips = {}, .own = std::move(stray.left_out.own), .unreadable = {}});
  if (!stray.clips.empty() && !found.empty()) {
    notes.push_back(format("{} directly in {}, in no class folder, left out: {}{}",
                           counted(stray.clips.size(), "clip"), root.string(),
                           in_quotes(stray.clips.front().filename().string()),
                           stray.clips.size() > 1 ? " and others" : ""));
  }
  return found;
}

/// Folders named like splits, and the others.
struct ByName {
  Folders splits, others;
  std::set<Split> kinds;

  explicit ByName(const Folders& folders) {
    for (const Folder& folder : folders) {
      const auto split = split_by_name(folder.name());
      (split ? splits : others).push_back(folder);
      if (split) kinds.insert(*split);
    }
  }
};

/// Do the folders stand for splits, with the classes inside? Throws UsageError where it could be
/// either.
bool are_splits(const fs::path& root, const Folders& folders, const OpenOptions& options) {
  const ByName named(folders);
  if (named.splits.empty()) return false;
  if (options.split_folders) return *options.split_folders;
  const bool nested = std::all_of(named.splits.begin(), named.splits.end(),
                                  [](const Folder& folder) { return folder.is_nested(); });
  if (named.others.empty()) return nested || named.kinds.size() >= 2;
  if (nested && named.kinds.size() >= 2) return true;
  throw UsageError(
      format("{} holds {}, named like a split, beside {}: the option split_folders says whether "
             "that is a split with classes inside or a class",
             root.string(), names_of(named.splits), names_of(named.others)));
}

class FolderReader {
public:
  FolderReader(const fs::path& root, const OpenOptions& options) : root_(root), options_(options) {
    manifest_.source = root;
  }

  Manifest read() {
    const Folders folders = folders_in(root_, left_out_, manifest_.notes);
    if (folders.empty()) throw_no_classes();
    if (are_splits(root_, folders, options_)) {
      add_splits(ByName(folders));
    } else {
      add_classes(folders);
    }
    finish(folders);
    return std::move(manifest_);
  }

private:
  void add_splits(const ByName& named) {
    for (const Folder& split : named.splits) {
      const Folders classes = folders_in(split.path, left_out_, manifest_.notes);
      if (classes.empty()) {
        throw Error(split.path.string() +
                    " is named like a split, but its clips lie directly in it; " +
                    "it needs one sub-folder a class");
      }
      for (const Folder& folder : classes) {
        add(folder, folder.clips(), *split_by_name(split.name()));
      }
    }
    if (named.others.empty()) return;
    manifest_.notes.push_back(format("{} beside the splits of {} left out: {}",
                                     counted(named.others.size(), "folder"), root_.string(),
                                     names_of(named.others)));
  }

  void add_classes(const Folders& folders) {
    const bool split_inside = options_.split_folders.value_or(true) &&
                              std::any_of(folders.begin(), folders.end(), [](const Folder& folder) {
                                std::set<Split> kinds;
                                for (const fs::path& clip : folder.clips()) {
                                  if (const auto split = split_by_name(folder.part_of(clip)))
                                    kinds.insert(*split);
                                }
                                return kinds.contains(Split::train) && kinds.size() >= 2;
                              });
    for (const Folder& folder : folders) {
      if (split_inside) {
        add_by_parts(folder);
      } else {
        add(folder, folder.clips(), Split::none);
      }
    }
    if (beside_splits_.empty()) return;
    manifest_.notes.push_back(format("{} beside the split folders of their classes left out: {}",
                                     counted(beside_splits_.size(), "clip"),
                                     some_of(beside_splits_)));
  }

  /// "jump/train", "jump/test"; a class without such folders is in no split.
  void add_by_parts(const Folder& folder) {
    std::map<std::optional<Split>, std::vector<fs::path>> parts;
    for (const fs::path& clip : folder.clips()) {
      parts[split_by_name(folder.part_of(clip))].push_back(clip);
    }
    const bool has_splits = parts.size() > 1 || !parts.contains(std::nullopt);
    for (const auto& [split, clips] : parts) {
      if (split || !has_splits) {
        add(folder, clips, split.value_or(Split::none));
      } else {
        for (const fs::path& clip : clips) beside_splits_.push_back(clip.string());
      }
    }
  }

  void add(const Folder& folder, const std::vector<fs::path>& clips, Split split) {
    const std::string label = utf8_label(folder.name(), folder.path.string(), options_.encoding);
    for (const fs::path& path : clips) {
      labelled_.emplace_back(
          Clip{.path = path, .group = group_from_name(path, label), .split = split}, label);
    }
  }

  void finish(const Folders& folders) {
    std::sort(labelled_.begin(), labelled_.end(), [](const auto& a, const auto& b) {
      return a.first.path.native() < b.first.path.native();
    });
    std::vector<std::string> labels;
    for (auto& [clip, label] : labelled_) {
      manifest_.clips.push_back(std::move(clip));
      labels.push_back(std::move(label));
    }
    set_labels(manifest_, labels);
    for (std::string& note : left_out_.notes()) manifest_.notes.push_back(std::move(note));
    require_two_classes(manifest_, remedy_for_one_class(folders));
  }

  [[noreturn]] void throw_no_classes() const {
    LeftOut ignored;
    const std::size_t direct = clips_in(root_).clips.size();
    std::string why =
        direct > 0 ? format(" (but {} directly in it)", counted(direct, "clip")) : std::string();
    for (const std::string& note : manifest_.notes) why += "; " + note;
    for (const std::string& note : left_out_.notes()) why += "; " + note;
    throw Error(
        format("{} has no sub-folder with clips{}; expected one sub-folder a class, as in {}",
               root_.string(), why, (root_ / "<class>" / "<clip>.mp4").string()));
  }

  /// People often name the folder above the one that holds the classes.
  [[nodiscard]] static std::string remedy_for_one_class(const Folders& folders) {
    const std::string general = ", each in a sub-folder of its own";
    if (folders.size() != 1) return general;
    LeftOut left_out;
    std::vector<std::string> ignored;
    const fs::path& inner = folders.front().path;
    const bool classes_below = folders_in(inner, left_out, ignored).size() >= 2;
    return classes_below ? format("{}; was {} meant?", general, inner.string()) : general;
  }

  const fs::path& root_;
  const OpenOptions& options_;
  Manifest manifest_;
  LeftOut left_out_;
  std::vector<std::pair<Clip, std::string>> labelled_;
  std::vector<std::string> beside_splits_;
};

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

Manifest read_folders(const fs::path& root, const OpenOptions& options) {
  return FolderReader(root, options).read();
}

}  // namespace vidclass::dataset
