// Labelled clips on disk, whatever their layout.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vidclass/clip.hpp"
#include "vidclass/export.hpp"

namespace vidclass {

struct DatasetOptions {
  /// "folders", "ucf101", "hmdb51", "kinetics", "lists" or "csv"; empty: recognised.
  std::string layout{};
  /// The split lists, where they do not lie within the data: a folder, or one file.
  std::optional<std::filesystem::path> splits{};
  int fold = 1;  // which of the lists, 1 to 99
  /// The folder that listed paths are relative to; empty: looked for.
  std::optional<std::filesystem::path> root{};
  /// Names of numbered labels, one a line; empty: looked for beside the lists.
  std::optional<std::filesystem::path> label_names{};
  /// Of one folder a class: are folders named train, val, test and the like splits? Otherwise they
  /// are classes, or folders within a class. Empty: told by what is in them and beside them.
  std::optional<bool> split_folders{};
  /// Of names and lists that are not UTF-8, as iconv calls it: "latin1", "cp1252", ...; empty: such
  /// labels are an Error.
  std::string encoding{};
  /// Of the clips that name no span themselves, in seconds after the first frame.
  double start = 0;
  std::optional<double> end{};
};

struct LabelledClip {
  ClipSource clip;  // a file, a folder of numbered pictures, or a span of one
  std::string label;
  /// Clips of one group (one scene, one person) stay on one side of every split. Empty: a group of
  /// its own.
  std::string group;
  std::string split;  // "train", "val", "test", or empty where the data gives none
};

/// What read_dataset() gives, or what a caller puts together: then `clips` is all that is needed.
struct Dataset {
  std::filesystem::path source;  // what errors call it
  std::string layout;
  /// In the order in which models have them; empty: those of the clips, sorted as read_dataset()
  /// sorts them.
  std::vector<std::string> labels;
  std::vector<LabelledClip> clips;  // in a stable order
  /// What was left out or taken in another way than it says, one sentence each.
  std::vector<std::string> notes;
};

/// Opens a data set of any layout of docs/datasets.md; the clips themselves are not opened. Throws
/// UsageError where the layout asked for does not fit or none is recognised, Error with file and
/// line for what is wrong within.
[[nodiscard]] VIDCLASS_EXPORT Dataset read_dataset(const std::filesystem::path& data,
                                                   const DatasetOptions& options = {});

/// Writes it as a CSV of path,label,group,split,start,end, which read_dataset() reads back; paths
/// become relative to the file's folder. Throws UsageError where a file is in its place, unless
/// `overwrite`, and Error for what is no data set: clips in memory, fewer than two labels, a clip
/// that is listed twice, files none of which is there.
VIDCLASS_EXPORT void write_dataset(const Dataset& data, const std::filesystem::path& csv,
                                   bool overwrite = false);

}  // namespace vidclass
