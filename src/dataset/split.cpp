#include "dataset/split.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <set>
#include <string>

#include "core/format.hpp"
#include "core/random.hpp"
#include "core/text.hpp"
#include "dataset/assign.hpp"
#include "vidclass/error.hpp"

namespace vidclass::dataset {
namespace {

using Indices = std::vector<std::size_t>;

void check(const SplitOptions& options) {
  if (options.fold && (options.fold->of < 2 || options.fold->number < 1 ||
                       options.fold->number > options.fold->of)) {
    throw UsageError("fold " + std::to_string(options.fold->number) + " of " +
                     std::to_string(options.fold->of) +
                     " is no fold: there are at least 2, "
                     "counted from 1");
  }
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

/// Deals `clips` out in whole groups; `give(clip, part)` is called for each. The
/// first part is the one that must not be empty.
template <typename Give>
void deal_out(const Manifest& manifest, const Indices& clips, const std::vector<double>& shares,
              Random& random, Give give) {
  const auto members = groups_among(manifest, clips);
  std::vector<Group> groups;
  for (const Indices& group : members) {
    std::map<std::size_t, std::size_t> counts;
    for (const std::size_t i : group) ++counts[manifest.clips[i].label];
    groups.push_back({{counts.begin(), counts.end()}});
  }
  const auto assigned = assign_groups(groups, manifest.labels.size(), shares, random);
  for (std::size_t g = 0; g < members.size(); ++g) {
    for (const std::size_t i : members[g]) give(i, assigned[g]);
  }
}

struct Part {
  Split split;
  double share;
};

/// Deals `clips` out to splits; those without a share get nothing.
void deal_to_splits(Manifest& manifest, const Indices& clips, std::vector<Part> parts,
                    Random& random) {
  if (clips.empty()) return;
  std::erase_if(parts, [](const Part& part) { return part.share <= 0; });
  double sum = 0;
  for (const Part& part : parts) sum += part.share;
  std::vector<double> shares;
  for (const Part& part : parts) shares.push_back(part.share / sum);
  deal_out(manifest, clips, shares, random, [&](std::size_t clip, std::size_t part) {
    manifest.clips[clip].split = parts[part].split;
  });
}

/// Makes one fold the test set. All folds of a seed come from the same dealing.
void set_fold_apart(Manifest& manifest, const Fold& fold, Random& random) {
  const Indices all = manifest.indices(Split::none);
  const std::size_t groups = groups_among(manifest, all).size();
  if (static_cast<std::size_t>(fold.of) > groups) {
    throw UsageError(manifest.source.string() + " has " + counted(groups, "group") +
                     " of clips, too few for " + std::to_string(fold.of) + " folds");
  }
  const std::vector<double> shares(static_cast<std::size_t>(fold.of), 1.0 / fold.of);
  deal_out(manifest, all, shares, random, [&](std::size_t clip, std::size_t part) {
    if (part + 1 == static_cast<std::size_t>(fold.number)) manifest.clips[clip].split = Split::test;
  });
}

double number_from(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && std::isfinite(number) ? number : -1;
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

SplitOptions split_shares_from(std::string_view text) {
  std::vector<double> shares;
  double sum = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const auto slash = rest.find('/');
    shares.push_back(number_from(trim(rest.substr(0, slash))));
    sum += shares.back();
    rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  }
  const bool fits = (shares.size() == 2 || shares.size() == 3) && !text.ends_with('/') &&
                    shares.front() > 0 &&
                    std::all_of(shares.begin(), shares.end(), [](double s) { return s >= 0; });
  if (!fits) {
    throw UsageError("the split " + in_quotes(text) +
                     " is not understood: use train/val/test as in 70/15/15, or train/test as in "
                     "80/20");
  }
  SplitOptions options;
  options.test = shares.back() / sum;
  options.validation =
      shares.size() == 3 ? shares[1] / sum : SplitOptions{}.validation * (1 - options.test);
  return options;
}

void make_splits(Manifest& manifest, const SplitOptions& options) {
  check(options);
  if (manifest.clips.empty()) throw Error(manifest.source.string() + " has no clips to split");
  Random random(options.seed);
  const double train = 1 - options.validation - options.test;
  const bool has_train = manifest.has(Split::train);
  const bool has_validation = manifest.has(Split::validation);
  const bool has_test = manifest.has(Split::test);
  const bool has_any = has_train || has_validation || has_test;

  if (options.fold) {
    if (has_any) {
      throw UsageError(manifest.source.string() +
                       " gives splits; folds are made of data that gives none");
    }
    set_fold_apart(manifest, *options.fold, random);
    const double share = options.validation / (1 - options.test);
    deal_to_splits(manifest, manifest.indices(Split::none),
                   {{Split::train, 1 - share}, {Split::validation, share}}, random);
  } else if (!has_any) {
    deal_to_splits(manifest, manifest.indices(Split::none),
                   {{Split::train, train},
                    {Split::validation, options.validation},
                    {Split::test, options.test}},
                   random);
  } else {
    follow_own_group(manifest);
    const double test = has_test ? 0 : options.test;
    deal_to_splits(manifest, manifest.indices(Split::none),
                   {{Split::train, 1 - test}, {Split::test, test}}, random);
    if (!manifest.has(Split::test) && options.test > 0) {
      deal_to_splits(manifest, manifest.indices(Split::train),
                     {{Split::train, 1 - options.test}, {Split::test, options.test}}, random);
    }
    if (!has_validation) {
      const double share = options.validation / (1 - options.test);
      deal_to_splits(manifest, manifest.indices(Split::train),
                     {{Split::train, 1 - share}, {Split::validation, share}}, random);
    }
  }
  if (!manifest.has(Split::train)) {
    throw Error(manifest.source.string() + " leaves nothing to train on: " +
                counted(manifest.indices(Split::validation).size(), "clip") + " in val, " +
                std::to_string(manifest.indices(Split::test).size()) + " in test, none in train");
  }
}

void require_splits(const Manifest& manifest, const std::vector<Split>& splits,
                    const SplitOptions& options) {
  std::string remedy;
  for (const Split split : splits) {
    if (manifest.has(split)) continue;
    const bool none_wanted = (split == Split::validation && options.validation <= 0) ||
                             (split == Split::test && options.test <= 0 && !options.fold);
    remedy = none_wanted ? format(
                               "the shares leave \"{}\" nothing; name shares for all, as in "
                               "70/15/15",
                               to_string(split))
                         : std::string();
    break;
  }
  std::set<std::size_t> trained;
  for (const std::size_t clip : manifest.indices(Split::train)) {
    trained.insert(manifest.clips[clip].label);
  }
  const bool all_there =
      std::all_of(splits.begin(), splits.end(), [&](Split split) { return manifest.has(split); });
  if (all_there && trained.size() >= 2) return;
  if (remedy.empty()) {
    remedy = format(
        "at least {} clips a class are needed, filmed apart from each other (in groups "
        "of their own), or splits given with the data",
        splits.size());
  }
  std::string counts;
  for (const Split split : {Split::train, Split::validation, Split::test}) {
    counts += format("{}{} {}", counts.empty() ? "" : ", ", manifest.indices(split).size(),
                     to_string(split));
  }
  throw Error(format("{} has too few clips to go on: {} of {}, split into {}; {}",
                     manifest.source.string(), counted(manifest.clips.size(), "clip"),
                     counted(manifest.labels.size(), "class", "classes"), counts, remedy));
}

}  // namespace vidclass::dataset
