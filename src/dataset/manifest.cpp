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

std::optional<Split> split_by_name(std::string_view name) {
  std::string word = lower(trim(name));
  for (const std::string_view suffix : {"set", "split", "data", "videos", "clips"}) {
    if (!word.ends_with(suffix)) continue;
    word.resize(word.size() - suffix.size());
    word.resize(word.find_last_not_of(" _-") + 1);
    break;
  }
  if (word == "train" || word == "training" || word == "tr") return Split::train;
  if (word == "val" || word == "valid" || word == "validate" || word == "validation" ||
      word == "dev" || word == "eval") {
    return Split::validation;
  }
  if (word == "test" || word == "testing") return Split::test;
  return std::nullopt;
}

Split split_from(std::string_view name) {
  if (trim(name).empty()) return Split::none;
  if (const auto split = split_by_name(name)) return *split;
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

std::map<std::string, std::size_t> Manifest::group_sizes() const {
  std::map<std::string, std::size_t> sizes;
  for (const Clip& clip : clips) {
    if (!clip.group.empty()) ++sizes[clip.group];
  }
  return sizes;
}

bool Manifest::has(Split split) const {
  return std::any_of(clips.begin(), clips.end(),
                     [&](const Clip& clip) { return clip.split == split; });
}

}  // namespace vidclass::dataset
