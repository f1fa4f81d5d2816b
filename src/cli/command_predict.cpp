#include <unistd.h>

#include <algorithm>
#include <functional>
#include <memory>

#include "classify/classifier.hpp"
#include "cli/command.hpp"
#include "cli/options.hpp"
#include "cli/path_list.hpp"
#include "cli/predictions.hpp"
#include "cli/text_width.hpp"
#include "core/format.hpp"
#include "core/log.hpp"
#include "core/own_files.hpp"
#include "core/text.hpp"
#include "pipeline/annotate.hpp"
#include "pipeline/content.hpp"
#include "pipeline/find_clips.hpp"
#include "pipeline/gather.hpp"
#include "pipeline/prediction_json.hpp"
#include "sandbox/sandbox.hpp"
#include "vidclass/error.hpp"

namespace vidclass::cli {
namespace {

namespace fs = std::filesystem;

class Predict : public Command {
public:
  void setup(CLI::App& app) override {
    app.add_option("MODEL", model_, "a model file")->required();
    app.add_option("CLIP", clips_,
                   "videos, folders of videos, or - for a list on standard input, a path a line; "
                   "feature arrays for a model of such")
        ->required();
    app.add_option("--top", top_, "labels shown for each clip")
        ->capture_default_str()
        ->group(group::output)
        ->check(CLI::Range(1, 1'000'000));
    auto* csv = app.add_flag("--csv", csv_, "print path,rank,label,probability,error")
                    ->group(group::output);
    app.add_flag("--jsonl", json_lines_, "print a JSON document a line for each clip")
        ->group(group::output)
        ->excludes(csv);
    app.add_option("--annotate", annotate_,
                   "draw the labels onto the clip: .mp4, .mov, .mkv, .webm, .gif or .webp; for "
                   "several clips a folder, of .mp4 files")
        ->group(group::output);
    add_span_options(app, start_, end_);
    add_machine_options(
        app, machine_,
        "folder of a feature cache, for clips that come again (default: none is used)");
    classifier_.setup(app);
    add_clips_option(app, clips_per_clip_);
    app.add_flag("--sandbox", sandbox_,
                 "decode each clip in a process that can do nothing else, for clips of strangers")
        ->group(group::machine);
    add_overwrite_option(app, overwrite_);
  }

  int run(const Context& context) override {
    if (context.json && (csv_ || json_lines_)) {
      throw UsageError("--json, --jsonl and --csv exclude each other");
    }
    model::Model model = model::read(model_);
    const std::vector<video::ClipSource> clips = clips_for(model, context.hooks);
    const std::vector<fs::path> outputs = output_files(clips);
    // A cache pays only for clips that come again, so it is used only on request.
    classify::ClassifierOptions options = classifier_.options(machine_);
    options.cache_dir = machine_.cache;
    options.clips = clips_per_clip_;
    if (sandbox_) {
      const auto sandbox = std::make_shared<sandbox::Sandbox>();
      log_info("sandbox: " + sandbox::to_string(sandbox->layers()));
      options.sampler = sandbox::sandboxed_sampler(sandbox);
    }
    options.follow = !outputs.empty();
    classify::Classifier classifier(std::move(model), options, context.hooks.progress,
                                    context.hooks.cancel);
    list_own_files(outputs);
    const Style style{.bars = ::isatty(STDOUT_FILENO) == 1,
                      .label_width = widest({}, classifier.model().labels, std::identity())};
    if (csv_) context.print_data("path,rank,label,probability,error\n");
    Json list = Json::array();
    std::vector<UnusableClip> failed;
    bool any_label = false;
    const auto tell = [&](const classify::ClipResult& result) {
      const std::size_t clip = list.size();
      Json entry{{"path", result.path.string()}, {"predictions", Json::array()}};
      std::string error = result.error;
      if (error.empty() && !outputs.empty()) {
        error =
            annotate(clips[clip], outputs[clip], result, classifier.model().labels, entry, context);
      }
      if (!error.empty()) failed.push_back({result.path, error});
      any_label = any_label || !result.probabilities.empty();
      print(result, error, classifier.model().labels, style, entry, context);
      list.push_back(std::move(entry));
    };
    try {
      classifier.classify_each(clips, tell,
                               clips.size() > 1 ? context.hooks.progress : ProgressFunction{},
                               context.hooks.cancel);
    } catch (const Cancelled&) {
      // What was reached is not lost.
      context.print_json({{"clips", list}});
      throw;
    }
    context.print_json({{"clips", list}});
    if (clips.size() == 1 && !failed.empty()) throw ClipError(failed[0].path, failed[0].reason);
    pipeline::tell_unusable(failed, context.hooks);
    if (!any_label) throw Error("no clip is usable");
    return status_for(failed);
  }

private:
  /// Those that were named, all of which the model can read.
  [[nodiscard]] std::vector<video::ClipSource> clips_for(const model::Model& model,
                                                         const Hooks& hooks) const {
    if (end_ && *end_ <= start_) {
      throw UsageError(format("--end {} is not after --start {}", *end_, start_));
    }
    const bool arrays = pipeline::reads_arrays(model);
    std::vector<video::ClipSource> clips = pipeline::find_clips(with_listed(clips_), arrays, hooks);
    for (const video::ClipSource& clip : clips) pipeline::require_fit(model, model_, clip.path);
    if (arrays && !annotate_.empty()) {
      throw UsageError(format("{} reads feature arrays, and there is nothing to draw on in those",
                              model_.string()));
    }
    for (video::ClipSource& clip : clips) {
      clip.start = start_;
      clip.end = end_;
    }
    return clips;
  }

