#include <algorithm>
#include <optional>

#include "cli/command.hpp"
#include "cli/leak_list.hpp"
#include "cli/options.hpp"
#include "cli/text_width.hpp"
#include "core/format.hpp"
#include "core/log.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "dataset/scan.hpp"
#include "pipeline/gather.hpp"
#include "pipeline/leaks.hpp"
#include "pipeline/scenes.hpp"
#include "report/documents.hpp"

namespace vidclass::cli {
namespace {

class Scan : public Command {
public:
  void setup(CLI::App& app) override {
    data_.setup(app);
    data_.setup_made_splits(app);
    add_machine_options(app, machine_);
    add_leak_option(app, refuse_leaks_);
    app.add_flag("--quick", quick_,
                 "open files and compare checksums only: no search for near duplicates");
    app.add_flag("--deep", deep_, "decode every clip to its end and name those that are damaged");
    app.add_option(
        "--write", write_,
        "write what was found, and the splits made, as a CSV: path,label,group,split,start,end");
    add_seed_option(app, seed_, "of the split that --split or --folds makes");
    add_overwrite_option(app, overwrite_);
  }

  int run(const Context& context) override {
    const pipeline::DataRequest data = data_.data();
    dataset::Manifest manifest = pipeline::open_data(data);
    if (!write_.empty()) pipeline::files_of(data, manifest).refuse(write_, overwrite_);
    const dataset::ScanReport report = scanned(manifest, data.groups, context.hooks);
    pipeline::tell_unusable(report.unusable, context.hooks);
    for (const UnusableClip& clip : report.damaged) {
      log_warning(format("damaged clip {}: {}", clip.path.string(), clip.reason));
    }
    for (const std::string& warning : report.warnings) log_warning(warning);
    if (!write_.empty()) dataset::write_csv(write_, manifest);
    context.print(text(manifest, report));
    Json document = report::to_json(report, manifest);
    document["deep"] = deep_;
    document["near_duplicates_searched"] = !quick_;
    context.print_json(document);
    if (refuse_leaks_) pipeline::tell_leaks(report.leaks, manifest, true, context.hooks);
    return report.damaged.empty() ? status_for(report.unusable) : exit_done_with_unusable_clips;
  }

private:
  /// Looks at the clips, and gives them the groups and splits that were asked for.
  dataset::ScanReport scanned(dataset::Manifest& manifest, pipeline::Groups groups,
                              const Hooks& hooks) const {
    // What cannot be understood is told of before the clips are looked at.
    const auto split =
        data_.asks_for_splits() ? std::optional(data_.split_options(seed_)) : std::nullopt;
    const std::filesystem::path cache = pipeline::feature_cache(machine_);
    dataset::ScanReport report = dataset::scan(manifest,
                                               {.threads = thread_count(machine_.threads),
                                                .cache_dir = cache,
                                                .limits = machine_.limits,
                                                .near_duplicates = !quick_,
                                                .deep = deep_},
                                               hooks.progress, hooks.cancel);
    if (quick_ && groups == pipeline::Groups::automatic) groups = pipeline::Groups::given;
    pipeline::set_groups(manifest, groups,
                         {.cache_dir = cache,
                          .limits = machine_.limits,
                          .threads = machine_.threads,
                          .find_recordings = !quick_},
                         hooks);
    if (split) pipeline::make_splits(manifest, *split, hooks);
    dataset::judge_splits(manifest, report);
    return report;
  }

  [[nodiscard]] std::string text(const dataset::Manifest& manifest,
                                 const dataset::ScanReport& report) const {
    const std::size_t width = widest(
        "class", report.classes, [](const auto& entry) { return std::string_view(entry.label); });
    std::string out =
        format("{}: {}, {} clips, {} classes, {} unusable\n", printable(manifest.source.string()),
               dataset::to_string(manifest.layout), report.clips, report.classes.size(),
               report.unusable.size());
    out += format("  {}  {:>7} {:>7} {:>7} {:>9}\n", pad("class", width), "train", "val", "test",
                  "no split");
    for (const auto& entry : report.classes) {
      out += format("  {}  {:>7} {:>7} {:>7} {:>9}\n", pad(entry.label, width), entry.train,
                    entry.validation, entry.test, entry.none);
    }
    if (deep_) out += format("decoded to the end: {} damaged\n", report.damaged.size());
    if (report.featureless > 0) {
      out += format("{} clips show too little to be compared with others (flat pictures)\n",
                    report.featureless);
    }
    out += groups_line(manifest);
    out += leak_list(report.leaks, manifest);
    if (report.leaks.empty() && has_two_splits(manifest)) {
      out += quick_ ? "leaks across splits: none known (--quick: no search for near duplicates)\n"
                    : "leaks across splits: none found\n";
    }
    return out;
  }

  static std::string groups_line(const dataset::Manifest& manifest) {
    const auto clips = manifest.group_sizes();
    if (clips.empty()) return {};
    const auto largest =
        std::max_element(clips.begin(), clips.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    return format("groups kept whole: {}, {}; the largest, {}, has {}\n", clips.size(),
                  manifest.found_groups ? "scenes found by what the clips look like" : "given",
                  printable(largest->first), counted(largest->second, "clip"));
  }

  static bool has_two_splits(const dataset::Manifest& manifest) {
    using dataset::Split;
    return manifest.has(Split::train) + manifest.has(Split::validation) +
               manifest.has(Split::test) >
           1;
  }

  DataOptions data_;
  MachineOptions machine_;
  bool refuse_leaks_ = false;
  bool quick_ = false;
  bool deep_ = false;
  std::filesystem::path write_;
  std::uint64_t seed_ = 1;
  bool overwrite_ = false;
};

}  // namespace

std::unique_ptr<Command> make_scan() { return std::make_unique<Scan>(); }

}  // namespace vidclass::cli
