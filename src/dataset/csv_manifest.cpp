#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "dataset/group.hpp"
#include "dataset/layouts.hpp"
#include "vidclass/core/atomic_file.hpp"
#include "vidclass/core/csv.hpp"
#include "vidclass/core/error.hpp"
#include "vidclass/core/text.hpp"

namespace fs = std::filesystem;

namespace vidclass::dataset {
namespace {

struct Columns {
  std::size_t path = 0;
  std::size_t label = 0;
  std::optional<std::size_t> group;
  std::optional<std::size_t> split;
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
  return {require("path"), require("label"), find("group"), find("split")};
}

Split split_of(const CsvRow& row, const Columns& columns, const std::string& source) {
  if (!columns.split) return Split::none;
  try {
    return split_from(row.fields[*columns.split]);
  } catch (const UsageError& error) {
    throw Error(source + " line " + std::to_string(row.line) + ": " + error.what());
  }
}

std::string read_utf8(const fs::path& file) {
  std::string text = read_text_file(file);
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    throw Error(file.string() + " is UTF-16 text; save it as UTF-8");
  }
  return text;
}

}  // namespace

Manifest read_csv(const fs::path& file) {
  const std::string source = file.string();
  const auto rows = parse_csv(read_utf8(file), source);
  if (rows.empty()) {
    throw Error(source +
                " is empty; expected a first line path,label[,group][,split] and one line a clip");
  }
  const Columns columns = columns_of(rows.front(), source);
  if (rows.size() == 1) throw Error(source + " names its columns but lists no clips");

  Manifest manifest;
  manifest.layout = Layout::csv;
  manifest.source = file;
  std::set<std::string> labels;
  std::vector<std::string> label_of;
  for (auto row = rows.begin() + 1; row != rows.end(); ++row) {
    const auto require = [&](bool holds, const std::string& what) {
      if (!holds) throw Error(source + " line " + std::to_string(row->line) + ": " + what);
    };
    require(row->fields.size() == rows.front().fields.size(),
            counted(row->fields.size(), "field") + " where the first line names " +
                counted(rows.front().fields.size(), "column"));
    const std::string& path = row->fields[columns.path];
    const std::string& label = row->fields[columns.label];
    require(!path.empty(), "the path is empty");
    require(!label.empty(), "the label is empty");

    Clip clip;
    clip.path = file.parent_path() / path;
    clip.group = columns.group ? row->fields[*columns.group] : group_from_name(clip.path, label);
    clip.split = split_of(*row, columns, source);
    manifest.clips.push_back(std::move(clip));
    label_of.push_back(label);
    labels.insert(label);
  }

  manifest.labels.assign(labels.begin(), labels.end());
  for (std::size_t i = 0; i < label_of.size(); ++i) {
    const auto found =
        std::lower_bound(manifest.labels.begin(), manifest.labels.end(), label_of[i]);
    manifest.clips[i].label = static_cast<std::size_t>(found - manifest.labels.begin());
  }
  require_two_classes(manifest, " in its column \"label\"");
  require_any_file(manifest, file.has_parent_path() ? file.parent_path() : fs::path("."));
  return manifest;
}

}  // namespace vidclass::dataset
