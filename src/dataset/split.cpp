#include "vidclass/dataset/split.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "dataset/assign.hpp"
#include "dataset/random.hpp"
#include "vidclass/core/error.hpp"
#include "vidclass/core/text.hpp"

namespace vidclass::dataset {
namespace {

using Indices = std::vector<std::size_t>;

void check(const SplitOptions& options) {
  const auto in_range = [](double share) { return share >= 0 && share < 1; };
  if (in_range(options.validation) && in_range(options.test) &&
      options.validation + options.test < 1)
    return;
  throw UsageError("the shares of validation (" + std::to_string(options.validation) +
                   ") and test (" + std::to_string(options.test) +
                   ") must be 0 or more and leave something to train on (add up to less than 1)");
}

/// The clips of each group. A clip without a group is one by itself.
std::vector<Indices> groups_among(const Manifest& manifest, const Indices& clips) {
  std::vector<Indices> groups;
  std::map<std::string, std::size_t> known;
  for (const std::size_t i : clips) {
    const std::string& name = manifest.clips[i].group;
    const auto [found, is_new] = known.try_emplace(name, groups.size());
    if (is_new || name.empty()) {
      groups.push_back({i});
    } else {
      groups[found->second].push_back(i);
    }
  }
  return groups;
}

struct Part {
  Split split;
  double share;
};

/// Deals `clips` out. The first part is the one that must not be empty; parts
/// without a share get nothing.
void deal_out(Manifest& manifest, const Indices& clips, std::vector<Part> parts, Random& random) {
  if (clips.empty()) return;
  std::erase_if(parts, [](const Part& part) { return part.share <= 0; });
  double sum = 0;
  for (const Part& part : parts) sum += part.share;
  std::vector<double> shares;
  for (const Part& part : parts) shares.push_back(part.share / sum);

  const auto members = groups_among(manifest, clips);
  std::vector<Group> groups;
  for (const Indices& group : members) {
    std::map<std::size_t, std::size_t> counts;
    for (const std::size_t i : group) ++counts[manifest.clips[i].label];
    groups.push_back({{counts.begin(), counts.end()}});
  }
  const auto assigned = assign_groups(groups, manifest.labels.size(), shares, random);
  for (std::size_t g = 0; g < members.size(); ++g) {
    for (const std::size_t i : members[g]) manifest.clips[i].split = parts[assigned[g]].split;
  }
}

/// Clips without a split follow those of their group that have one, into the
/// split where most of these are.
void follow_own_group(Manifest& manifest) {
  constexpr std::array order = {Split::train, Split::validation, Split::test};
  std::map<std::string, std::array<std::size_t, order.size()>> counts;
  for (const Clip& clip : manifest.clips) {
    const auto at = std::find(order.begin(), order.end(), clip.split);
    if (!clip.group.empty() && at != order.end())
      ++counts[clip.group][static_cast<std::size_t>(at - order.begin())];
  }
  for (Clip& clip : manifest.clips) {
    const auto found = counts.find(clip.group);
    if (clip.split != Split::none || found == counts.end()) continue;
    const auto& of_group = found->second;
    clip.split = order[static_cast<std::size_t>(std::max_element(of_group.begin(), of_group.end()) -
                                                of_group.begin())];
  }
}

}  // namespace

void make_splits(Manifest& manifest, const SplitOptions& options) {
  check(options);
  if (manifest.clips.empty()) throw Error(manifest.source.string() + " has no clips to split");
  Random random(options.seed);
  const double train = 1 - options.validation - options.test;
  const bool has_train = manifest.has(Split::train);
  const bool has_validation = manifest.has(Split::validation);
  const bool has_test = manifest.has(Split::test);

  if (!has_train && !has_validation && !has_test) {
    deal_out(manifest, manifest.indices(Split::none),
             {{Split::train, train},
              {Split::validation, options.validation},
              {Split::test, options.test}},
             random);
  } else {
    follow_own_group(manifest);
    const double test = has_test ? 0 : options.test;
    deal_out(manifest, manifest.indices(Split::none),
             {{Split::train, 1 - test}, {Split::test, test}}, random);
    if (!has_validation) {
      const double share = options.validation / (1 - options.test);
      deal_out(manifest, manifest.indices(Split::train),
               {{Split::train, 1 - share}, {Split::validation, share}}, random);
    }
  }
  if (!manifest.has(Split::train)) {
    throw Error(manifest.source.string() + " leaves nothing to train on: " +
                counted(manifest.indices(Split::validation).size(), "clip") + " in val, " +
                std::to_string(manifest.indices(Split::test).size()) + " in test, none in train");
  }
}

}  // namespace vidclass::dataset
