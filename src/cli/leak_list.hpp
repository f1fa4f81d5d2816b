// Leaks across splits, as an option and text.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "dataset/leaks.hpp"

namespace vidclass::cli {

/// --fail-on-leak.
void add_leak_option(CLI::App& app, bool& refuse);

/// The first few leaks, a line each, below a line with their number.
[[nodiscard]] std::string leak_list(const std::vector<dataset::Leak>& leaks,
                                    const dataset::Manifest& manifest);

}  // namespace vidclass::cli
