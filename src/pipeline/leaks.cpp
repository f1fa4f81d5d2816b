#include "pipeline/leaks.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "core/format.hpp"
#include "core/text.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline {
namespace {

using dataset::Leak;
using dataset::LeakKind;
using dataset::Split;

std::size_t count_of(const std::vector<Leak>& leaks, LeakKind kind) {
  return static_cast<std::size_t>(std::count_if(
      leaks.begin(), leaks.end(), [&](const Leak& leak) { return leak.kind == kind; }));
}

}  // namespace

std::string kinds_of(const std::vector<Leak>& leaks) {
  return format("{} of the same content, {}, {}, {}", count_of(leaks, LeakKind::same_content),
                counted(count_of(leaks, LeakKind::near_duplicate), "near duplicate"),
                counted(count_of(leaks, LeakKind::group), "divided group"),
                counted(count_of(leaks, LeakKind::recording), "recording"));
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

void tell_leaks(const std::vector<Leak>& leaks, const dataset::Manifest& manifest, bool refuse,
                const Hooks& hooks) {
  if (leaks.empty()) return;
  const std::string sentence = leak_sentence(leaks, manifest);
  if (refuse) throw Error(sentence);
  hooks.warn(sentence);
}

std::vector<Leak> find_known_leaks(const dataset::Manifest& manifest, std::optional<Split> split,
                                   const std::filesystem::path& cache_dir, int threads,
                                   const Hooks& hooks) {
  auto leaks = dataset::known_leaks(manifest, cache_dir, threads, hooks.progress, hooks.cancel);
  if (split) {
    std::erase_if(leaks, [&](const Leak& leak) {
      const auto splits = dataset::splits_of(leak, manifest);
      return std::find(splits.begin(), splits.end(), *split) == splits.end();
    });
  }
  return leaks;
}

}  // namespace vidclass::pipeline
