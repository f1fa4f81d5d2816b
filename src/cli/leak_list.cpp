#include "cli/leak_list.hpp"

#include <algorithm>
#include <set>

#include "cli/options.hpp"
#include "core/format.hpp"
#include "core/text.hpp"
#include "pipeline/leaks.hpp"

namespace vidclass::cli {
namespace {

using dataset::Leak;
using dataset::LeakKind;
using dataset::Split;

constexpr std::size_t most_listed = 10;
constexpr std::size_t most_clips_listed = 3;

std::string describe(const Leak& leak) {
  switch (leak.kind) {
    case LeakKind::group:
      return format("group \"{}\"", printable(leak.group));
    case LeakKind::near_duplicate:
      return format("near duplicate ({}{:.1f} s)", leak.mirrored ? "mirrored, " : "", leak.overlap);
    case LeakKind::recording:
      return "seem to be of one recording";
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

void add_leak_option(CLI::App& app, bool& refuse) {
  app.add_flag(
         "--fail-on-leak", refuse,
         "end with status 1 when clips of two splits (or, to evaluate, of the model's training) "
         "show the same, or a group is divided")
      ->group(group::data);
}

std::string leak_list(const std::vector<Leak>& leaks, const dataset::Manifest& manifest) {
  if (leaks.empty()) return {};
  std::string text =
      format("leaks across splits: {} ({})\n", leaks.size(), pipeline::kinds_of(leaks));
  for (std::size_t n = 0; n < std::min(leaks.size(), most_listed); ++n) {
    const Leak& leak = leaks[n];
    text += format("  {}:", describe(leak));
    const auto examples = examples_of(leak, manifest);
    for (const std::size_t i : examples) {
      const dataset::Clip& clip = manifest.clips[i];
      text += format(" {} ({})", printable(clip.path.string()), dataset::to_string(clip.split));
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

}  // namespace vidclass::cli
