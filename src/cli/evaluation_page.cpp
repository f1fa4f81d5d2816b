#include "cli/evaluation_page.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <ctime>
#include <set>

#include "backbone/version.hpp"
#include "core/format.hpp"
#include "core/text.hpp"
#include "report/report.hpp"
#include "video/version.hpp"

namespace vidclass::cli {
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
      {"Groups that stay together", groups.empty() ? "none known" : std::to_string(groups.size())},
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
      {"Precision in training", model.precision},
      {"Frames of a clip",
       format("{} ({}), {} px, {}, crop: {}", model.clip.frames,
              video::to_string(model.clip.sampling), model.clip.size,
              video::to_string(model.clip.preprocess), video::to_string(model.clip.crop))},
      {"Sequences averaged of a clip in this test", std::to_string(sequences)},
      {"Head",
       format("{}, {}", head::to_string(spec.kind), counted(model.heads.size(), "network"))},
      {"Parameters", std::to_string(head::parameter_count(spec) * model.heads.size())}};
  const Json training = try_parse_json(model.training);
  if (!training.is_object()) return facts;
  const auto add = [&](const char* name, const Json& value) {
    facts.emplace_back(name, value.is_string() ? value.get<std::string>() : to_strict_text(value));
  };
  if (training.contains("seed")) add("Seed of the training", training["seed"]);
  if (training.contains("split") && training["split"].is_object() &&
      training["split"].contains("seed")) {
    add("Seed for splits that are not given", training["split"]["seed"]);
  }
  if (training.contains("train_clips")) add("Clips trained on", training["train_clips"]);
  if (training.contains("val_clips")) add("Clips validated on", training["val_clips"]);
  if (training.contains("recipe") && training["recipe"].is_object()) {
    for (const auto& [name, value] : training["recipe"].items()) {
      std::string words = name;
      std::replace(words.begin(), words.end(), '_', ' ');
      words[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(words[0])));
      add(words.c_str(), value);
    }
  }
  return facts;
}

std::string today() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm utc{};
  gmtime_r(&now, &utc);
  return format("{:04}-{:02}-{:02}", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday);
}

}  // namespace

void write_page(const EvaluationPage& page, const Context& context) {
  report::Report report;
  // A folder named with a slash at its end has no file name.
  const std::filesystem::path source = page.manifest.source.lexically_normal();
  const std::string name = (source.has_filename() ? source : source.parent_path()).filename();
  report.title = format("Evaluation of {}", name.empty() ? source.string() : name);
  report.subtitle = format("{}, {} with {}", today(),
                           head::to_string(page.model.heads.at(0).spec.kind), page.model.backbone);
  report.labels = page.answers.labels;
  for (std::size_t i = 0; i < page.answers.clips.size(); ++i) {
    const std::size_t width = report.labels.size();
    const auto row = page.answers.probabilities.data<float>().subspan(i * width, width);
    report.clips.push_back(
        {page.answers.clips[i], page.answers.truth[i], {row.begin(), row.end()}});
  }
  report.evaluation = to_text(page.evaluation);
  report.training = page.model.training;
  report.data = data_facts(page.manifest, page.leaks);
  report.classes = class_counts(page.manifest);
  report.warnings = page.warnings;
  report.settings = settings_facts(page.model, page.sequences);
  report.versions = {{"vidclass", VIDCLASS_VERSION},
                     {"OpenVINO", backbone::openvino_version()},
                     {"FFmpeg", video::ffmpeg_version()}};
  report.command = context.command;
  report::write_report(page.file, report, {.threads = page.threads, .crop = page.model.clip.crop},
                       context.progress, context.cancel);
}

}  // namespace vidclass::cli
