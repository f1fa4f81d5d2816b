#include "dataset/label_names.hpp"

#include <charconv>
#include <map>
#include <set>

#include "core/format.hpp"
#include "core/line_error.hpp"
#include "core/text.hpp"
#include "dataset/text_file.hpp"
#include "vidclass/error.hpp"

namespace fs = std::filesystem;

namespace vidclass::dataset {
namespace {

struct NamedNumber {
  std::optional<long> number;
  std::string name;
};

/// "1 Punch", "0,abseiling", "Punch".
NamedNumber named_number_of(std::string_view line) {
  const auto at = line.find_first_of(" \t,");
  const auto digits = line.substr(0, at);
  long number = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (at == std::string_view::npos || !is_digits(digits) || result.ec != std::errc()) {
    return {{}, std::string(line)};
  }
  auto name = trim(line.substr(at + 1));
  if (name.size() >= 2 && name.starts_with('"') && name.ends_with('"')) {
    name = name.substr(1, name.size() - 2);
  }
  return {number, std::string(name)};
}

using Numbers = std::set<long>;

Numbers numbers_of(const LabelList& list) {
  Numbers numbers;
  for (const ListedClip& clip : list.clips) numbers.insert(clip.number);
  return numbers;
}

Numbers all_numbers(const std::vector<LabelList>& lists) {
  Numbers numbers;
  for (const LabelList& list : lists) numbers.merge(numbers_of(list));
  return numbers;
}

/// Is it every number from its first to its last?
bool is_contiguous(const Numbers& numbers) {
  return *numbers.rbegin() - *numbers.begin() + 1 == static_cast<long>(numbers.size());
}

std::string files_of(const std::vector<LabelList>& lists) {
  std::string text;
  for (const LabelList& list : lists) {
    text.append(text.empty() ? "" : " and ").append(list.file.string());
  }
  return text;
}

/// Complains where the label `number` is listed first.
void fail_at_label(long number, const std::vector<LabelList>& lists, const std::string& what) {
  for (const LabelList& list : lists) {
    for (const ListedClip& clip : list.clips) {
      if (clip.number == number) fail_at_line(list.file, clip.line, what);
    }
  }
}

/// One list that counts 0 to N-1 beside one that counts 1 to N.
void refuse_mixed_counting(const std::vector<LabelList>& lists) {
  for (const LabelList& a : lists) {
    for (const LabelList& b : lists) {
      const Numbers from_0 = numbers_of(a), from_1 = numbers_of(b);
      if (from_0.size() < 2 || from_0.size() != from_1.size()) continue;
      if (*from_0.begin() != 0 || *from_1.begin() != 1) continue;
      if (!is_contiguous(from_0) || !is_contiguous(from_1)) continue;
      throw Error(
          format("{} counts its labels 0 to {} and {} counts them 1 to {}; make both count "
                 "alike",
                 a.file.string(), *from_0.rbegin(), b.file.string(), *from_1.rbegin()));
    }
  }
}

struct Base {
  long first = 0;
  std::string why;
};

Base base_without_names(const std::vector<LabelList>& lists, const Numbers& numbers) {
  const long least = *numbers.begin(), most = *numbers.rbegin();
  if (least > 1) {
    throw Error(
        format("the labels of {} are the numbers {} to {}: they begin with neither 0 nor 1; "
               "the option labels names the file that says what they stand for",
               files_of(lists), least, most));
  }
  if (!is_contiguous(numbers)) {
    long missing = least;
    while (numbers.contains(missing)) ++missing;
    throw Error(
        format("the labels of {} are numbers up to {} without {}; the option labels names the file "
               "that says what they stand for, if this label has no clip",
               files_of(lists), most, missing));
  }
  if (least == 0) return {0, "a list holds a 0"};
  return {1, format("no list holds a 0, and every number from 1 to {} is there", most)};
}

Base base_with_names(const std::vector<LabelList>& lists, const Numbers& numbers,
                     const LabelNames& names) {
  const long least = *numbers.begin(), most = *numbers.rbegin();
  const auto count = static_cast<long>(names.names.size());
  const auto require_known = [&](long first) {
    for (const long number : {least, most}) {
      if (number >= first && number < first + count) continue;
      fail_at_label(number, lists,
                    format("the label {} is beyond the {} names of {}, which are counted {} to {}",
                           number, count, names.file.string(), first, first + count - 1));
    }
  };
  if (names.first_number) {
    require_known(*names.first_number);
    return {*names.first_number, format("{} numbers them", names.file.string())};
  }
  if (least == 0) {
    require_known(0);
    return {0, "a list holds a 0"};
  }
  require_known(1);
  if (most == count) {
    return {1, format("no list holds a 0, and the last of {} names is used", count)};
  }
  throw Error(
      format("the labels of {} are the numbers {} to {}, which may count the {} names of {} "
             "from 0 or from 1; number the names in that file, as in \"0 run\"",
             files_of(lists), least, most, count, names.file.string()));
}

std::string folder_of(const ListedClip& clip) {
  return fs::path(slashed(clip.path)).parent_path().filename().string();
}

/// The folder of each number, where every number has one folder of its own.
std::optional<std::map<long, std::string>> folders_by_number(
    const std::vector<const LabelList*>& lists) {
  std::map<long, std::string> folder_by_number;
  std::map<std::string, long> number_by_folder;
  for (const LabelList* list : lists) {
    for (const ListedClip& clip : list->clips) {
      const std::string folder = folder_of(clip);
      if (folder.empty()) return std::nullopt;
      if (folder_by_number.emplace(clip.number, folder).first->second != folder)
        return std::nullopt;
      if (number_by_folder.emplace(folder, clip.number).first->second != clip.number)
        return std::nullopt;
    }
  }
  return folder_by_number;
}

/// Lists that each go by class folders but disagree on their numbers.
void refuse_disagreeing_lists(const std::vector<LabelList>& lists) {
  std::map<std::string, std::pair<long, const LabelList*>> known;
  for (const LabelList& list : lists) {
    const auto folders = folders_by_number({&list});
    if (!folders || folders->size() < 2) continue;
    for (const auto& [number, folder] : *folders) {
      const auto [found, is_new] = known.emplace(folder, std::pair(number, &list));
      if (is_new || found->second.first == number) continue;
      throw Error(format("the clips in {} have the label {} in {} and {} in {}", in_quotes(folder),
                         found->second.first, found->second.second->file.string(), number,
                         list.file.string()));
    }
  }
}

}  // namespace

LabelNames read_label_names(const fs::path& file, const std::string& encoding) {
  const std::string text = read_list_file(file, encoding);
  LabelNames names{file, {}, {}};
  std::vector<NamedNumber> entries;
  std::vector<std::size_t> line_of;
  std::size_t numbered = 0;
  for (const Line& line : list_lines(text)) {
    entries.push_back(named_number_of(line.text));
    entries.back().name =
        utf8_label(entries.back().name, format("{}:{}", file.string(), line.number), encoding);
    line_of.push_back(line.number);
    if (entries.back().number) ++numbered;
  }
  // A table's first line may name its columns.
  if (numbered > 0 && numbered + 1 == entries.size() && !entries.front().number) {
    entries.erase(entries.begin());
    line_of.erase(line_of.begin());
  }
  const auto fail = [&](std::size_t entry, const std::string& what) {
    fail_at_line(file, line_of[entry], what);
  };
  std::map<long, std::string> by_number;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto& [number, name] = entries[i];
    if (number.has_value() != entries.front().number.has_value())
      fail(i, "some lines begin with a number and some do not");
    if (name.empty()) fail(i, "the name is empty");
    if (!seen.insert(name).second) fail(i, format("the label {} is named twice", in_quotes(name)));
    const long key = number ? *number : static_cast<long>(i);
    if (!by_number.emplace(key, name).second) fail(i, format("number {} is given twice", key));
  }
  if (by_number.size() < 2) {
    throw Error(format("{} names {}; at least two are needed, one a line", file.string(),
                       counted(by_number.size(), "label")));
  }
  const long first = by_number.begin()->first, last = by_number.rbegin()->first;
  if (last - first + 1 != static_cast<long>(by_number.size())) {
    throw Error(format("{} numbers its {} labels {} to {}, with gaps", file.string(),
                       by_number.size(), first, last));
  }
  if (entries.front().number) names.first_number = first;
  for (auto& [number, name] : by_number) names.names.push_back(std::move(name));
  return names;
}

