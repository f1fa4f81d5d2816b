// Leaks across splits, told and refused alike by all that trains and tests.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dataset/leaks.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::pipeline {

/// What can be told without decoding, of leaks into `split` if one is given.
[[nodiscard]] std::vector<dataset::Leak> find_known_leaks(const dataset::Manifest& manifest,
                                                          std::optional<dataset::Split> split,
                                                          const std::filesystem::path& cache_dir,
                                                          int threads, const Hooks& hooks);

/// "2 of the same content, 1 near duplicate, 0 divided groups, 3 recordings"
[[nodiscard]] std::string kinds_of(const std::vector<dataset::Leak>& leaks);

/// One line: "5 of 24 test clips ... are known to leak"; empty without leaks.
[[nodiscard]] std::string leak_sentence(const std::vector<dataset::Leak>& leaks,
                                        const dataset::Manifest& manifest);

/// Warns of `leaks` in one line; throws Error with that line instead where they are refused.
void tell_leaks(const std::vector<dataset::Leak>& leaks, const dataset::Manifest& manifest,
                bool refuse, const Hooks& hooks);

}  // namespace vidclass::pipeline
