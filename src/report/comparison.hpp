// Several evaluations side by side on one page.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace vidclass::report {

struct ComparedRun {
  std::string name;
  /// JSON: the document that `vidclass evaluate --json` prints (docs/report.md).
  std::string evaluation;
};

struct Comparison {
  std::vector<ComparedRun> runs;      // at least one
  std::vector<std::string> warnings;  // why the runs may not be comparable, one sentence each
  std::string command;                // that makes the page again
};

/// One HTML file that loads nothing, as write_report() makes it. Throws Error.
void write_comparison(const std::filesystem::path& path, const Comparison& comparison);

}  // namespace vidclass::report
