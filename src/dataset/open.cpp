#include <algorithm>
#include <set>
#include <system_error>

#include "dataset/layouts.hpp"
#include "dataset/video_files.hpp"
#include "vidclass/core/error.hpp"
#include "vidclass/core/input.hpp"
#include "vidclass/core/text.hpp"
#include "vidclass/video/probe.hpp"

namespace fs = std::filesystem;

namespace vidclass::dataset {
namespace {

constexpr const char* what_is_right =
    "a folder with one sub-folder a class, or a CSV file with the columns path and label";

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

bool holds_lists(const fs::path& folder) {
  if (!is_folder(folder)) return false;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (!name.ends_with(".txt")) continue;
    if (name.starts_with("classInd") || name.starts_with("trainlist") ||
        name.starts_with("testlist")) {
      return true;
    }
  }
  return false;
}

std::optional<fs::path> lists_of(const fs::path& root, const OpenOptions& options) {
  if (options.splits_dir) {
    if (!is_folder(*options.splits_dir)) {
      throw UsageError(
          options.splits_dir->string() +
          ": no such folder; expected one with classInd.txt, trainlistNN.txt and testlistNN.txt");
    }
    return options.splits_dir;
  }
  for (const char* name : {"splits", "ucfTrainTestlist"}) {
    if (holds_lists(root / name)) return root / name;
  }
  return std::nullopt;
}

Manifest open_file(const fs::path& file, const OpenOptions& options) {
  if (lower(file.extension().string()) != ".csv") {
    throw UsageError(file.string() + " is " +
                     (video::has_video_extension(file) ? "one video" : "a file") +
                     ", not a data set; expected " + what_is_right);
  }
  if (options.splits_dir) {
    throw UsageError("split lists go with a folder of clips, not with a CSV file (" +
                     file.string() + "); give it a column \"split\" instead");
  }
  return read_csv(file);
}

}  // namespace

Manifest open(const fs::path& data, const OpenOptions& options) {
  if (options.fold < 1 || options.fold > 99) {
    throw UsageError("fold " + std::to_string(options.fold) + " is out of range: use 1 to 99");
  }
  require_input(data, what_is_right);
  if (is_folder(data)) {
    if (const auto lists = lists_of(data, options)) return read_ucf101(data, *lists, options.fold);
  }
  if (options.fold != 1) {
    throw UsageError("fold " + std::to_string(options.fold) + " was asked for, but " +
                     data.string() +
                     " has no split lists (classInd.txt, trainlistNN.txt, testlistNN.txt)");
  }
  return is_folder(data) ? read_folders(data) : open_file(data, options);
}

void require_two_classes(const Manifest& manifest, const std::string& remedy) {
  std::set<std::size_t> present;
  for (const Clip& clip : manifest.clips) present.insert(clip.label);
  if (present.size() >= 2) return;
  const std::string found =
      present.empty() ? "no clips"
                      : "one class only (" + in_quotes(manifest.labels.at(*present.begin())) +
                            ", " + counted(manifest.clips.size(), "clip") + ")";
  throw Error(manifest.source.string() + " holds " + found + "; at least two classes are needed" +
              remedy);
}

void require_any_file(const Manifest& manifest, const fs::path& looked_in) {
  const auto exists = [](const Clip& clip) {
    std::error_code ignored;
    return fs::exists(clip.path, ignored);
  };
  if (std::any_of(manifest.clips.begin(), manifest.clips.end(), exists)) return;
  throw Error("none of the " + counted(manifest.clips.size(), "file") + " that " +
              manifest.source.string() + " lists is there; the first, " +
              manifest.clips.front().path.string() + ", was looked for in " + looked_in.string());
}

}  // namespace vidclass::dataset
