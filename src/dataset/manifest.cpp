#include "dataset/manifest.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "vidclass/error.hpp"

namespace vidclass::dataset {

std::string_view to_string(Split split) noexcept {
  switch (split) {
    case Split::none:
      return "";
    case Split::train:
      return "train";
    case Split::validation:
      return "val";
    case Split::test:
      return "test";
  }
  return "";
}

Split split_from(std::string_view name) {
  const std::string word = lower(trim(name));
  if (word.empty()) return Split::none;
  if (word == "train") return Split::train;
  if (word == "val" || word == "valid" || word == "validate" || word == "validation")
    return Split::validation;
  if (word == "test") return Split::test;
  throw UsageError("unknown split " + in_quotes(name) + ": use train, val or test");
}

std::string_view to_string(Layout layout) noexcept {
  switch (layout) {
    case Layout::folders:
      return "folders";
    case Layout::ucf101:
      return "ucf101";
    case Layout::hmdb51:
      return "hmdb51";
    case Layout::kinetics:
      return "kinetics";
    case Layout::lists:
      return "lists";
    case Layout::csv:
      return "csv";
  }
  return "";
}

Layout layout_from(std::string_view name) {
  const std::string word = lower(trim(name));
  for (const Layout layout : {Layout::folders, Layout::ucf101, Layout::hmdb51, Layout::kinetics,
                              Layout::lists, Layout::csv}) {
    if (word == to_string(layout)) return layout;
  }
  throw UsageError("unknown layout " + in_quotes(name) +
                   ": choose folders, ucf101, hmdb51, kinetics, lists or csv");
}

std::vector<std::size_t> Manifest::indices(Split split) const {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < clips.size(); ++i) {
    if (clips[i].split == split) found.push_back(i);
  }
  return found;
}

bool Manifest::has(Split split) const {
  return std::any_of(clips.begin(), clips.end(),
                     [&](const Clip& clip) { return clip.split == split; });
}

}  // namespace vidclass::dataset
