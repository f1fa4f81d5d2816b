#include "cli/content.hpp"
#include "cli/data_job.hpp"
#include "cli/options.hpp"
#include "cli/verb.hpp"
#include "core/format.hpp"
#include "core/log.hpp"
#include "vidclass/error.hpp"

namespace vidclass::cli {
namespace {

class Extract : public Verb {
public:
  void setup(CLI::App& app) override {
    data_.setup(app);
    machine_.setup(app);
    features_.setup(app);
    app.add_option("--looks", looks_,
                   "plain, or faded: of all clips but those to test also the faded look that train "
                   "draws of beside the plain one")
        ->capture_default_str()
        ->check(CLI::IsMember({"plain", "faded"}));
    app.add_option("--rank", rank_,
                   "this process among --ranks that share the clips through one --cache "
                   "(mpirun, srun and torchrun say so by themselves)")
        ->check(CLI::Range(0, 100'000));
    app.add_option("--ranks", ranks_, "number of such processes")->check(CLI::Range(1, 100'000));
  }

  int run(const Context& context) override {
    const dataset::Manifest manifest = data_.open();
    std::vector<video::ClipSource> sources;
    for (const dataset::Clip& clip : manifest.clips) sources.push_back(clip.source());
    features::ExtractOptions options = options_for(manifest, features_.extract_options(machine_));
    options.calibration_clips = sources;
    if (rank_ >= ranks_) {
      throw UsageError(
          format("--rank {} is wrong: of {} ranks the last is {}", rank_, ranks_, ranks_ - 1));
    }
    if (ranks_ > 1) take_rank(options, {.rank = rank_, .count = ranks_, .local_count = ranks_});
    features::Extractor extractor(options, context.progress, context.cancel);
    const features::Extractor::Consumer nothing = [](std::size_t, const features::ClipFeatures&) {};
    features::ExtractReport report =
        extractor.extract(sources, nothing, context.progress, context.cancel);
    if (looks_ == "faded" && manifest.content != dataset::Content::arrays) {
      std::vector<video::ClipSource> drawn;
      for (const dataset::Clip& clip : manifest.clips) {
        if (clip.split != dataset::Split::test) drawn.push_back(clip.source());
      }
      const ProgressFunction progress = named(context.progress, " faded");
      // Clips that cannot be used have been told.
      add_frames(report, features::Extractor(faded_look(options), progress, context.cancel)
                             .extract(drawn, nothing, progress, context.cancel));
    }
    log_unusable(report.unusable);
    Json document = to_json(report, extractor.settings());
    document["cache"] = machine_.feature_cache().string();
    context.print(summary(report, extractor.settings()) + "\n");
    context.print_json(document);
    if (report.clips == 0) throw Error(format("{}: no clip is usable", data_.data.string()));
    return status_for(report.unusable);
  }

private:
  DataOptions data_;
  MachineOptions machine_;
  FeatureOptions features_;
  std::string looks_ = "plain";
  int rank_ = 0;
  int ranks_ = 1;
};

}  // namespace

std::unique_ptr<Verb> make_extract() { return std::make_unique<Extract>(); }

}  // namespace vidclass::cli
