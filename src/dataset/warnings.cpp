#include "dataset/warnings.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "core/text.hpp"

namespace vidclass::dataset {
namespace {

/// A class this many times as large as another dominates plain accuracy.
constexpr std::size_t heavy_imbalance = 5;

struct NamedSplit {
  Split split;
  std::size_t ClassCount::*count;
};
constexpr std::array named_splits = {NamedSplit{Split::train, &ClassCount::train},
                                     NamedSplit{Split::validation, &ClassCount::validation},
                                     NamedSplit{Split::test, &ClassCount::test}};

std::size_t total_of(const ClassCount& count) {
  return count.none + count.train + count.validation + count.test;
}

void warn_of_few_classes(const std::vector<ClassCount>& present,
                         std::vector<std::string>& warnings) {
  if (present.size() >= 2) return;
  warnings.push_back((present.empty()
                          ? std::string("no class has clips")
                          : "only one class has clips, " + in_quotes(present.front().label)) +
                     ": at least two are needed");
}

void warn_of_empty_classes(const std::vector<ClassCount>& counts,
                           std::vector<std::string>& warnings) {
  std::vector<std::string> empty;
  for (const ClassCount& count : counts) {
    if (total_of(count) == 0) empty.push_back(count.label);
  }
  if (empty.empty()) return;
  warnings.push_back(counted(empty.size(), "class", "classes") +
                     " without any clip: " + some_of(empty));
}

void warn_of_missing_classes(const std::vector<ClassCount>& present,
                             std::vector<std::string>& warnings) {
  for (const auto& [split, member] : named_splits) {
    std::vector<std::string> missing;
    for (const ClassCount& count : present) {
      if (count.*member == 0) missing.push_back(count.label);
    }
    if (missing.empty() || missing.size() == present.size()) continue;
    warnings.push_back(std::to_string(missing.size()) + " of " +
                       counted(present.size(), "class", "classes") + " missing from the split " +
                       std::string(to_string(split)) + ": " + some_of(missing));
  }
}

void warn_of_imbalance(const std::vector<ClassCount>& present, std::vector<std::string>& warnings) {
  if (present.empty()) return;
  const auto [least, most] =
      std::minmax_element(present.begin(), present.end(),
                          [](const auto& a, const auto& b) { return total_of(a) < total_of(b); });
  if (total_of(*most) < heavy_imbalance * total_of(*least)) return;
  warnings.push_back("the classes are unequal: " + in_quotes(most->label) + " has " +
                     counted(total_of(*most), "clip") + ", " + in_quotes(least->label) + " only " +
                     std::to_string(total_of(*least)));
}

void warn_of_divided_groups(const Manifest& manifest, std::vector<std::string>& warnings) {
  std::map<std::string, std::map<Split, const Clip*>> groups;
  for (const Clip& clip : manifest.clips) {
    if (!clip.group.empty()) groups[clip.group].try_emplace(clip.split, &clip);
  }
  std::size_t divided = 0;
  std::string example;
  for (const auto& [name, splits] : groups) {
    if (splits.size() < 2) continue;
    if (divided++ > 0) continue;
    example = in_quotes(name);
    for (const auto& [split, clip] : splits) {
      example += std::string(split == splits.begin()->first ? ", with " : " and ") +
                 clip->path.string() + " in " +
                 (split == Split::none ? "none" : std::string(to_string(split)));
    }
  }
  if (divided == 0) return;
  warnings.push_back(counted(divided, "group") +
                     " of clips filmed together in more than one split: " + example);
}

}  // namespace

std::vector<ClassCount> count_classes(const Manifest& manifest) {
  std::vector<ClassCount> counts;
  for (const std::string& label : manifest.labels) {
    counts.emplace_back();
    counts.back().label = label;
  }
  for (const Clip& clip : manifest.clips) {
    ClassCount& count = counts.at(clip.label);
    switch (clip.split) {
      case Split::none:
        ++count.none;
        break;
      case Split::train:
        ++count.train;
        break;
      case Split::validation:
        ++count.validation;
        break;
      case Split::test:
        ++count.test;
        break;
    }
  }
  return counts;
}

std::vector<std::string> warnings_about(const Manifest& manifest) {
  const auto counts = count_classes(manifest);
  auto present = counts;
  std::erase_if(present, [](const ClassCount& count) { return total_of(count) == 0; });

  std::vector<std::string> warnings;
  warn_of_few_classes(present, warnings);
  warn_of_empty_classes(counts, warnings);
  warn_of_missing_classes(present, warnings);
  warn_of_imbalance(present, warnings);
  if (!manifest.found_groups) warn_of_divided_groups(manifest, warnings);
  return warnings;
}

}  // namespace vidclass::dataset
