// Several evaluations side by side.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/json.hpp"

namespace vidclass::report {

struct ComparedRun {
  std::string name;
  std::filesystem::path file;
  /// What `vidclass evaluate --json` prints (docs/report.md).
  Json evaluation;
};

/// Each of `paths` is a folder that run wrote, or a file of what `evaluate --json` printed. Runs
/// are called by the names of their folders or files, or by their paths where names are equal.
/// Throws UsageError for what is not there, Error for what is no evaluation.
[[nodiscard]] std::vector<ComparedRun> read_runs(std::span<const std::filesystem::path> paths);

/// Why scores do not say which model is better, one sentence each: other labels, other clips.
[[nodiscard]] std::vector<std::string> comparison_warnings(const std::vector<ComparedRun>& runs);

struct Comparison {
  std::vector<ComparedRun> runs;  // at least one
  std::vector<std::string> warnings;
  std::string command;  // that makes the page again
};

/// One HTML file that loads nothing, as write_report() makes it. Throws Error.
void write_comparison(const std::filesystem::path& path, const Comparison& comparison);

}  // namespace vidclass::report