NumberedLabels number_labels(const std::vector<LabelList>& lists,
                             const std::optional<LabelNames>& names) {
  std::vector<const LabelList*> all;
  for (const LabelList& list : lists) all.push_back(&list);
  const auto folders = folders_by_number(all);
  if (!folders) {
    // Where each number has its folder, the folders show that the lists agree.
    refuse_disagreeing_lists(lists);
    refuse_mixed_counting(lists);
  }
  const Numbers numbers = all_numbers(lists);
  NumberedLabels result;
  if (!names && numbers == Numbers{-1, 1}) {
    result.labels = {folders ? folders->at(-1) : "-1", folders ? folders->at(1) : "1"};
    result.index_of = {{-1, 0}, {1, 1}};
    result.note = format("the labels -1 and 1 are {} and {}", in_quotes(result.labels[0]),
                         in_quotes(result.labels[1]));
    return result;
  }
  if (*numbers.begin() < 0) {
    fail_at_label(*numbers.begin(), lists,
                  format("the label {} is below 0; leave out the lines of clips without a label, "
                         "and count labels from 0",
                         *numbers.begin()));
  }
  const Base base =
      names ? base_with_names(lists, numbers, *names) : base_without_names(lists, numbers);

  std::string named_by;
  if (names) {
    result.labels = names->names;
    named_by = "named by " + names->file.string();
  } else {
    for (const long number : numbers) {
      result.labels.push_back(folders ? folders->at(number) : std::to_string(number));
    }
    named_by = folders ? "named by the clips' folders" : "named by their numbers";
  }
  for (std::size_t i = 0; i < result.labels.size(); ++i) {
    result.index_of.emplace(base.first + static_cast<long>(i), i);
  }
  result.note = format("labels are counted from {} ({}) and {}", base.first, base.why, named_by);
  return result;
}

}  // namespace vidclass::dataset
