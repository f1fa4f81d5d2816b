// Leaks across splits, as options, text and JSON.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "core/json.hpp"
#include "dataset/leaks.hpp"

namespace vidclass::cli {

/// --fail-on-leak.
void add_leak_option(CLI::App& app, bool& refuse);

/// One object a leak, with the paths and splits of its clips.
[[nodiscard]] Json to_json(const std::vector<dataset::Leak>& leaks,
                           const dataset::Manifest& manifest);

/// The first few leaks, a line each, below a line with their number.
[[nodiscard]] std::string leak_list(const std::vector<dataset::Leak>& leaks,
                                    const dataset::Manifest& manifest);

}  // namespace vidclass::cli
