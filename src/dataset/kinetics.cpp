#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <unordered_map>

#include "core/csv.hpp"
#include "core/format.hpp"
#include "core/line_error.hpp"
#include "core/text.hpp"
#include "dataset/clip_files.hpp"
#include "dataset/layouts.hpp"
#include "dataset/list_names.hpp"
#include "dataset/seconds.hpp"
#include "dataset/text_file.hpp"
#include "vidclass/error.hpp"
#include "video/probe.hpp"

namespace fs = std::filesystem;

namespace vidclass::dataset {
namespace {

/// Where the columns are: label,youtube_id,time_start,time_end,split and others.
struct Columns {
  std::optional<std::size_t> label;  // the published test list has none
  std::size_t id = 0;
  std::size_t start = 0;
  std::size_t end = 0;
  std::optional<std::size_t> split;
};

std::optional<Columns> columns_of(const CsvRow& header) {
  std::map<std::string, std::size_t> named;
  for (std::size_t i = 0; i < header.fields.size(); ++i) named.emplace(lower(header.fields[i]), i);
  const auto find = [&](const char* name) -> std::optional<std::size_t> {
    const auto found = named.find(name);
    return found == named.end() ? std::nullopt : std::optional(found->second);
  };
  const auto id = find("youtube_id"), start = find("time_start"), end = find("time_end");
  if (!id || !start || !end) return std::nullopt;
  return Columns{find("label"), *id, *start, *end, find("split")};
}

/// Is it a list of Kinetics, judging by its header?
bool is_kinetics_list(const fs::path& file) {
  const std::string text = beginning_of(file);
  const auto lines = lines_of(text);
  if (lines.empty()) return false;
  try {
    const auto rows = parse_csv(lines.front().text, file.string());
    return !rows.empty() && columns_of(rows.front()).has_value();
  } catch (const Error&) {
    return false;
  }
}

/// One line of a list.
struct Entry {
  std::string label;
  std::string id;
  double start = 0;
  double end = 0;
  Split split = Split::none;
};

class ListReader {
public:
  ListReader(const fs::path& file, const std::string& encoding)
      : file_(file), name_(file.string()), encoding_(encoding) {}

  /// Lines without a label are counted in `unlabelled`.
  std::vector<Entry> read(std::size_t& unlabelled) const {
    const auto rows = parse_csv(read_list_file(file_, encoding_), name_);
    const Columns columns = columns_of(rows.at(0)).value();
    std::vector<Entry> entries;
    std::map<std::pair<std::string, std::string>, std::size_t> seen;
    for (auto row = rows.begin() + 1; row != rows.end(); ++row) {
      if (row->fields.size() != rows.front().fields.size()) {
        fail(*row, counted(row->fields.size(), "field") + " where the first line names " +
                       counted(rows.front().fields.size(), "column"));
      }
      Entry entry = entry_of(*row, columns);
      if (entry.label.empty()) {
        ++unlabelled;
        continue;
      }
      const auto [earlier, is_new] =
          seen.emplace(std::pair(entry.id, row->fields[columns.start]), row->line);
      if (!is_new) {
        fail(*row, format("{} from {} s is listed before, in line {}", in_quotes(entry.id),
                          row->fields[columns.start], earlier->second));
      }
      entries.push_back(std::move(entry));
    }
    if (rows.size() == 1) throw Error(name_ + " names its columns but lists no clips");
    return entries;
  }

private:
  [[noreturn]] void fail(const CsvRow& row, const std::string& what) const {
    fail_at_line(file_, row.line, what);
  }

  [[nodiscard]] Entry entry_of(const CsvRow& row, const Columns& columns) const {
    Entry entry;
    if (columns.label) {
      entry.label =
          utf8_label(row.fields[*columns.label], format("{}:{}", name_, row.line), encoding_);
    }
    entry.id = row.fields[columns.id];
    if (entry.id.empty()) fail(row, "the youtube_id is empty");
    const auto start = seconds_from(row.fields[columns.start]);
    const auto end = seconds_from(row.fields[columns.end]);
    if (!start || !end || *end <= *start) {
      fail(row, format("time_start {} and time_end {} are no span of seconds",
                       in_quotes(row.fields[columns.start]), in_quotes(row.fields[columns.end])));
    }
    entry.start = *start;
    entry.end = *end;
    try {
      entry.split = columns.split ? split_from(row.fields[*columns.split]) : Split::none;
    } catch (const UsageError& error) {
      fail(row, error.what());
    }
    if (entry.split == Split::none) entry.split = parse_list_name(file_).split;
    return entry;
  }

