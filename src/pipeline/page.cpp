#include "pipeline/page.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <map>
#include <set>

#include "backbone/version.hpp"
#include "core/format.hpp"
#include "core/own_files.hpp"
#include "core/text.hpp"
#include "pipeline/place_scores.hpp"
#include "report/predictions.hpp"
#include "report/report.hpp"
#include "vidclass/version.hpp"
#include "video/version.hpp"

namespace vidclass::pipeline {
namespace {

std::vector<dataset::ClassCount> class_counts(const dataset::Manifest& manifest) {
  std::vector<dataset::ClassCount> counts(manifest.labels.size());
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i].label = manifest.labels[i];
  for (const dataset::Clip& clip : manifest.clips) {
    dataset::ClassCount& of_class = counts[clip.label];
    switch (clip.split) {
      case dataset::Split::none:
        ++of_class.none;
        break;
      case dataset::Split::train:
        ++of_class.train;
        break;
      case dataset::Split::validation:
        ++of_class.validation;
        break;
      case dataset::Split::test:
        ++of_class.test;
        break;
    }
  }
  return counts;
}

report::Facts data_facts(const dataset::Manifest& manifest, std::size_t leaks) {
  std::set<std::string> groups;
  for (const dataset::Clip& clip : manifest.clips) {
    if (!clip.group.empty()) groups.insert(clip.group);
  }
  const auto clips_in = [&](dataset::Split split) {
    return std::to_string(manifest.indices(split).size());
  };
  return {
      {"Source", manifest.source.string()},
      {"Layout", std::string(dataset::to_string(manifest.layout))},
      {"Clips", std::to_string(manifest.clips.size())},
      {"Classes", std::to_string(manifest.labels.size())},
      {"Groups that stay together",
       groups.empty() ? "none known"
                      : format("{}{}", groups.size(),
                               manifest.found_groups ? ", found by what the clips look like" : "")},
      {"Train, validation, test",
       format("{}, {}, {} clips", clips_in(dataset::Split::train),
              clips_in(dataset::Split::validation), clips_in(dataset::Split::test))},
      {"Known leaks between splits", leaks == 0 ? "none" : std::to_string(leaks)}};
}

report::Facts settings_facts(const model::Model& model, int sequences) {
  const head::HeadSpec& spec = model.heads.at(0).spec;
  report::Facts facts{
      {"Network for frames", model.backbone},
      {"Its fingerprint", model.fingerprint.substr(0, 12)},
      {"Precision in training", std::string(backbone::to_string(model.precision))},
      {"Frames of a clip",
       format("{} ({}), {} px, {}, crop: {}", model.clip.frames,
              video::to_string(model.clip.sampling), model.clip.size,
              video::to_string(model.clip.preprocess), video::to_string(model.clip.crop))},
      {"Sequences averaged of a clip in this test", std::to_string(sequences)},
      {"Head",
       format("{}, {}", head::to_string(spec.kind), counted(model.heads.size(), "network"))},
      {"Parameters", std::to_string(head::parameter_count(spec) * model.heads.size())}};
  if (!model.training) return facts;
  const model::TrainingRecord& training = *model.training;
  const auto add = [&](const char* name, const auto& value) {
    facts.emplace_back(name, format("{}", value));
  };
  add("Seed of the training", training.seed);
  add("Seed for splits that are not given", training.split.seed);
  add("Clips trained on", training.train_clips);
  add("Clips validated on", training.val_clips);
  const train::Recipe& recipe = training.recipe;
  add("Epochs", recipe.epochs);
  add("Batch size", recipe.batch_size);
  add("Learning rate", recipe.learning_rate);
  add("Optimiser", train::to_string(recipe.optimiser));
  add("Weight decay", recipe.weight_decay);
  add("Schedule", train::to_string(recipe.schedule));
  add("Warm-up", recipe.warm_up);
  add("Label smoothing", recipe.label_smoothing);
  add("Input dropout", recipe.input_dropout);
  add("Feature dropout", recipe.feature_dropout);
  add("Output dropout", recipe.output_dropout);
  add("Balanced", recipe.balanced);
  add("Trained on faded clips too", recipe.draws_augmented);
  add("Gradients shortened to", recipe.clip_norm);
  add("Batches a step", recipe.accumulate);
  add("Patience", recipe.patience);
  return facts;
}

/// The largest groups, with a few clips each, evenly over them.
std::vector<report::ReportedScene> scenes_of(const dataset::Manifest& manifest) {
  constexpr std::size_t most_scenes = 40, most_shown = 6;
  if (manifest.content == dataset::Content::arrays) return {};
  std::map<std::string, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < manifest.clips.size(); ++i) {
    if (!manifest.clips[i].group.empty()) groups[manifest.clips[i].group].push_back(i);
  }
  std::vector<report::ReportedScene> scenes;
  for (const auto& [name, clips] : groups) {
    report::ReportedScene scene{.name = name, .clips = clips.size(), .splits = {}, .shown = {}};
    std::set<dataset::Split> splits;
    for (const std::size_t i : clips) splits.insert(manifest.clips[i].split);
    for (const dataset::Split split : splits) {
      scene.splits += format("{}{}", scene.splits.empty() ? "" : ", ", dataset::to_string(split));
    }
    const std::size_t shown = std::min(clips.size(), most_shown);
    for (std::size_t k = 0; k < shown; ++k) {
      const dataset::Clip& clip = manifest.clips[clips[k * clips.size() / shown]];
      scene.shown.push_back({clip.source(), manifest.labels[clip.label]});
    }
    scenes.push_back(std::move(scene));
  }
  std::stable_sort(scenes.begin(), scenes.end(),
                   [](const auto& a, const auto& b) { return a.clips > b.clips; });
  if (scenes.size() > most_scenes) scenes.resize(most_scenes);
  return scenes;
}

