#include "vidclass/report/comparison.hpp"

#include "core/format.hpp"
#include "core/json.hpp"
#include "report/embedded.hpp"
#include "report/page.hpp"
#include "vidclass/core/atomic_file.hpp"
#include "vidclass/core/error.hpp"
#include "vidclass/core/text.hpp"

namespace vidclass::report {

void write_comparison(const std::filesystem::path& path, const Comparison& comparison) {
  Json runs = Json::array();
  for (const ComparedRun& run : comparison.runs) {
    Json evaluation = Json::parse(run.evaluation, nullptr, false);
    if (!evaluation.is_object()) throw Error(format("the evaluation of {} is no JSON", run.name));
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
