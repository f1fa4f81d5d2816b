#include <unistd.h>

#include <algorithm>
#include <system_error>

#include "cli/content.hpp"
#include "cli/data_job.hpp"
#include "cli/options.hpp"
#include "cli/predictions.hpp"
#include "cli/verb.hpp"
#include "core/format.hpp"
#include "vidclass/classify/classifier.hpp"
#include "vidclass/core/error.hpp"
#include "vidclass/core/feature_array.hpp"
#include "vidclass/core/input.hpp"
#include "vidclass/core/log.hpp"
#include "vidclass/video/frame_folder.hpp"
#include "vidclass/video/probe.hpp"

namespace vidclass::cli {
namespace {

namespace fs = std::filesystem;

/// Folders become the videos, or feature arrays, inside, sorted; anything else stays as
/// it is.
std::vector<video::ClipSource> expand(const std::vector<fs::path>& named, bool arrays) {
  std::vector<video::ClipSource> clips;
  for (const fs::path& path : named) {
    require_input(path,
                  arrays ? "a feature array or a folder of them" : "a video or a folder of videos");
    std::error_code error;
    if (!fs::is_directory(path, error) || video::is_frame_folder(path)) {
      clips.push_back(path);
      continue;
    }
    const auto first = static_cast<std::ptrdiff_t>(clips.size());
    for (const auto& entry :
         fs::recursive_directory_iterator(path, fs::directory_options::skip_permission_denied)) {
      const bool wanted =
          arrays ? is_feature_array(entry.path()) : video::has_video_extension(entry.path());
      if (wanted && entry.is_regular_file(error)) {
        clips.push_back(entry.path());
      }
    }
    if (clips.size() == static_cast<std::size_t>(first)) {
      throw UsageError(
          format("{} is a folder without {}", path.string(), arrays ? "feature arrays" : "videos"));
    }
    std::sort(clips.begin() + first, clips.end(),
              [](const auto& a, const auto& b) { return a.path < b.path; });
  }
  return clips;
}

class Predict : public Verb {
public:
  void setup(CLI::App& app) override {
    app.add_option("MODEL", model_, "a model file")->required();
    app.add_option("CLIP", clips_,
                   "videos, or folders of videos; feature arrays for a model of such")
        ->required();
    app.add_option("--top", top_, "labels shown for each clip")
        ->capture_default_str()
        ->check(CLI::Range(1, 1'000'000));
    span_.setup(app);
    machine_.setup(app);
    add_precision_option(app, precision_);
    add_clips_option(app, clips_per_clip_);
  }

  int run(const Context& context) override {
    model::Model model = model::read(model_);
    span_.check();
    std::vector<video::ClipSource> clips = expand(clips_, reads_arrays(model));
    for (const video::ClipSource& clip : clips) require_fit(model, model_, clip.path);
    for (video::ClipSource& clip : clips) {
      clip.start = span_.start;
      clip.end = span_.end;
    }
    // A cache pays only for clips that come again, so it is used only on request.
    classify::Classifier classifier(std::move(model),
                                    {.precision = backbone::precision_from(precision_),
                                     .threads = machine_.threads,
                                     .clips = clips_per_clip_,
                                     .limits = machine_.limits,
                                     .cache_dir = machine_.cache,
                                     .compiled_cache = machine_.compiled_cache()},
                                    context.progress, context.cancel);
    const auto results = classifier.classify(
        clips, clips.size() > 1 ? context.progress : ProgressFunction{}, context.cancel);
    const std::vector<std::string>& labels = classifier.model().labels;
    const bool with_bars = ::isatty(STDOUT_FILENO) == 1;

    Json list = Json::array();
    std::vector<UnusableClip> unusable;
    for (const auto& result : results) {
      Json entry{{"path", result.path.string()}};
      if (result.error.empty()) {
        const auto predictions = ranked(result.probabilities, top_);
        entry["predictions"] = to_json(predictions, labels);
        context.print(result.path.string() + "\n" + text(predictions, labels, with_bars));
      } else {
        entry["predictions"] = Json::array();
        entry["error"] = result.error;
        unusable.push_back({result.path, result.error});
      }
      list.push_back(entry);
    }
    context.print_json({{"clips", list}});
    if (results.size() == 1 && !unusable.empty()) {
      throw ClipError(unusable[0].path, unusable[0].reason);
    }
    log_unusable(unusable);
    if (unusable.size() == results.size()) throw Error("no clip is usable");
    return status_for(unusable);
  }

private:
  fs::path model_;
  std::vector<fs::path> clips_;
  std::size_t top_ = 5;
  SpanOptions span_;
  MachineOptions machine_;
  std::string precision_ = "auto";
  int clips_per_clip_ = 1;
};

}  // namespace

std::unique_ptr<Verb> make_predict() { return std::make_unique<Predict>(); }

}  // namespace vidclass::cli
