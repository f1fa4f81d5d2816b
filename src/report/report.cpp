#include "report/report.hpp"

#include "core/atomic_file.hpp"
#include "core/json.hpp"
#include "model/training_json.hpp"
#include "report/embedded.hpp"
#include "report/mistakes.hpp"
#include "report/page.hpp"
#include "report/scenes.hpp"

namespace vidclass::report {
namespace {

Json pairs(const Facts& facts) {
  Json list = Json::array();
  for (const auto& [name, value] : facts) list.push_back({name, value});
  return list;
}

Json data_set(const Report& report) {
  if (report.classes.empty()) return nullptr;
  Json classes = Json::array();
  for (const dataset::ClassCount& count : report.classes) {
    classes.push_back({{"label", count.label},
                       {"train", count.train},
                       {"val", count.validation},
                       {"test", count.test},
                       {"none", count.none}});
  }
  return {{"facts", pairs(report.data)}, {"classes", classes}};
}

Json places(const Report& report) {
  Json list = Json::array();
  for (const Place& place : report.places) {
    list.push_back({{"name", place.name},
                    {"top1", place.top1},
                    {"interval", {place.low, place.high}},
                    {"from", place.from}});
  }
  return list;
}

}  // namespace

void write_report(const std::filesystem::path& path, const Report& report,
                  const ReportOptions& options, const ProgressFunction& progress,
                  const CancellationToken& cancel) {
  Json data = to_json(report.evaluation);
  data["training"] = report.training ? model::to_json(report.training) : Json();
  data["dataset"] = data_set(report);
  data["places"] = places(report);
  data["scenes"] = scene_rows(report, options, progress, cancel);
  data["warnings"] = report.warnings;
  data["settings"] = pairs(report.settings);
  data["versions"] = pairs(report.versions);
  data["command"] = report.command;
  data["mistakes"] = most_confident_errors(report, options, progress, cancel);
  write_file_atomically(path, html({.title = report.title,
                                    .subtitle = report.subtitle,
                                    .body = embedded::report_html(),
                                    .script = embedded::report_js(),
                                    .data = std::move(data)}));
}

}  // namespace vidclass::report
