// A labelled set of clips, whatever its layout on disk.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vidclass/video/clip_source.hpp"

namespace vidclass::dataset {

enum class Split { none, train, validation, test };

/// "", "train", "val", "test"; split_from() reads each of them back.
[[nodiscard]] std::string_view to_string(Split split) noexcept;
/// Also takes "valid" and "validation", and capitals. Throws UsageError naming
/// the choices.
[[nodiscard]] Split split_from(std::string_view name);

enum class Layout { folders, ucf101, csv };
[[nodiscard]] std::string_view to_string(Layout layout) noexcept;

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

  [[nodiscard]] video::ClipSource source() const { return {path, start, end}; }
};

struct Manifest {
  Layout layout = Layout::folders;
  std::filesystem::path source;  // what was opened
  /// Sorted by byte value for folders and CSV; in the order of classInd.txt for
  /// UCF101 lists.
  std::vector<std::string> labels;
  std::vector<Clip> clips;  // in a stable order: by path for folders, as listed otherwise
  /// What open() left out, one sentence each: folders without videos, clips in no
  /// list. scan() repeats them as warnings.
  std::vector<std::string> notes;

  /// Indices of the clips in `split`.
  [[nodiscard]] std::vector<std::size_t> indices(Split split) const;
  [[nodiscard]] bool has(Split split) const;
};

struct OpenOptions {
  /// A folder with UCF101's classInd.txt, trainlistNN.txt and testlistNN.txt.
  std::optional<std::filesystem::path> splits_dir;
  /// Which of the lists, 1 to 99.
  int fold = 1;
};

/// Recognises the layout: a CSV file (columns path,label[,group][,split]; paths
/// relative to its folder), a folder with one sub-folder a class (or with train,
/// val and test, and one sub-folder a class in each), or, with `splits_dir` or
/// with a folder `splits` or `ucfTrainTestlist` inside, UCF101's. Video files are
/// found by the endings of their names, in nested folders too; hidden ones are
/// left out. Clips named like UCF101's (v_Class_g01_c02.avi) get their group from
/// that, unless a CSV has a column for it. Files are not opened; one that is
/// listed but missing stays in the manifest (reading it will give a ClipError),
/// unless all are missing. Throws UsageError or Error with what is wrong and what
/// would be right; fewer than two classes are an Error.
[[nodiscard]] Manifest open(const std::filesystem::path& data, const OpenOptions& options = {});

/// Writes the CSV form with all four columns. Paths become relative to the CSV's
/// folder, unless the two have only the root in common. The file appears whole or
/// not at all.
void write_csv(const std::filesystem::path& path, const Manifest& manifest);

}  // namespace vidclass::dataset
