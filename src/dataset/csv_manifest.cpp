#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <tuple>

#include "core/csv.hpp"
#include "core/line_error.hpp"
#include "core/text.hpp"
#include "dataset/clip_files.hpp"
#include "dataset/group.hpp"
#include "dataset/layouts.hpp"
#include "dataset/list_names.hpp"
#include "dataset/list_root.hpp"
#include "dataset/seconds.hpp"
#include "dataset/text_file.hpp"
#include "vidclass/error.hpp"

namespace fs = std::filesystem;

namespace vidclass::dataset {
namespace {

struct CsvColumns {
  std::size_t path = 0;
  std::size_t label = 0;
  std::optional<std::size_t> group;
  std::optional<std::size_t> split;
  std::optional<std::size_t> start;
  std::optional<std::size_t> end;
  std::optional<std::size_t> number;
};

/// Names of one column, those that say most before others.
using Names = std::vector<std::vector<std::string_view>>;

const Names path_names{{"path"},
                       {"video", "video_path", "video_name", "file", "file_path", "filepath",
                        "file_name", "filename", "clip", "clip_path", "clip_name"},
                       {"name"}};
const Names label_names{
    {"label"}, {"class", "class_name", "classname", "label_name", "tag", "category", "action"}};

class Header {
public:
  Header(const CsvRow& row, const std::string& source) : source_(source), fields_(row.fields) {
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      std::string name = lower(fields_[i]);
      std::replace(name.begin(), name.end(), ' ', '_');
      if (!named_.emplace(name, i).second && !name.empty()) {
        throw Error(source + " has two columns named " + in_quotes(name));
      }
    }
  }

  /// Does it name clips and labels in some way?
  [[nodiscard]] bool fits() const { return has_any(path_names) && has_any(label_names); }

  [[nodiscard]] CsvColumns columns() const {
    return {require("path", path_names),
            require("label", label_names),
            find("group"),
            find("split"),
            find("start"),
            find("end"),
            find("number")};
  }

private:
  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const {
    const auto found = named_.find(name);
    return found == named_.end() ? std::nullopt : std::optional(found->second);
  }

  [[nodiscard]] bool has_any(const Names& names) const {
    return std::any_of(names.begin(), names.end(), [&](const auto& some) {
      return std::any_of(some.begin(), some.end(), [&](const auto& name) { return find(name); });
    });
  }

  [[nodiscard]] std::size_t require(const char* what, const Names& names) const {
    for (const auto& some : names) {
      std::vector<std::string> found;
      for (const std::string_view name : some) {
        if (find(name)) found.emplace_back(name);
      }
      if (found.size() == 1) return *find(found.front());
      if (found.empty()) continue;
      throw Error(source_ + " has the columns " + some_of(found) + ", each of which may be the " +
                  what + "; name the right one " + in_quotes(what));
    }
    throw Error(source_ + " has no column " + in_quotes(what) +
                "; its first line must name the columns, as in path,label,group,split, separated "
                "by commas, semicolons or tabs; it names " +
                some_of(fields_, 6));
  }

