// A report of made-up answers.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "report/report.hpp"

namespace vidclass::report::testing {

/// `clips` answers for each of `labels`, some of them wrong, and a training of two heads.
/// The clips are not on disk.
[[nodiscard]] Report made_up_report(const std::vector<std::string>& labels, std::size_t clips = 4);

/// "Class 001", ...
[[nodiscard]] std::vector<std::string> numbered_labels(std::size_t count);

}  // namespace vidclass::report::testing
