#include "dataset/folds.hpp"

#include <map>
#include <string>

#include "core/text.hpp"
#include "dataset/assign.hpp"
#include "vidclass/error.hpp"

namespace vidclass::dataset {

std::vector<std::size_t> deal_folds(const Manifest& manifest, std::span<const std::size_t> clips,
                                    int folds, std::uint64_t seed) {
  // A clip without a group is one by itself.
  std::vector<std::size_t> group_of;
  std::map<std::string, std::size_t> known;
  std::vector<std::map<std::size_t, std::size_t>> counts;
  for (const std::size_t i : clips) {
    const Clip& clip = manifest.clips.at(i);
    std::size_t group = counts.size();
    if (!clip.group.empty()) group = known.try_emplace(clip.group, group).first->second;
    if (group == counts.size()) counts.emplace_back();
    ++counts[group][clip.label];
    group_of.push_back(group);
  }
  if (folds < 2 || static_cast<std::size_t>(folds) > counts.size()) {
    throw UsageError("cannot make " + counted(static_cast<std::size_t>(folds), "fold") + " of " +
                     counted(counts.size(), "group") + " of clips: 2 to " +
                     std::to_string(counts.size()) + " are possible");
  }
  std::vector<Group> groups;
  for (const auto& of_group : counts) groups.push_back({{of_group.begin(), of_group.end()}});
  Random random(seed);
  const std::vector<double> shares(static_cast<std::size_t>(folds), 1.0 / folds);
  const auto part_of = assign_groups(groups, manifest.labels.size(), shares, random);
  std::vector<std::size_t> parts;
  for (const std::size_t group : group_of) parts.push_back(part_of[group]);
  return parts;
}

}  // namespace vidclass::dataset