  const std::string& source_;
  const std::vector<std::string>& fields_;
  std::map<std::string, std::size_t, std::less<>> named_;
};

bool is_comment(const CsvRow& row) { return row.fields.front().starts_with('#'); }

/// The separator with which the first line names a path and a label; a comma if none does.
char separator_of(std::string_view text, const std::string& source) {
  const auto lines = list_lines(text);
  if (lines.empty()) return ',';
  for (const char separator : {',', ';', '\t'}) {
    try {
      const auto rows = parse_csv(lines.front().text, source, separator);
      if (!rows.empty() && Header(rows.front(), source).fits()) return separator;
    } catch (const Error&) {
    }
  }
  return ',';
}

/// Does its first line name a path and a label?
bool names_columns(const fs::path& file) {
  const std::string text = beginning_of(file);
  const auto lines = list_lines(text);
  if (lines.empty()) return false;
  const std::string source = file.string();
  try {
    const auto rows = parse_csv(lines.front().text, source, separator_of(text, source));
    return !rows.empty() && Header(rows.front(), source).fits();
  } catch (const Error&) {
    return false;
  }
}

/// CSVs of splits, as their names have it.
std::vector<fs::path> split_csvs_in(const fs::path& folder, int fold) {
  std::vector<fs::path> found;
  for (const fs::path& file : files_in(folder, {".csv", ".tsv", ".txt"})) {
    const ListName name = parse_list_name(file);
    if (name.split == Split::none || name.fold.value_or(fold) != fold) continue;
    if (names_columns(file)) found.push_back(file);
  }
  return found;
}

Split split_of(const CsvRow& row, const CsvColumns& columns, const std::string& source) {
  if (!columns.split) return Split::none;
  try {
    return split_from(row.fields[*columns.split]);
  } catch (const UsageError& error) {
    fail_at_line(source, row.line, error.what());
  }
}

/// Sets the span; an empty field leaves it open on its side.
void read_span(const CsvRow& row, const CsvColumns& columns, const std::string& source,
               Clip& clip) {
  const auto fail = [&](const std::string& what) { fail_at_line(source, row.line, what); };
  const auto field = [&](const std::optional<std::size_t>& column, const char* name) {
    if (!column || row.fields[*column].empty()) return std::optional<double>();
    const auto seconds = seconds_from(row.fields[*column]);
    if (!seconds) {
      fail(std::string("the ").append(name) + " " + in_quotes(row.fields[*column]) +
           " is not a number of seconds");
    }
    return seconds;
  };
  clip.start = field(columns.start, "start").value_or(0);
  clip.end = field(columns.end, "end");
  if (clip.end && *clip.end <= clip.start) {
    fail("the clip ends at " + seconds_text(*clip.end) + " s, not after its start at " +
         seconds_text(clip.start) + " s");
  }
}

/// The labels in the order of their numbers. Throws where a label has two numbers,
/// or a number two labels.
class NumberedOrder {
public:
  void add(const std::string& label, const CsvRow& row, std::size_t column,
           const std::string& source) {
    const auto fail = [&](const std::string& what) { fail_at_line(source, row.line, what); };
    const std::string& digits = row.fields[column];
    long number = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (!is_digits(digits) || result.ec != std::errc())
      fail("the number " + in_quotes(digits) + " of the label is not a whole number");
    const auto by_label = number_of_.emplace(label, number).first;
    const auto by_number = label_of_.emplace(number, label).first;
    if (by_label->second != number || by_number->second != label) {
      fail("the label " + in_quotes(label) + " has number " + digits + " here, but " +
           in_quotes(by_number->second) + " has number " + std::to_string(by_label->second) +
           " before");
    }
  }
  [[nodiscard]] std::vector<std::string> labels() const {
    std::vector<std::string> labels;
    for (const auto& [number, label] : label_of_) labels.push_back(label);
    return labels;
  }

private:
  std::map<std::string, long> number_of_;
  std::map<long, std::string> label_of_;
};

/// Reads files, one after the other, into one manifest.
class CsvReader {
public:
  CsvReader(const fs::path& data, const OpenOptions& options) : data_(data), options_(options) {
    manifest_.source = data;
  }

  void read(const fs::path& file) {
    const std::string source = file.string();
    const std::string text = read_list_file(file, options_.encoding);
    auto rows = parse_csv(text, source, separator_of(text, source));
    while (!rows.empty() && is_comment(rows.front())) rows.erase(rows.begin());
    if (rows.empty()) {
      throw Error(source +
                  " is empty; expected a first line path,label[,group][,split][,start][,end] and "
                  "one line a clip");
    }
    const CsvColumns columns = Header(rows.front(), source).columns();
    numbered_ = numbered_ || columns.number.has_value();
    if (rows.size() == 1) throw Error(source + " names its columns but lists no clips");
    const Split split = columns.split ? Split::none : parse_list_name(file).split;
    root_ = root_of(file, split, rows, columns);
    const std::size_t before = manifest_.clips.size();
    for (auto row = rows.begin() + 1; row != rows.end(); ++row) {
      add(*row, rows.front(), columns, split, source);
    }
    if (manifest_.clips.size() == before) {
      throw Error(source + " names its columns but lists no clips");
    }
    if (split != Split::none) {
      manifest_.notes.push_back("all clips of " + source + " are in the split " +
                                std::string(to_string(split)) + ", as its name says");
    }
  }

