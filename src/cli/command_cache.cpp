#include <chrono>
#include <cmath>
#include <set>
#include <vector>

#include "cli/command.hpp"
#include "cli/options.hpp"
#include "core/format.hpp"
#include "core/log.hpp"
#include "features/cache_maintenance.hpp"
#include "pipeline/gather.hpp"
#include "pipeline/shard.hpp"
#include "vidclass/error.hpp"

namespace vidclass::cli {
namespace {

namespace fs = std::filesystem;

std::uintmax_t total_bytes(const std::vector<features::CacheEntry>& entries) {
  std::uintmax_t sum = 0;
  for (const auto& entry : entries) sum += entry.bytes;
  return sum;
}

std::string megabytes(std::uintmax_t bytes) {
  return format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

class Cache : public Command {
public:
  void setup(CLI::App& app) override {
    app.require_subcommand(1);
    info_ = app.add_subcommand("info", "how many entries there are, and their size");
    prune_ = app.add_subcommand("prune", "delete entries that were not used for long");
    verify_ = app.add_subcommand("verify", "read every entry and name the damaged ones");
    merge_ = app.add_subcommand("merge", "put in what \"vidclass extract --shard\" wrote");
    for (CLI::App* sub : {info_, prune_, verify_, merge_}) sub->fallthrough();
    for (CLI::App* sub : {info_, prune_, verify_, merge_}) {
      sub->add_option("--cache", machine_.cache,
                      "folder of the feature cache (default: the user's cache folder)");
    }
    prune_->add_option("--unused-for", days_, "days since an entry was last used")
        ->check(CLI::Range(0.04, 36'500.0));
    prune_->add_option("--max-size", gigabytes_, "size in GB that the cache is cut down to")
        ->check(CLI::Range(0.001, 1e6));
    add_former(*prune_, "--most", "--max-size");
    // A former command, which answers with the new one.
    app.add_subcommand("export")->group("")->allow_extras();
    prune_->add_flag("--dry-run", dry_run_, "only say what would be deleted");
    merge_->add_option("PART", parts_, "files of shards of one job")->required();
    verify_->add_flag("--delete", delete_, "delete the damaged entries");
  }

  int run(const Context& context) override {
    if (info_->parsed()) return info(context);
    if (prune_->parsed()) return prune(context);
    if (verify_->parsed()) return verify(context);
    if (merge_->parsed()) return merge(context);
    throw UsageError("cache export is now: vidclass extract DATA --output DIR");
  }

private:
  [[nodiscard]] fs::path folder() const {
    const fs::path dir = pipeline::feature_cache_folder(machine_);
    if (!machine_.cache.empty() && !fs::is_directory(dir)) {
      throw UsageError(format("{} is no folder", dir.string()));
    }
    return dir;
  }

  int info(const Context& context) const {
    const auto entries = features::list_entries(folder());
    const auto bytes = total_bytes(entries);
    context.print(
        format("{}: {} entries, {}\n", folder().string(), entries.size(), megabytes(bytes)));
    context.print_json(
        {{"cache", folder().string()}, {"entries", entries.size()}, {"bytes", bytes}});
    return exit_done;
  }

  int prune(const Context& context) const {
    if (days_ == 0 && gigabytes_ == 0) {
      throw UsageError("say what may go: --unused-for DAYS, --max-size GB, or both");
    }
    const auto entries = features::list_entries(folder());
    const features::PruneLimits limits{.unused_for = std::chrono::hours(std::llround(days_ * 24)),
                                       .most_bytes = static_cast<std::uintmax_t>(gigabytes_ * 1e9)};
    const auto go = features::entries_to_prune(entries, limits, fs::file_time_type::clock::now());
    if (!dry_run_) features::remove_entries(go);
    context.print(format("{} {} of {} entries, {} of {}\n", dry_run_ ? "would delete" : "deleted",
                         go.size(), entries.size(), megabytes(total_bytes(go)),
                         megabytes(total_bytes(entries))));
    context.print_json({{"cache", folder().string()},
                        {"entries", entries.size()},
                        {"deleted", dry_run_ ? 0 : go.size()},
                        {"to_delete", go.size()},
                        {"bytes", total_bytes(go)}});
    return exit_done;
  }

  int verify(const Context& context) const {
    const auto entries = features::list_entries(folder());
    const auto damaged =
        features::find_damaged_entries(entries, context.hooks.progress, context.hooks.cancel);
    Json list = Json::array();
    std::vector<features::CacheEntry> go;
    for (const auto& [entry, reason] : damaged) {
      log_warning(format("damaged entry {}: {}", entry.path.string(), reason));
      list.push_back({{"path", entry.path.string()}, {"reason", reason}});
      go.push_back(entry);
    }
    if (delete_) features::remove_entries(go);
    context.print(format("{}: {} entries, {} damaged{}\n", folder().string(), entries.size(),
                         damaged.size(), delete_ && !go.empty() ? ", now deleted" : ""));
    context.print_json({{"cache", folder().string()},
                        {"entries", entries.size()},
                        {"damaged", list},
                        {"deleted", delete_}});
    return damaged.empty() || delete_ ? exit_done : exit_failed;
  }

  /// Status 1 where shards are missing.
  int merge(const Context& context) const {
    const fs::path dir = pipeline::feature_cache_folder(machine_);
    const pipeline::MergeOutcome outcome = pipeline::merge_shards(parts_, dir, context.hooks);
    pipeline::tell_unusable(outcome.unusable, context.hooks);
    Json unusable = Json::array();
    for (const auto& [path, reason] : outcome.unusable) {
      unusable.push_back({{"path", path.string()}, {"reason", reason}});
    }
    std::string numbers;
    for (const std::size_t shard : outcome.missing) {
      numbers += format("{}{}", numbers.empty() ? "" : ", ", shard);
    }
    context.print(format("{}: {} of {} shards, {} clips; {} entries added, {} were there\n",
                         dir.string(), outcome.shards - outcome.missing.size(), outcome.shards,
                         outcome.clips, outcome.added, outcome.there_before));
    context.print_json({{"cache", dir.string()},
                        {"shards", outcome.shards},
                        {"missing", outcome.missing},
                        {"missing_clips", outcome.missing_clips},
                        {"clips", outcome.clips},
                        {"added", outcome.added},
                        {"there_before", outcome.there_before},
                        {"unusable", unusable}});
    if (outcome.missing.empty()) return status_for(outcome.unusable);
    log_warning(format("missing: {} clips, of shards {} of {}", outcome.missing_clips, numbers,
                       outcome.shards));
    return exit_failed;
  }

  CLI::App* info_ = nullptr;
  CLI::App* prune_ = nullptr;
  CLI::App* verify_ = nullptr;
  CLI::App* merge_ = nullptr;
  std::vector<fs::path> parts_;
  double days_ = 0;
  double gigabytes_ = 0;
  bool dry_run_ = false;
  bool delete_ = false;
  MachineOptions machine_;
};

}  // namespace

std::unique_ptr<Command> make_cache() { return std::make_unique<Cache>(); }

}  // namespace vidclass::cli
