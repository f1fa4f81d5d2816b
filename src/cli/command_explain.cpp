#include <algorithm>
#include <numeric>

#include "classify/explain.hpp"
#include "cli/command.hpp"
#include "cli/options.hpp"
#include "cli/path_list.hpp"
#include "core/format.hpp"
#include "core/text.hpp"
#include "pipeline/explain.hpp"
#include "pipeline/find_clips.hpp"
#include "pipeline/gather.hpp"
#include "report/explanation.hpp"
#include "vidclass/error.hpp"

namespace vidclass::cli {
namespace {

namespace fs = std::filesystem;

/// Of one of `count` cells in a row of length 1.
double middle_of(std::size_t cell, std::size_t count) {
  return (static_cast<double>(cell) + 0.5) / static_cast<double>(count);
}

/// The indices of `values`, the largest value first.
std::vector<std::size_t> order(std::span<const double> values) {
  std::vector<std::size_t> indices(values.size());
  std::iota(indices.begin(), indices.end(), std::size_t{0});
  std::stable_sort(indices.begin(), indices.end(),
                   [&](std::size_t a, std::size_t b) { return values[a] > values[b]; });
  return indices;
}

class Explain : public Command {
public:
  void setup(CLI::App& app) override {
    app.add_option("MODEL", model_, "a model file")->required();
    app.add_option("CLIP", clips_, "videos, folders of videos, or - for a list on standard input")
        ->required();
    app.add_option("-o,--output", output_,
                   "folder for explanation.json, frames.png, annotated.mp4 and, of a model with a "
                   "motion stream, motion.mp4; with several clips, a folder in it for each");
    app.add_option("--label", label_, "explain this label (default: the most probable one)");
    app.add_option("--steps", steps_, "points of the integration; more are more exact and slower")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    add_machine_options(app, machine_, "");
    classifier_.setup(app);
    add_overwrite_option(app, overwrite_);
  }

  int run(const Context& context) override {
    model::Model model = pipeline::read_to_explain(model_);
    const std::vector<video::ClipSource> clips =
        pipeline::find_clips(with_listed(clips_), false, context.hooks);
    const std::vector<fs::path> folders = output_folders(clips);
    const auto label = pipeline::place_of_label(model, model_, label_);
    classify::ExplainOptions options;
    options.classifier = classifier_.options(machine_);
    options.steps = steps_;
    classify::Explainer explainer(std::move(model), options, context.hooks.progress,
                                  context.hooks.cancel);
    Json list = Json::array();
    std::vector<UnusableClip> unusable;
    const auto explain = [&](std::size_t i) {
      Json& document = list.emplace_back(Json{{"path", clips[i].path.string()}});
      const auto fail = [&](const std::string& reason) {
        unusable.push_back({clips[i].path, reason});
        document["error"] = reason;
      };
      try {
        const auto explanation =
            explainer.explain(clips[i], label, context.hooks.progress, context.hooks.cancel);
        const report::ExplainedClip explained{clips[i], explanation, explainer.model().labels};
        document = to_json(explained);
        context.print(text(explained));
        if (!folders.empty()) {
          write_explanation(folders[i], explained, document, context.hooks.cancel, machine_.limits);
        }
      } catch (const Cancelled&) {
        throw;
      } catch (const ClipError& error) {
        fail(error.reason());
      } catch (const Error& error) {  // what was found cannot be written
        fail(error.what());
      }
    };
    try {
      for (std::size_t i = 0; i < clips.size(); ++i) explain(i);
    } catch (const Cancelled&) {
      // What was reached is not lost.
      list.erase(list.size() - 1);
      context.print_json({{"clips", list}});
      throw;
    }
    context.print_json({{"clips", list}});
    if (clips.size() == 1 && !unusable.empty()) {
      throw ClipError(unusable[0].path, unusable[0].reason);
    }
    pipeline::tell_unusable(unusable, context.hooks);
    if (unusable.size() == clips.size()) throw Error("no clip is usable");
    return status_for(unusable);
  }

private:
  /// One a clip; none without --output. Throws UsageError where a file would be lost.
  [[nodiscard]] std::vector<fs::path> output_folders(
      const std::vector<video::ClipSource>& clips) const {
    if (output_.empty()) return {};
    std::vector<fs::path> folders{output_};
    if (clips.size() > 1) {
      folders.clear();
      for (const std::string& name : pipeline::output_names(clips)) {
        folders.push_back(output_ / name);
      }
    }
    InputFiles inputs = pipeline::files_of(clips);
    inputs.add(model_);
    for (const fs::path& folder : folders) {
      for (const fs::path& output : report::explanation_files(folder))
        inputs.refuse(output, overwrite_);
    }
    return folders;
  }

  /// The moments that add most, and where in `window` most of it is.
  static std::string most_telling(const std::vector<double>& times, const std::vector<double>& adds,
                                  const Tensor& maps, const video::Window& window) {
    constexpr std::size_t shown = 5;
    const std::size_t side = maps.dim(1);
    const auto best = order(adds);
    std::string lines;
    for (std::size_t i = 0; i < std::min(shown, best.size()); ++i) {
      const std::size_t t = best[i];
      const auto map = maps.data<float>().subspan(t * side * side, side * side);
      const auto place =
          static_cast<std::size_t>(std::max_element(map.begin(), map.end()) - map.begin());
      lines += format(
          "    {:7.2f} s  {:+.2f}, most of it {:.0f} % from the left, {:.0f} % from "
          "the top\n",
          times[t], adds[t], 100 * (window.left + window.width * middle_of(place % side, side)),
          100 * (window.top + window.height * middle_of(place / side, side)));
    }
    return lines;
  }

  static std::string text(const report::ExplainedClip& explained) {
    const classify::Explanation& explanation = explained.explanation;
    const video::Window& window = explanation.window;
    const auto& motion = explanation.motion;
    std::string lines = format("{}\n  {} {:.1f} %", printable(explained.clip.path.string()),
                               printable(explained.labels[explanation.label]),
                               explanation.probabilities[explanation.label] * 100);
    if (motion) {
      lines += format(
          ": by appearance {:.1f} %, by motion, which weighs {:.2f}, {:.1f} %\n  by appearance:",
          explanation.appearance[explanation.label] * 100, motion->weight,
          motion->probabilities[explanation.label] * 100);
    } else {
      lines += ";";
    }
    lines += format(
        " log odds {:+.2f}, of a clip in which nothing "
        "happens {:+.2f}\n  the network saw {:.1f} to {:.1f} % of the picture's width, "
        "{:.1f} to {:.1f} % of its height\n  the frames that speak for it most:\n",
        explanation.log_odds, explanation.log_odds_of_mean, 100 * window.left,
        100 * (window.left + window.width), 100 * window.top, 100 * (window.top + window.height));
    lines += most_telling(explanation.times, explanation.frames, explanation.places, window);
    if (motion) {
      lines += format("  by motion: a score of {:+.2f}; the moments that speak for it most:\n",
                      motion->score);
      lines += most_telling(explanation.times, motion->moments, motion->places, {});
    }
    return lines;
  }

  fs::path model_;
  std::vector<fs::path> clips_;
  fs::path output_;
  std::string label_;
  int steps_ = 8;
  MachineOptions machine_;
  ClassifierFlags classifier_;
  bool overwrite_ = false;
};

}  // namespace

std::unique_ptr<Command> make_explain() { return std::make_unique<Explain>(); }

}  // namespace vidclass::cli