  fs::path file_;
  std::string name_;
  const std::string& encoding_;
};

/// The clips on disk by the names they may have: "<id>_<start>_<end>", with six
/// digits each, or "<id>".
class ClipIndex {
public:
  explicit ClipIndex(const std::vector<fs::path>& clips) {
    for (const fs::path& clip : clips) {
      by_name_[clip.stem().string()].push_back(clip);
      if (is_frame_folder(clip)) by_name_[clip.filename().string()].push_back(clip);
    }
  }

  [[nodiscard]] std::optional<fs::path> cut(const Entry& entry) const {
    const auto six = [](double seconds) { return std::lround(seconds); };
    return find(format("{}_{:06}_{:06}", entry.id, six(entry.start), six(entry.end)), entry);
  }
  [[nodiscard]] std::optional<fs::path> by_id(const Entry& entry) const {
    return find(entry.id, entry);
  }

private:
  /// The one in a folder of the label before others.
  [[nodiscard]] std::optional<fs::path> find(const std::string& name, const Entry& entry) const {
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) return std::nullopt;
    std::string underscored = entry.label;
    std::replace(underscored.begin(), underscored.end(), ' ', '_');
    for (const fs::path& clip : found->second) {
      const std::string folder = clip.parent_path().filename().string();
      if (folder == entry.label || folder == underscored) return clip;
    }
    return found->second.front();
  }

  std::unordered_map<std::string, std::vector<fs::path>> by_name_;
};

enum class Named { cut, by_id };

struct Found {
  Entry entry;
  fs::path path;
  Named named = Named::cut;
};

/// Are the files that are named by their id alone whole videos, out of which the
/// list takes a span? Judged by the length of a few; throws Error where they differ.
bool are_whole_videos(const std::vector<const Found*>& by_id) {
  constexpr std::size_t enough = 16;
  constexpr double tolerance = 1.5;  // seconds; cuts fall on key frames
  const std::size_t step = std::max<std::size_t>(1, by_id.size() / enough);
  const Found* whole = nullptr;
  const Found* cut = nullptr;
  for (std::size_t i = 0; i < by_id.size(); i += step) {
    const Found& found = *by_id[i];
    if (content_by_name(found.path) == Content::arrays || is_folder(found.path)) continue;
    double duration = 0;
    try {
      duration = video::probe(found.path).duration;
    } catch (const ClipError&) {
      continue;
    }
    if (duration <= 0) continue;
    const double length = found.entry.end - found.entry.start;
    if (std::abs(duration - length) <= tolerance && found.entry.start <= tolerance) continue;
    if (duration + tolerance < found.entry.end || duration <= length + tolerance) {
      cut = &found;
    } else {
      whole = &found;
    }
  }
  if (whole && cut) {
    throw Error(
        format("{} is a whole video and {} one that is cut already; name those that are cut "
               "<id>_<start>_<end>, with six digits each, to tell them apart",
               whole->path.string(), cut->path.string()));
  }
  return whole != nullptr;
}

std::vector<fs::path> lists_in(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const fs::path& file : files_in(folder, {".csv"})) {
    if (is_kinetics_list(file)) found.push_back(file);
  }
  return found;
}

fs::path root_of(const fs::path& data, const OpenOptions& options) {
  if (options.root) return *options.root;
  if (is_folder(data)) return data;
  return data.has_parent_path() ? data.parent_path() : fs::path(".");
}

