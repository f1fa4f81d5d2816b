#include "dataset/copies.hpp"

#include <algorithm>
#include <functional>

#include "vidclass/core/text.hpp"

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

}  // namespace

std::vector<std::string> warnings_about_copies(
    const Manifest& manifest, const std::vector<std::vector<std::size_t>>& copies) {
  Finding across_splits, across_labels, others;
  for (const auto& set : copies) {
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
  if (across_splits.sets > 0) {
    warnings.push_back(
        counted(across_splits.sets, "clip") +
        " with the same content in two splits: " + both(across_splits.example, split_of));
  }
  if (across_labels.sets > 0) {
    warnings.push_back(
        counted(across_labels.sets, "clip") +
        " with the same content under two labels: " + both(across_labels.example, label_of));
  }
  if (others.sets > 0) {
    warnings.push_back(counted(others.sets, "clip") + " with the same content more than once: " +
                       others.example.one->path.string() + " and " +
                       others.example.other->path.string());
  }
  return warnings;
}

}  // namespace vidclass::dataset
