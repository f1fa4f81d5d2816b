#include "cli/command.hpp"
#include "cli/text_width.hpp"
#include "core/format.hpp"
#include "core/log.hpp"
#include "core/own_files.hpp"
#include "report/comparison.hpp"

namespace vidclass::cli {
namespace {

namespace fs = std::filesystem;

using report::ComparedRun;

class Compare : public Command {
public:
  void setup(CLI::App& app) override {
    app.add_option("RUN", paths_, "folders that run wrote, or files that evaluate --json printed")
        ->required();
    app.add_option("--report", report_, "write the comparison as one HTML file");
    add_overwrite_option(app, overwrite_);
  }

  int run(const Context& context) override {
    const std::vector<ComparedRun> runs = report::read_runs(paths_);
    InputFiles inputs;
    for (const ComparedRun& each : runs) inputs.add(each.file);
    inputs.refuse(report_, overwrite_);
    const std::vector<std::string> warnings = comparison_warnings(runs);
    for (const std::string& warning : warnings) log_warning(warning);
    context.print(table(runs));
    if (!report_.empty()) {
      list_own_files({&report_, 1});
      report::write_comparison(report_, {runs, warnings, context.command});
      context.print(format("the page: {}\n", report_.string()));
    }
    Json list = Json::array();
    for (const ComparedRun& each : runs) {
      Json entry{{"name", each.name}, {"path", each.file.string()}};
      for (const char* key : {"clips", "split", "top1", "top5", "mean_class_accuracy", "loss",
                              "intervals", "baseline", "calibration"}) {
        if (each.evaluation.contains(key)) entry[key] = each.evaluation.at(key);
      }
      if (entry.contains("calibration")) entry["calibration"].erase("bins");
      list.push_back(entry);
    }
    context.print_json({{"runs", list}, {"warnings", warnings}});
    return exit_done;
  }

private:
  static std::string table(const std::vector<ComparedRun>& runs) {
    const std::size_t width = widest("run", runs, &ComparedRun::name);
    std::string text = format("{}   clips   top-1 %            top-5 %  mean class %    loss\n",
                              pad("run", width));
    for (const ComparedRun& each : runs) {
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