void note_the_missing(const std::vector<Entry>& missing, std::size_t listed, const fs::path& root,
                      Manifest& manifest) {
  if (missing.empty()) return;
  std::vector<std::string> ids;
  for (const Entry& entry : missing) ids.push_back(entry.id);
  manifest.notes.push_back(format("{} of {} listed clips are not in {}, left out: {}",
                                  missing.size(), listed, root.string(), some_of(ids)));
}

}  // namespace

Fit fit_kinetics(const fs::path& data, const OpenOptions& options) {
  Fit fit;
  const fs::path named = options.splits.value_or(data);
  if (is_file(named)) {
    if (is_kinetics_list(named)) {
      fit.lists = {named};
    } else {
      fit.misfit = format(
          "the first line of {} does not name the columns youtube_id, time_start "
          "and time_end",
          named.string());
    }
    return fit;
  }
  for (const fs::path& folder : list_folders(data, options, {"annotations", "splits", "lists"})) {
    fit.lists = lists_in(folder);
    if (!fit.lists.empty()) return fit;
  }
  fit.misfit = format("{} has no CSV with the columns label, youtube_id, time_start and time_end",
                      named.string());
  return fit;
}

Manifest read_kinetics(const fs::path& data, const Fit& fit, const OpenOptions& options) {
  std::size_t unlabelled = 0;
  std::vector<Entry> entries;
  for (const fs::path& file : fit.lists) {
    auto read = ListReader(file, options.encoding).read(unlabelled);
    entries.insert(entries.end(), std::make_move_iterator(read.begin()),
                   std::make_move_iterator(read.end()));
  }
  const fs::path root = root_of(data, options);
  FoundClips on_disk = clips_below(root);
  const ClipIndex index(on_disk.clips);
  std::vector<Found> found;
  std::vector<Entry> missing;
  for (Entry& entry : entries) {
    if (auto cut = index.cut(entry)) {
      found.push_back({std::move(entry), *std::move(cut), Named::cut});
    } else if (auto by_id = index.by_id(entry)) {
      found.push_back({std::move(entry), *std::move(by_id), Named::by_id});
    } else {
      missing.push_back(std::move(entry));
    }
  }
  if (found.empty() && !missing.empty()) {
    throw Error(
        format("none of the {} that {} lists is in {}; they are named as in "
               "{}_{:06}_{:06}.mp4 or {}.mp4, and the option root names their folder",
               counted(missing.size(), "clip"), fit.lists.front().string(), root.string(),
               missing.front().id, std::lround(missing.front().start),
               std::lround(missing.front().end), missing.front().id));
  }
  std::vector<const Found*> by_id;
  for (const Found& clip : found) {
    if (clip.named == Named::by_id) by_id.push_back(&clip);
  }
  const bool take_spans = are_whole_videos(by_id);

  Manifest manifest;
  manifest.source = data;
  std::vector<std::string> labels;
  for (const Found& known : found) {
    Clip clip;
    clip.path = known.path;
    labels.push_back(known.entry.label);
    clip.group = known.entry.id;
    clip.split = known.entry.split;
    if (known.named == Named::by_id && take_spans) {
      clip.start = known.entry.start;
      clip.end = known.entry.end;
    }
    manifest.clips.push_back(std::move(clip));
  }
  set_labels(manifest, labels);
  if (!by_id.empty()) {
    manifest.notes.push_back(
        format("{} named by their id alone are {}", counted(by_id.size(), "file"),
               take_spans ? "whole videos, judging by their length: the listed spans are taken"
                          : "cut already, judging by their length: they are taken whole"));
  }
  if (unlabelled > 0) {
    manifest.notes.push_back(counted(unlabelled, "listed clip") + " without a label left out");
  }
  // The lists themselves and what else lies beside the folders of clips is of no interest.
  std::erase_if(on_disk.left_out.no_clips, [&](const fs::path& file) {
    return file.parent_path() == root || file.parent_path() == fit.lists.front().parent_path();
  });
  for (std::string& note : on_disk.left_out.notes()) manifest.notes.push_back(std::move(note));
  note_the_missing(missing, entries.size(), root, manifest);
  require_two_classes(manifest, "; see " + fit.lists.front().string());
  return manifest;
}

}  // namespace vidclass::dataset