report::Place reported(const PlaceScore& score, std::string name) {
  return {.name = std::move(name),
          .top1 = score.top1,
          .low = score.interval.low,
          .high = score.interval.high,
          .from = score.folds > 0
                      ? format("{} folds, {} clips of {}", score.folds, score.clips,
                               counted(score.places, "place"))
                      : format("{} test clips of {}", score.clips, counted(score.places, "place"))};
}

std::string today() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm utc{};
  gmtime_r(&now, &utc);
  return format("{:04}-{:02}-{:02}", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday);
}

}  // namespace

void write_predictions(const std::filesystem::path& file, const Answers& answers) {
  std::vector<report::PredictionRow> rows;
  const std::size_t width = answers.labels.size();
  for (std::size_t i = 0; i < answers.clips.size(); ++i) {
    const auto values = answers.probabilities.data<float>().subspan(i * width, width);
    rows.push_back({answers.clips[i].path, answers.truth[i], {values.begin(), values.end()}});
  }
  list_own_files({&file, 1});
  report::write_predictions(file, rows, answers.labels);
}

void write_page(const EvaluationPage& page, const Hooks& hooks) {
  report::Report report;
  // A folder named with a slash at its end has no file name.
  const std::filesystem::path source = page.manifest.source.lexically_normal();
  const std::string name = (source.has_filename() ? source : source.parent_path()).filename();
  report.title = format("Evaluation of {}", name.empty() ? source.string() : name);
  report.subtitle = format("{}, {} with {}", today(),
                           head::to_string(page.model.heads.at(0).spec.kind), page.model.backbone);
  report.evaluation = page.evaluation;
  for (std::size_t i = 0; i < page.answers.clips.size(); ++i) {
    const std::size_t width = page.answers.labels.size();
    const auto row = page.answers.probabilities.data<float>().subspan(i * width, width);
    report.clips.push_back(
        {page.answers.clips[i], page.answers.truth[i], {row.begin(), row.end()}});
  }
  report.training = page.model.training;
  report.data = data_facts(page.manifest, page.leaks);
  report.classes = class_counts(page.manifest);
  report.scenes = scenes_of(page.manifest);
  if (page.places != nullptr) {
    if (page.places->known) report.places.push_back(reported(*page.places->known, "Known places"));
    if (page.places->other) report.places.push_back(reported(*page.places->other, "New places"));
  }
  report.warnings = page.warnings;
  report.settings = settings_facts(page.model, page.sequences);
  report.versions = {{"vidclass", std::string(version())},
                     {"OpenVINO", backbone::openvino_version()},
                     {"FFmpeg", video::ffmpeg_version()}};
  report.command = page.command;
  list_own_files({&page.file, 1});
  report::write_report(
      page.file, report,
      {.threads = page.threads, .crop = page.model.clip.crop, .limits = page.limits},
      hooks.progress, hooks.cancel);
}

}  // namespace vidclass::pipeline
