// A labelled set of clips, whatever its layout on disk.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "video/clip_source.hpp"

namespace vidclass::dataset {

enum class Split { none, train, validation, test };

/// "", "train", "val", "test"; split_from() reads each of them back.
[[nodiscard]] std::string_view to_string(Split split) noexcept;
/// The split that people call so, in any case: train, training, tr; val, valid, validate,
/// validation, dev, eval; test, testing; and these before "set", "split", "data", "videos" or
/// "clips", as in "train_set". Nothing for other names.
[[nodiscard]] std::optional<Split> split_by_name(std::string_view name);
/// The same, and "" for none. Throws UsageError naming the choices.
[[nodiscard]] Split split_from(std::string_view name);

/// How a data set lies on disk; docs/datasets.md shows each.
enum class Layout { folders, ucf101, hmdb51, kinetics, lists, csv };
/// "folders", "ucf101", ...; layout_from() reads each of them back.
[[nodiscard]] std::string_view to_string(Layout layout) noexcept;
/// Throws UsageError naming the choices.
[[nodiscard]] Layout layout_from(std::string_view name);

/// What the clips of a data set are: pictures (videos, or folders of frames), or
/// arrays of features that were computed elsewhere.
enum class Content { clips, arrays };

struct Clip {
  std::filesystem::path path;  // absolute, or relative to the working folder
  std::size_t label = 0;       // index into Manifest::labels
  /// Clips of one group (one scene, one person) must stay on one side of every
  /// split. Empty: the clip is a group of its own.
  std::string group;
  Split split = Split::none;
  /// The span of the file that the clip is, as in video::ClipSource.
  double start = 0;
  std::optional<double> end = std::nullopt;
  /// Clips of one number seem to be cut from one recording; 0: not looked for.
  std::size_t recording = 0;

  [[nodiscard]] video::ClipSource source() const { return {path, start, end}; }
};

struct Manifest {
  Layout layout = Layout::folders;
  Content content = Content::clips;          // of all of them
  std::filesystem::path source;              // what was opened
  std::vector<std::filesystem::path> lists;  // files that were read to open it
  /// In the order of their numbers where the data set gives numbers (classInd.txt,
  /// label lists, a CSV's column `number`); else sorted: as numbers if all of them
  /// are whole numbers, by byte value otherwise.
  std::vector<std::string> labels;
  std::vector<Clip> clips;  // in a stable order: by path for folders, as listed otherwise
  /// The clips' groups are what they look like, and not what the data says.
  bool found_groups = false;
  /// What open() left out, one sentence each: files that are no clips, folders without clips, clips
  /// in no list. scan() repeats them as warnings.
  std::vector<std::string> notes;

  /// Indices of the clips in `split`.
  [[nodiscard]] std::vector<std::size_t> indices(Split split) const;
  [[nodiscard]] bool has(Split split) const;
  /// Number of clips of each group; those without one are left out.
  [[nodiscard]] std::map<std::string, std::size_t> group_sizes() const;
};

struct OpenOptions {
  /// Empty: recognised.
  std::optional<Layout> layout;
  /// The split lists, where they do not lie within the data: a folder, or one file.
  std::optional<std::filesystem::path> splits;
  /// Which of the lists, 1 to 99.
  int fold = 1;
  /// The folder that listed paths are relative to; empty: looked for.
  std::optional<std::filesystem::path> root;
  /// Names of numbered labels, one a line; empty: looked for beside the lists.
  std::optional<std::filesystem::path> label_names;
  /// Of one folder a class: are folders named like splits (split_by_name()) splits? Otherwise they
  /// are classes, or folders within a class. Empty: told by what is in them and beside them.
  std::optional<bool> split_folders;
  /// Of names and lists that are not UTF-8, as iconv calls it; empty: labels that are not are an
  /// Error (NotUtf8).
  std::string encoding;
};

/// Opens a data set of any layout of docs/datasets.md. Clips are found as clips_below() finds
/// them, in nested folders too. Clips
/// named like UCF101's and HMDB51's get their group from that, unless a CSV has a
/// column for it. Clips are not opened (but for Kinetics's files that are named by
/// their id alone: a few of these are probed to see whether they are cut); one that
/// is listed but missing stays in the manifest (reading it will give a ClipError),
/// unless all are missing; of Kinetics's, missing ones are left out with a note.
/// Throws UsageError where the layout asked for does not fit or none is recognised,
/// Error with file and line for what is wrong within; fewer than two classes, and
/// clips and feature arrays in one data set, are Errors.
[[nodiscard]] Manifest open(const std::filesystem::path& data, const OpenOptions& options = {});

/// The same of clips that a caller lists, `label_of_each` of one each: labels are set and sorted as
/// open() does, or stand in the order of `labels`, if there are any. Where no clip has a group, it
/// is taken from the clips' names. `source`: what errors call it. Throws UsageError for a label
/// that is empty or none of `labels` and for a clip that is listed twice or ends before it starts,
/// Error as open() does.
[[nodiscard]] Manifest from_clips(const std::filesystem::path& source, std::vector<Clip> clips,
                                  const std::vector<std::string>& label_of_each,
                                  const std::vector<std::string>& labels);

/// Writes the CSV form, path,label,group,split,start,end, and a column `number` where
/// the labels are in another order than open() would give them. Paths become
/// relative to the CSV's folder, unless the two have only the root in common.
/// open() reads the same clips and labels back (but labels without any clip). The
/// file appears whole or not at all.
void write_csv(const std::filesystem::path& path, const Manifest& manifest);

}  // namespace vidclass::dataset