  /// In the form that was asked for; `entry` gets the predictions and the error, if any.
  void print(const classify::ClipResult& result, const std::string& error,
             const std::vector<std::string>& labels, const Style& style, Json& entry,
             const Context& context) const {
    std::vector<RankedLabel> predictions;
    if (!result.probabilities.empty()) {
      predictions = classify::ranked(result.probabilities, top_);
    }
    entry.update(pipeline::prediction_json(result, error, labels, top_));
    if (csv_) {
      context.print_data(csv(result.path, predictions, error, labels));
    } else if (json_lines_) {
      context.print_data(to_text(entry) + "\n");
    } else if (!predictions.empty()) {
      context.print(printable(result.path.string()) + "\n" + text(predictions, labels, style));
    }
  }

  /// One a clip; none without --annotate. Throws UsageError where one is read.
  [[nodiscard]] std::vector<fs::path> output_files(
      const std::vector<video::ClipSource>& clips) const {
    if (annotate_.empty()) return {};
    const std::vector<fs::path> files = pipeline::annotated_files(annotate_, clips);
    InputFiles inputs = pipeline::files_of(clips);
    inputs.add(model_);
    for (const fs::path& file : files) inputs.refuse(file, overwrite_);
    return files;
  }

  /// Why the clip could not be drawn or the video not be written, or nothing.
  std::string annotate(const video::ClipSource& clip, const fs::path& output,
                       const classify::ClipResult& result, const std::vector<std::string>& labels,
                       Json& entry, const Context& context) const {
    try {
      const auto written = pipeline::annotate(clip, output, result, labels, top_,
                                              context.hooks.cancel, machine_.limits);
      entry["annotated"] = {{"path", output.string()},
                            {"codec", written.codec},
                            {"frames", written.frames},
                            {"duration", written.duration}};
      log_info(format("{}: {}, {}, without sound", output.string(), written.codec,
                      counted(written.frames, "frame")));
      return {};
    } catch (const ClipError& error) {
      return error.reason();
    } catch (const Cancelled&) {
      throw;
    } catch (const Error& error) {  // the video cannot be written
      return error.what();
    }
  }

  fs::path model_;
  std::vector<fs::path> clips_;
  std::size_t top_ = 5;
  bool csv_ = false;
  bool json_lines_ = false;
  fs::path annotate_;
  double start_ = 0;
  std::optional<double> end_;
  MachineOptions machine_;
  ClassifierFlags classifier_;
  int clips_per_clip_ = 1;
  bool sandbox_ = false;
  bool overwrite_ = false;
};

}  // namespace

std::unique_ptr<Command> make_predict() { return std::make_unique<Predict>(); }

}  // namespace vidclass::cli
