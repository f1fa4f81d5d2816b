#include "report/comparison.hpp"

#include "core/atomic_file.hpp"
#include "core/format.hpp"
#include "core/json.hpp"
#include "core/text.hpp"
#include "report/embedded.hpp"
#include "report/page.hpp"
#include "vidclass/error.hpp"

namespace vidclass::report {

void write_comparison(const std::filesystem::path& path, const Comparison& comparison) {
  Json runs = Json::array();
  for (const ComparedRun& run : comparison.runs) {
    Json evaluation = try_parse_json(run.evaluation);
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
