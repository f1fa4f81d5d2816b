#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "core/csv.hpp"
#include "core/line_error.hpp"
#include "core/text.hpp"
#include "dataset/group.hpp"
#include "dataset/layouts.hpp"
#include "dataset/seconds.hpp"
#include "dataset/text_file.hpp"
#include "vidclass/error.hpp"

namespace fs = std::filesystem;

namespace vidclass::dataset {
namespace {

struct Columns {
  std::size_t path = 0;
  std::size_t label = 0;
  std::optional<std::size_t> group;
  std::optional<std::size_t> split;
  std::optional<std::size_t> start;
  std::optional<std::size_t> end;
  std::optional<std::size_t> number;
};

Columns columns_of(const CsvRow& header, const std::string& source) {
  std::map<std::string, std::size_t> named;
  for (std::size_t i = 0; i < header.fields.size(); ++i) {
    const std::string name = lower(header.fields[i]);
    if (!named.emplace(name, i).second && !name.empty()) {
      throw Error(source + " has two columns named " + in_quotes(name));
    }
  }
  const auto find = [&](const char* name) -> std::optional<std::size_t> {
    const auto found = named.find(name);
    return found == named.end() ? std::nullopt : std::optional(found->second);
  };
  const auto require = [&](const char* name) {
    if (const auto column = find(name)) return *column;
    throw Error(
        source + " has no column " + in_quotes(name) +
        "; its first line must name the columns, as in path,label,group,split, separated by "
        "commas; it names " +
        some_of(header.fields, 6));
  };
  return {require("path"), require("label"), find("group"), find("split"),
          find("start"),   find("end"),      find("number")};
}

Split split_of(const CsvRow& row, const Columns& columns, const std::string& source) {
  if (!columns.split) return Split::none;
  try {
    return split_from(row.fields[*columns.split]);
  } catch (const UsageError& error) {
    fail_at_line(source, row.line, error.what());
  }
}

/// Sets the span; an empty field leaves it open on its side.
void read_span(const CsvRow& row, const Columns& columns, const std::string& source, Clip& clip) {
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

}  // namespace

Fit fit_csv(const fs::path& data, const OpenOptions& options) {
  Fit fit;
  if (!is_file(data)) {
    fit.misfit = data.string() + " is a folder, not a CSV file";
  } else if (options.splits) {
    fit.misfit = "split lists go with a folder of clips, not with a CSV file (" + data.string() +
                 "); give it a column \"split\" instead";
  } else if (lower(data.extension().string()) != ".csv") {
    fit.misfit = data.string() + " does not end in .csv";
  }
  return fit;
}

Manifest read_csv(const fs::path& file, const OpenOptions& options) {
  const std::string source = file.string();
  const auto rows = parse_csv(read_utf8_file(file), source);
  if (rows.empty()) {
    throw Error(source +
                " is empty; expected a first line path,label[,group][,split][,start][,end] and one "
                "line a clip");
  }
  const Columns columns = columns_of(rows.front(), source);
  if (rows.size() == 1) throw Error(source + " names its columns but lists no clips");

  Manifest manifest;
  manifest.source = file;
  const fs::path root = options.root.value_or(file.parent_path());
  std::set<std::string> labels;
  NumberedOrder order;
  std::map<std::tuple<std::string, double, std::optional<double>>, std::size_t> seen;
  std::vector<std::string> label_of;
  for (auto row = rows.begin() + 1; row != rows.end(); ++row) {
    const auto require = [&](bool holds, const std::string& what) {
      if (!holds) fail_at_line(source, row->line, what);
    };
    require(row->fields.size() == rows.front().fields.size(),
            counted(row->fields.size(), "field") + " where the first line names " +
                counted(rows.front().fields.size(), "column"));
    const std::string& path = row->fields[columns.path];
    const std::string& label = row->fields[columns.label];
    require(!path.empty(), "the path is empty");
    require(!label.empty(), "the label is empty");
    if (columns.number) order.add(label, *row, *columns.number, source);

    Clip clip;
    clip.path = root / path;
    clip.group = columns.group ? row->fields[*columns.group] : group_from_name(clip.path, label);
    clip.split = split_of(*row, columns, source);
    read_span(*row, columns, source, clip);
    const auto [earlier, is_new] = seen.emplace(std::tuple(path, clip.start, clip.end), row->line);
    require(is_new,
            in_quotes(path) + " is listed before, in line " + std::to_string(earlier->second));
    manifest.clips.push_back(std::move(clip));
    label_of.push_back(label);
    labels.insert(label);
  }

  if (columns.number) {
    manifest.labels = order.labels();
  } else {
    manifest.labels.assign(labels.begin(), labels.end());
    sort_labels(manifest.labels);
  }
  std::map<std::string, std::size_t> index_of;
  for (std::size_t i = 0; i < manifest.labels.size(); ++i) index_of[manifest.labels[i]] = i;
  for (std::size_t i = 0; i < label_of.size(); ++i) {
    manifest.clips[i].label = index_of.at(label_of[i]);
  }
  require_two_classes(manifest, " in its column \"label\"");
  require_any_file(manifest, root.empty() ? fs::path(".") : root);
  return manifest;
}

}  // namespace vidclass::dataset
