#include "report/comparison.hpp"

#include <algorithm>
#include <system_error>

#include "core/atomic_file.hpp"
#include "core/format.hpp"
#include "core/input.hpp"
#include "core/text.hpp"
#include "report/embedded.hpp"
#include "report/page.hpp"
#include "vidclass/error.hpp"

namespace vidclass::report {

namespace fs = std::filesystem;

namespace {

Json read_evaluation(const fs::path& file) {
  Json document = try_parse_json(read_text_file(file));
  // run's document holds that of evaluate among others.
  if (document.is_object() && document.contains("evaluate")) {
    document = Json(document.at("evaluate"));
  }
  try {
    for (const char* key : {"top1", "top5", "mean_class_accuracy", "loss"}) {
      (void)document.at(key).get<double>();
    }
    (void)document.at("clips").get<std::size_t>();
    (void)document.at("labels").get<std::vector<std::string>>();
  } catch (const JsonException&) {
    throw Error(format("{} is not what evaluate --json or run writes", file.string()));
  }
  return document;
}

ComparedRun read_run(const fs::path& path) {
  require_input(path, "a folder that run wrote, or what evaluate --json printed");
  std::error_code error;
  const bool folder = fs::is_directory(path, error);
  const fs::path file = folder ? path / "evaluation.json" : path;
  if (folder) require_input(file, "a folder that run wrote");
  const fs::path clean = path.lexically_normal();
  const fs::path last = clean.has_filename() ? clean.filename() : clean.parent_path().filename();
  return {.name = folder ? last.string() : last.stem().string(),
          .file = file,
          .evaluation = read_evaluation(file)};
}

/// The clips, and those of each class.
std::vector<std::size_t> supports(const ComparedRun& run) {
  std::vector<std::size_t> counts{run.evaluation.at("clips").get<std::size_t>()};
  if (!run.evaluation.contains("classes")) return counts;
  for (const Json& row : run.evaluation.at("classes")) {
    counts.push_back(row.value("support", std::size_t{0}));
  }
  return counts;
}

}  // namespace

std::vector<ComparedRun> read_runs(std::span<const fs::path> paths) {
  std::vector<ComparedRun> runs;
  for (const fs::path& path : paths) runs.push_back(read_run(path));
  const std::vector<ComparedRun> before = runs;
  for (ComparedRun& each : runs) {
    const auto same = std::count_if(before.begin(), before.end(), [&](const ComparedRun& other) {
      return other.name == each.name;
    });
    if (same > 1) each.name = each.file.string();
  }
  return runs;
}

std::vector<std::string> comparison_warnings(const std::vector<ComparedRun>& runs) {
  std::vector<std::string> warnings;
  const ComparedRun& first = runs.front();
  for (const ComparedRun& other : runs) {
    if (other.evaluation.at("labels") != first.evaluation.at("labels")) {
      warnings.push_back(format("\"{}\" and \"{}\" have other labels", first.name, other.name));
    } else if (supports(other) != supports(first)) {
      warnings.push_back(format("\"{}\" and \"{}\" were evaluated on other clips: {} and {}",
                                first.name, other.name,
                                to_strict_text(first.evaluation.at("clips")),
                                to_strict_text(other.evaluation.at("clips"))));
    }
  }
  return warnings;
}

void write_comparison(const std::filesystem::path& path, const Comparison& comparison) {
  Json runs = Json::array();
  for (const ComparedRun& run : comparison.runs) {
    Json evaluation = run.evaluation;
    evaluation["name"] = run.name;
    // Large, and not shown side by side.
    evaluation.erase("confusion");
    runs.push_back(std::move(evaluation));
  }
  write_file_atomically(
      path,
      html({.title = format("Comparison of {}", counted(comparison.runs.size(), "evaluation")),
            .subtitle = "",
            .body = embedded::compare_html(),
            .script = embedded::compare_js(),
            .data = {{"runs", std::move(runs)},
                     {"warnings", comparison.warnings},
                     {"command", comparison.command}}}));
}

}  // namespace vidclass::report
