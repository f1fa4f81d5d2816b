#include "dataset/copies.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <string_view>
#include <utility>

#include "core/text.hpp"

namespace vidclass::dataset {
namespace {

/// Two clips of a set that differ in what matters.
struct Example {
  const Clip* one = nullptr;
  const Clip* other = nullptr;
};

struct Finding {
  std::size_t sets = 0;
  Example example;

  void add(Example found) {
    if (sets++ == 0) example = found;
  }
};

Example differing(const Manifest& manifest, const std::vector<std::size_t>& copies,
                  const std::function<bool(const Clip&, const Clip&)>& differ) {
  const Clip& one = manifest.clips[copies.front()];
  for (const std::size_t i : copies) {
    if (differ(one, manifest.clips[i])) return {&one, &manifest.clips[i]};
  }
  return {};
}

/// What is wrong with sets of clips that show the same; `what` follows their number.
std::vector<std::string> warnings_about_sets(const Manifest& manifest,
                                             const std::vector<std::vector<std::size_t>>& sets,
                                             std::string_view noun, std::string_view what) {
  Finding across_splits, across_labels, others;
  for (const auto& set : sets) {
    const auto by_split =
        differing(manifest, set, [](auto& a, auto& b) { return a.split != b.split; });
    const auto by_label =
        differing(manifest, set, [](auto& a, auto& b) { return a.label != b.label; });
    if (by_split.one) across_splits.add(by_split);
    if (by_label.one) across_labels.add(by_label);
    if (!by_split.one && !by_label.one)
      others.add({&manifest.clips[set[0]], &manifest.clips[set[1]]});
  }

  const auto both = [](const Example& example, auto describe) {
    return example.one->path.string() + " (" + describe(*example.one) + ") and " +
           example.other->path.string() + " (" + describe(*example.other) + ")";
  };
  const auto split_of = [](const Clip& clip) {
    return clip.split == Split::none ? std::string("no split") : std::string(to_string(clip.split));
  };
  const auto label_of = [&](const Clip& clip) { return in_quotes(manifest.labels.at(clip.label)); };

  std::vector<std::string> warnings;
  const auto warn = [&](const Finding& finding, std::string_view where,
                        const std::string& example) {
    warnings.push_back(counted(finding.sets, noun) + std::string(what) + std::string(where) + ": " +
                       example);
  };
  if (across_splits.sets > 0) {
    warn(across_splits, " in two splits", both(across_splits.example, split_of));
  }
  if (across_labels.sets > 0) {
    warn(across_labels, " under two labels", both(across_labels.example, label_of));
  }
  if (others.sets > 0) {
    warn(others, " more than once",
         others.example.one->path.string() + " and " + others.example.other->path.string());
  }
  return warnings;
}

}  // namespace

std::vector<std::string> warnings_about_copies(
    const Manifest& manifest, const std::vector<std::vector<std::size_t>>& copies) {
  return warnings_about_sets(manifest, copies, "clip", " with the same content");
}

std::vector<std::string> warnings_about_near_duplicates(const Manifest& manifest,
                                                        const std::vector<std::string>& contents,
                                                        const std::vector<NearDuplicate>& pairs) {
  std::map<std::string_view, std::vector<std::size_t>> clips_of;
  for (std::size_t i = 0; i < contents.size(); ++i) {
    if (!contents[i].empty()) clips_of[contents[i]].push_back(i);
  }
  std::vector<std::vector<std::size_t>> sets;
  for (const NearDuplicate& pair : pairs) {
    std::vector<std::size_t> set = clips_of[pair.first];
    const auto& others = clips_of[pair.second];
    set.insert(set.end(), others.begin(), others.end());
    std::sort(set.begin(), set.end());
    if (set.size() > 1) sets.push_back(std::move(set));
  }
  std::sort(sets.begin(), sets.end());
  return warnings_about_sets(manifest, sets, "pair", " of clips with the same footage");
}

}  // namespace vidclass::dataset
