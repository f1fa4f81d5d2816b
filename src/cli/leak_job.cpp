#include "cli/leak_job.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "core/format.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "vidclass/error.hpp"

namespace vidclass::cli {
namespace {

using dataset::Leak;
using dataset::LeakKind;
using dataset::Split;

constexpr std::size_t most_listed = 10;
constexpr std::size_t most_clips_listed = 3;

std::size_t count_of(const std::vector<Leak>& leaks, LeakKind kind) {
  return static_cast<std::size_t>(std::count_if(
      leaks.begin(), leaks.end(), [&](const Leak& leak) { return leak.kind == kind; }));
}

/// "2 of the same content, 1 near duplicate, 0 divided groups"
std::string kinds_of(const std::vector<Leak>& leaks) {
  return format("{} of the same content, {}, {}", count_of(leaks, LeakKind::same_content),
                counted(count_of(leaks, LeakKind::near_duplicate), "near duplicate"),
                counted(count_of(leaks, LeakKind::group), "divided group"));
}

std::string describe(const Leak& leak) {
  switch (leak.kind) {
    case LeakKind::group:
      return format("group \"{}\"", leak.group);
    case LeakKind::near_duplicate:
      return format("near duplicate ({}{:.1f} s)", leak.mirrored ? "mirrored, " : "", leak.overlap);
    case LeakKind::same_content:
      break;
  }
  return std::string(dataset::to_string(leak.kind));
}

/// A few clips of a leak, one of each split among them.
std::vector<std::size_t> examples_of(const Leak& leak, const dataset::Manifest& manifest) {
  std::set<Split> seen;
  std::vector<std::size_t> examples;
  for (const std::size_t i : leak.clips) {
    if (seen.insert(manifest.clips[i].split).second) examples.push_back(i);
  }
  for (const std::size_t i : leak.clips) {
    if (examples.size() >= most_clips_listed) break;
    if (std::find(examples.begin(), examples.end(), i) == examples.end()) examples.push_back(i);
  }
  return examples;
}

}  // namespace

void LeakOptions::setup(CLI::App& app) {
  app.add_flag(
      "--fail-on-leak", fail,
      "end with status 1 when clips of two splits (or, to evaluate, of the model's training) "
      "show the same, or a group is divided");
}

Json to_json(const std::vector<Leak>& leaks, const dataset::Manifest& manifest) {
  Json list = Json::array();
  for (const Leak& leak : leaks) {
    Json splits = Json::array();
    for (const Split split : dataset::splits_of(leak, manifest)) {
      splits.push_back(dataset::to_string(split));
    }
    Json clips = Json::array();
    for (const std::size_t i : leak.clips) {
      const dataset::Clip& clip = manifest.clips[i];
      clips.push_back({{"path", clip.path.string()},
                       {"split", dataset::to_string(clip.split)},
                       {"label", manifest.labels.at(clip.label)}});
    }
    Json entry{{"kind", dataset::to_string(leak.kind)}, {"splits", splits}, {"clips", clips}};
    if (leak.kind == LeakKind::group) entry["group"] = leak.group;
    if (leak.kind == LeakKind::near_duplicate) {
      entry["mirrored"] = leak.mirrored;
      entry["overlap"] = leak.overlap;
    }
    list.push_back(std::move(entry));
  }
  return list;
}

std::string leak_list(const std::vector<Leak>& leaks, const dataset::Manifest& manifest) {
  if (leaks.empty()) return {};
  std::string text = format("leaks across splits: {} ({})\n", leaks.size(), kinds_of(leaks));
  for (std::size_t n = 0; n < std::min(leaks.size(), most_listed); ++n) {
    const Leak& leak = leaks[n];
    text += format("  {}:", describe(leak));
    const auto examples = examples_of(leak, manifest);
    for (const std::size_t i : examples) {
      const dataset::Clip& clip = manifest.clips[i];
      text += format(" {} ({})", clip.path.string(), dataset::to_string(clip.split));
    }
    if (leak.clips.size() > examples.size()) {
      text += format(" and {} more", leak.clips.size() - examples.size());
    }
    text += "\n";
  }
  if (leaks.size() > most_listed) {
    text += format("  and {} more (--json lists all)\n", leaks.size() - most_listed);
  }
  return text;
}

std::string leak_sentence(const std::vector<Leak>& leaks, const dataset::Manifest& manifest) {
  std::string text;
  constexpr std::array order = {Split::test, Split::validation, Split::train};
  for (std::size_t k = 0; k + 1 < order.size(); ++k) {
    // Clips that have their like in a split that comes earlier in training.
    std::set<std::size_t> leaking;
    for (const Leak& leak : leaks) {
      const bool earlier = std::any_of(leak.clips.begin(), leak.clips.end(), [&](std::size_t i) {
        return std::find(order.begin() + static_cast<std::ptrdiff_t>(k) + 1, order.end(),
                         manifest.clips[i].split) != order.end();
      });
      if (!earlier) continue;
      for (const std::size_t i : leak.clips) {
        if (manifest.clips[i].split == order[k]) leaking.insert(i);
      }
    }
    if (leaking.empty()) continue;
    text += format("{}{} of {} {} clips", text.empty() ? "" : " and ", leaking.size(),
                   manifest.indices(order[k]).size(), dataset::to_string(order[k]));
  }
  if (text.empty()) return text;
  return format("{} leak from other splits ({}), so scores are too high; vidclass scan lists them",
                text, kinds_of(leaks));
}

void warn_of_leaks(const std::vector<Leak>& leaks, const dataset::Manifest& manifest,
                   const LeakOptions& options) {
  if (leaks.empty()) return;
  const std::string sentence = leak_sentence(leaks, manifest);
  if (options.fail) throw Error(sentence);
  log_warning(sentence);
}

std::vector<Leak> find_known_leaks(const dataset::Manifest& manifest, std::optional<Split> split,
                                   const MachineOptions& machine, const Context& context) {
  auto leaks = dataset::known_leaks(manifest, machine.feature_cache(), machine.workers(),
                                    context.progress, context.cancel);
  if (split) {
    std::erase_if(leaks, [&](const Leak& leak) {
      const auto splits = dataset::splits_of(leak, manifest);
      return std::find(splits.begin(), splits.end(), *split) == splits.end();
    });
  }
  return leaks;
}

}  // namespace vidclass::cli
