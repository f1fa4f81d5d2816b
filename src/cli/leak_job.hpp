// Leaks across splits, told and refused alike in every verb.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/context.hpp"
#include "cli/options.hpp"
#include "dataset/leaks.hpp"

namespace vidclass::cli {

/// --fail-on-leak.
struct LeakOptions {
  bool fail = false;

  void setup(CLI::App& app);
};

/// One object a leak, with the paths and splits of its clips.
[[nodiscard]] Json to_json(const std::vector<dataset::Leak>& leaks,
                           const dataset::Manifest& manifest);

/// The first few leaks, a line each, below a line with their number.
[[nodiscard]] std::string leak_list(const std::vector<dataset::Leak>& leaks,
                                    const dataset::Manifest& manifest);

/// One line: "5 of 24 test clips ... are known to leak"; empty without leaks.
[[nodiscard]] std::string leak_sentence(const std::vector<dataset::Leak>& leaks,
                                        const dataset::Manifest& manifest);

/// Warns of `leaks` in one line. Throws Error with that line instead if the user wants so.
void warn_of_leaks(const std::vector<dataset::Leak>& leaks, const dataset::Manifest& manifest,
                   const LeakOptions& options);

/// What can be told without decoding, of leaks into `split` if one is given.
[[nodiscard]] std::vector<dataset::Leak> find_known_leaks(const dataset::Manifest& manifest,
                                                          std::optional<dataset::Split> split,
                                                          const MachineOptions& machine,
                                                          const Context& context);

}  // namespace vidclass::cli
