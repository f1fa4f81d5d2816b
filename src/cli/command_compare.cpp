#include <algorithm>
#include <system_error>

#include "cli/command.hpp"
#include "cli/text_width.hpp"
#include "core/atomic_file.hpp"
#include "core/format.hpp"
#include "core/input.hpp"
#include "core/log.hpp"
#include "core/own_files.hpp"
#include "report/comparison.hpp"
#include "vidclass/error.hpp"

namespace vidclass::cli {
namespace {

namespace fs = std::filesystem;

struct ReadRun {
  std::string name;
  fs::path file;
  Json evaluation;
};

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

ReadRun read_run(const fs::path& path) {
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

class Compare : public Command {
public:
  void setup(CLI::App& app) override {
    app.add_option("RUN", paths_, "folders that run wrote, or files that evaluate --json printed")
        ->required();
    app.add_option("--report", report_, "write the comparison as one HTML file");
    add_overwrite_option(app, overwrite_);
  }

  int run(const Context& context) override {
    std::vector<ReadRun> runs;
    for (const fs::path& path : paths_) runs.push_back(read_run(path));
    InputFiles inputs;
    for (const ReadRun& each : runs) inputs.add(each.file);
    inputs.refuse(report_, overwrite_);
    name_apart(runs);
    const std::vector<std::string> warnings = differences(runs);
    for (const std::string& warning : warnings) log_warning(warning);
    context.print(table(runs));
    if (!report_.empty()) {
      report::Comparison comparison{{}, warnings, context.command};
      for (const ReadRun& each : runs) {
        comparison.runs.push_back({each.name, to_text(each.evaluation)});
      }
      list_own_files({&report_, 1});
      report::write_comparison(report_, comparison);
      context.print(format("the page: {}\n", report_.string()));
    }
    Json list = Json::array();
    for (ReadRun& each : runs) {
      Json entry{{"name", each.name}, {"path", each.file.string()}};
      for (const char* key : {"clips", "split", "top1", "top5", "mean_class_accuracy", "loss",
                              "intervals", "baseline", "calibration"}) {
        if (each.evaluation.contains(key)) entry[key] = each.evaluation[key];
      }
      if (entry.contains("calibration")) entry["calibration"].erase("bins");
      list.push_back(entry);
    }
    context.print_json({{"runs", list}, {"warnings", warnings}});
    return exit_done;
  }

private:
  /// Runs of one name are called by their paths.
  static void name_apart(std::vector<ReadRun>& runs) {
    const std::vector<ReadRun> before = runs;
    for (ReadRun& each : runs) {
      const auto same = std::count_if(before.begin(), before.end(), [&](const ReadRun& other) {
        return other.name == each.name;
      });
      if (same > 1) each.name = each.file.string();
    }
  }

  /// Scores on other clips do not say which model is better.
  static std::vector<std::string> differences(const std::vector<ReadRun>& runs) {
    std::vector<std::string> warnings;
    const ReadRun& first = runs.front();
    for (const ReadRun& other : runs) {
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

  static std::vector<std::size_t> supports(const ReadRun& run) {
    std::vector<std::size_t> counts{run.evaluation.at("clips").get<std::size_t>()};
    if (!run.evaluation.contains("classes")) return counts;
    for (const Json& row : run.evaluation.at("classes")) {
      counts.push_back(row.value("support", std::size_t{0}));
    }
    return counts;
  }

  static std::string table(const std::vector<ReadRun>& runs) {
    const std::size_t width = widest("run", runs, &ReadRun::name);
    std::string text = format("{}   clips   top-1 %            top-5 %  mean class %    loss\n",
                              pad("run", width));
    for (const ReadRun& each : runs) {
      const Json& scores = each.evaluation;
      std::string interval;
      if (scores.contains("intervals")) {
        const Json& top1 = scores.at("intervals").at("top1");
        interval = format("({:.1f} to {:.1f})", top1.at(0).get<double>() * 100,
                          top1.at(1).get<double>() * 100);
      }
      text += format(
          "{} {:>7}   {:>5.1f} {:<15} {:>5.1f}        {:>5.1f}  {:>7.3f}\n", pad(each.name, width),
          scores.at("clips").get<std::size_t>(), scores.at("top1").get<double>() * 100, interval,
          scores.at("top5").get<double>() * 100,
          scores.at("mean_class_accuracy").get<double>() * 100, scores.at("loss").get<double>());
    }
    return text;
  }

  std::vector<fs::path> paths_;
  fs::path report_;
  bool overwrite_ = false;
};

}  // namespace

std::unique_ptr<Command> make_compare() { return std::make_unique<Compare>(); }

}  // namespace vidclass::cli
