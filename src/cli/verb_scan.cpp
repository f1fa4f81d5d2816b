#include "cli/data_job.hpp"
#include "cli/options.hpp"
#include "cli/text_width.hpp"
#include "cli/verb.hpp"
#include "core/format.hpp"
#include "vidclass/core/log.hpp"
#include "vidclass/dataset/scan.hpp"

namespace vidclass::cli {
namespace {

class Scan : public Verb {
public:
  void setup(CLI::App& app) override {
    data_.setup(app);
    data_.setup_made_splits(app);
    machine_.setup(app);
    app.add_option(
        "--write", write_,
        "write what was found, and the splits made, as a CSV: path,label,group,split,start,end");
    add_seed_option(app, seed_, "of the split that --split or --folds makes");
  }

  int run(const Context& context) override {
    dataset::Manifest manifest = data_.open();
    if (data_.asks_for_splits()) dataset::make_splits(manifest, data_.split_options(seed_));
    const dataset::ScanReport report =
        dataset::scan(manifest, machine_.workers(), context.progress, context.cancel);
    log_unusable(report.unusable);
    for (const std::string& warning : report.warnings) log_warning(warning);
    if (!write_.empty()) dataset::write_csv(write_, manifest);
    context.print(text(manifest, report));
    context.print_json(json(manifest, report));
    return status_for(report.unusable);
  }

private:
  static std::string text(const dataset::Manifest& manifest, const dataset::ScanReport& report) {
    std::size_t width = std::string("class").size();
    for (const auto& entry : report.classes) width = std::max(width, display_width(entry.label));
    std::string out = format("{}: {}, {} clips, {} classes, {} unusable\n",
                             manifest.source.string(), dataset::to_string(manifest.layout),
                             report.clips, report.classes.size(), report.unusable.size());
    out += format("  {}  {:>7} {:>7} {:>7} {:>9}\n", pad("class", width), "train", "val", "test",
                  "no split");
    for (const auto& entry : report.classes) {
      out += format("  {}  {:>7} {:>7} {:>7} {:>9}\n", pad(entry.label, width), entry.train,
                    entry.validation, entry.test, entry.none);
    }
    return out;
  }

  static Json json(const dataset::Manifest& manifest, const dataset::ScanReport& report) {
    Json classes = Json::array();
    for (const auto& entry : report.classes) {
      classes.push_back({{"label", entry.label},
                         {"train", entry.train},
                         {"val", entry.validation},
                         {"test", entry.test},
                         {"none", entry.none}});
    }
    return {{"layout", dataset::to_string(manifest.layout)},
            {"clips", report.clips},
            {"labels", manifest.labels},
            {"classes", classes},
            {"unusable", to_json(report.unusable)},
            {"warnings", report.warnings}};
  }

  DataOptions data_;
  MachineOptions machine_;
  std::filesystem::path write_;
  std::uint64_t seed_ = 1;
};

}  // namespace

std::unique_ptr<Verb> make_scan() { return std::make_unique<Scan>(); }

}  // namespace vidclass::cli
