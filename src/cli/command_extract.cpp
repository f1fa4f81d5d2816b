#include <system_error>

#include "cli/command.hpp"
#include "cli/options.hpp"
#include "cli/path_list.hpp"
#include "cli/training_text.hpp"
#include "core/feature_array.hpp"
#include "core/format.hpp"
#include "pipeline/content.hpp"
#include "pipeline/extract.hpp"
#include "pipeline/find_clips.hpp"
#include "pipeline/shard.hpp"
#include "report/documents.hpp"
#include "vidclass/error.hpp"
#include "video/frame_folder.hpp"
#include "video/probe.hpp"

namespace vidclass::cli {
namespace {

namespace fs = std::filesystem;

class Extract : public Command {
public:
  void setup(CLI::App& app) override {
    data_.setup(app);
    app.add_option("CLIP", more_,
                   "without labels: clips, folders of clips, or - for a list on standard input, in "
                   "the place of DATA and behind it");
    add_machine_options(app, machine_);
    add_feature_options(app, features_);
    app.add_option("-o,--output", output_,
                   "write the features, too: a folder of .npy files, or one file: .safetensors, or "
                   ".jsonl with the mean of each clip")
        ->group(group::output);
    app.add_option("--augment", augment_,
                   "none, or faded: of all clips but those to test also with what does not move "
                   "faded, which train draws of besides")
        ->capture_default_str()
        ->group(group::rare_frames)
        ->check(CLI::IsMember({"none", "faded"}));
    add_former(app, "--looks", "--augment none|faded");
    add_choice(app, "--streams", streams_, streams_from, "appearance,motion",
               "what is extracted: appearance (the network's features), motion (what moves, which "
               "is kept in the cache alone), or both; with --output appearance")
        ->group(group::rare_frames);
    app.add_option("--rank", rank_,
                   "this process among --ranks that share the clips through one --cache "
                   "(mpirun, srun and torchrun say so by themselves)")
        ->capture_default_str()
        ->group("+Several processes")
        ->check(CLI::Range(0, 100'000));
    app.add_option("--ranks", ranks_, "number of such processes")
        ->capture_default_str()
        ->group("+Several processes")
        ->check(CLI::Range(1, 100'000));
    app.add_option("--shard", shard_,
                   "I/N: every N-th clip from clip I on (from 0) into one file by itself, without "
                   "a shared cache; \"vidclass cache merge\" puts the files of all N into one")
        ->type_name("I/N")
        ->group("+Several processes");
    add_overwrite_option(app, overwrite_);
  }

  int run(const Context& context) override {
    if (rank_ >= ranks_) {
      throw UsageError(
          format("--rank {} is wrong: of {} ranks the last is {}", rank_, ranks_, ranks_ - 1));
    }
    if (!shard_.empty()) return run_shard(context);
    const bool kept = pipeline::feature_cache(machine_) == pipeline::feature_cache_folder(machine_);
    if (output_.empty() && !kept)
      throw Error("the features would be lost: name a file or folder (--output) for them");
    pipeline::ExtractRequest request = full_request(context.hooks);
    if (ranks_ > 1) {
      pipeline::take_rank(request.features,
                          {.rank = rank_, .count = ranks_, .local_count = ranks_});
    }
    const pipeline::ExtractOutcome outcome = pipeline::extract(request, context.hooks);
    Json document = report::to_json(outcome.report, outcome.settings);
    document["cache"] = pipeline::feature_cache(machine_).string();
    if (!output_.empty()) document["output"] = output_.string();
    if (!output_.empty()) document["written"] = outcome.written;
    context.print(summary(outcome.report, outcome.settings) + "\n");
    if (!output_.empty()) {
      context.print(format("{}: features of {} clips\n", output_.string(), outcome.written));
    }
    context.print_json(document);
    return status_for(outcome.report.unusable);
  }

private:
  int run_shard(const Context& context) const {
    const pipeline::Shard shard = pipeline::shard_from(shard_);
    if (output_.empty() || ranks_ > 1 || !machine_.cache.empty()) {
      throw UsageError(
          "--shard goes with --output FILE.safetensors, and not with --cache or --ranks");
    }
    const pipeline::ExtractOutcome outcome =
        pipeline::extract_shard(full_request(context.hooks), shard, context.hooks);
    Json document = report::to_json(outcome.report, outcome.settings);
    document["output"] = output_.string();
    document["written"] = outcome.written;
    document["shard"] = shard.index;
    document["shards"] = shard.count;
    context.print(summary(outcome.report, outcome.settings) + "\n");
    context.print(format("{}: {} entries, shard {} of {}\n", output_.string(), outcome.written,
                         shard.index, shard.count));
    context.print_json(document);
    return status_for(outcome.report.unusable);
  }

  [[nodiscard]] pipeline::ExtractRequest full_request(const Hooks& hooks) const {
    pipeline::ExtractRequest request = what_to_extract(hooks);
    request.output = output_;
    request.features.streams = streams();
    if (request.features.array_width > 0) request.features.streams = {};
    request.overwrite = overwrite_;
    return request;
  }

  [[nodiscard]] features::Streams streams() const {
    const bool arrays = !output_.empty() && shard_.empty();
    if (!streams_) return {.appearance = true, .motion = !arrays};
    if (!streams_->appearance && arrays) {
      throw UsageError("--output is for the network's features: --streams appearance,motion");
    }
    return *streams_;
  }

  /// A data set if DATA is one, else the clips that the paths name.
  [[nodiscard]] pipeline::ExtractRequest what_to_extract(const Hooks& hooks) const {
    const features::ExtractOptions options = pipeline::extract_options(features_, machine_);
    const fs::path& first = data_.request.data;
    std::error_code error;
    const bool names_clips = !more_.empty() || first == "-" || video::is_frame_folder(first) ||
                             (fs::is_regular_file(first, error) &&
                              (video::has_video_extension(first) || is_feature_array(first)));
    if (!names_clips) {
      if (const auto manifest = pipeline::open_if_data_set(data_.data(), hooks)) {
        return pipeline::request_of(*manifest, options, augment_ == "faded");
      }
    }
    std::vector<fs::path> paths{first};
    paths.insert(paths.end(), more_.begin(), more_.end());
    pipeline::ExtractRequest request{
        .clips = pipeline::find_clips(with_listed(paths), false, hooks), .features = options};
    request.source = first;
    for (video::ClipSource& clip : request.clips) {
      clip.start = data_.request.start;
      clip.end = data_.request.end;
    }
    if (is_feature_array(request.clips.at(0).path)) {
      request.features = pipeline::array_options(request.clips);
    }
    for (std::size_t i = 0; augment_ == "faded" && i < request.clips.size(); ++i) {
      request.faded.push_back(i);
    }
    return request;
  }

  DataOptions data_;
  std::vector<fs::path> more_;
  MachineOptions machine_;
  FeatureOptions features_;
  fs::path output_;
  std::string augment_ = "none";
  std::optional<features::Streams> streams_;
  int rank_ = 0;
  int ranks_ = 1;
  std::string shard_;
  bool overwrite_ = false;
};

}  // namespace

std::unique_ptr<Command> make_extract() { return std::make_unique<Extract>(); }

}  // namespace vidclass::cli