  Manifest take() {
    if (numbered_) {
      manifest_.labels = order_.labels();
      std::map<std::string, std::size_t> index_of;
      for (std::size_t i = 0; i < manifest_.labels.size(); ++i) index_of[manifest_.labels[i]] = i;
      for (std::size_t i = 0; i < label_of_.size(); ++i) {
        manifest_.clips[i].label = index_of.at(label_of_[i]);
      }
    } else {
      set_labels(manifest_, label_of_);
    }
    require_two_classes(manifest_, " in its column \"label\"");
    require_any_file(manifest_, root_.empty() ? fs::path(".") : root_);
    return std::move(manifest_);
  }

private:
  [[nodiscard]] fs::path root_of(const fs::path& file, Split split, const std::vector<CsvRow>& rows,
                                 const CsvColumns& columns) {
    std::vector<std::string> listed;
    for (auto row = rows.begin() + 1; row != rows.end(); ++row) {
      if (row->fields.size() == rows.front().fields.size()) {
        listed.push_back(row->fields[columns.path]);
      }
    }
    const fs::path root = root_of_list(file, split, listed, data_, options_);
    if (!options_.root && root != file.parent_path()) {
      manifest_.notes.push_back("the clips of " + file.string() + " were found in " +
                                root.string());
    }
    return root;
  }

  void add(const CsvRow& row, const CsvRow& header, const CsvColumns& columns, Split split,
           const std::string& source) {
    const auto require = [&](bool holds, const std::string& what) {
      if (!holds) fail_at_line(source, row.line, what);
    };
    const bool whole = row.fields.size() == header.fields.size();
    const fs::path file =
        whole ? listed_file(root_, row.fields[columns.path], options_.encoding) : fs::path();
    std::error_code ignored;
    if (is_comment(row) && (!whole || !fs::exists(file, ignored))) return;
    require(whole, counted(row.fields.size(), "field") + " where the first line names " +
                       counted(header.fields.size(), "column"));
    const std::string& path = row.fields[columns.path];
    require(!path.empty(), "the path is empty");
    require(!row.fields[columns.label].empty(), "the label is empty");
    const std::string label = utf8_label(
        row.fields[columns.label], source + ":" + std::to_string(row.line), options_.encoding);
    if (columns.number) order_.add(label, row, *columns.number, source);

    Clip clip;
    clip.path = file;
    clip.group = columns.group ? row.fields[*columns.group] : group_from_name(clip.path, label);
    clip.split = columns.split ? split_of(row, columns, source) : split;
    read_span(row, columns, source, clip);
    const auto [earlier, is_new] =
        seen_.emplace(std::tuple(clip.path.lexically_normal(), clip.start, clip.end),
                      std::pair(source, row.line));
    const auto& [other, line] = earlier->second;
    require(is_new, in_quotes(path) + " is listed before, in line " + std::to_string(line) +
                        (other == source ? "" : " of " + other));
    manifest_.clips.push_back(std::move(clip));
    label_of_.push_back(label);
  }

  const fs::path& data_;
  const OpenOptions& options_;
  Manifest manifest_;
  fs::path root_;  // of the file that was read last
  NumberedOrder order_;
  bool numbered_ = false;
  std::map<std::tuple<fs::path, double, std::optional<double>>, std::pair<std::string, std::size_t>>
      seen_;
  std::vector<std::string> label_of_;
};

}  // namespace

Fit fit_csv(const fs::path& data, const OpenOptions& options) {
  Fit fit;
  if (is_folder(data)) {
    for (const fs::path& folder : list_folders(data, options, list_folder_names)) {
      fit.lists = split_csvs_in(folder, options.fold);
      if (!fit.lists.empty()) return fit;
    }
    fit.misfit = options.splits.value_or(data).string() +
                 " has no CSV with train, val or test in its name and columns for paths and labels";
  } else if (options.splits) {
    fit.misfit = "split lists go with a folder of clips, not with a CSV file (" + data.string() +
                 "); give it a column \"split\" instead";
  } else if (lower(data.extension().string()) == ".csv" || names_columns(data)) {
    fit.lists = {data};
  } else {
    fit.misfit = data.string() + " does not end in .csv";
  }
  return fit;
}

Manifest read_csv(const fs::path& data, const Fit& fit, const OpenOptions& options) {
  refuse_two_lists_of_a_split(fit.lists);
  CsvReader reader(data, options);
  for (const fs::path& file : fit.lists) reader.read(file);
  return reader.take();
}

}  // namespace vidclass::dataset
