// The most confident errors of a model, with moving pictures.
#pragma once

#include "core/json.hpp"
#include "report/report.hpp"

namespace vidclass::report {

/// [{path, label, predicted, confidence, probability (of the true label), strip, frames}],
/// the most confident first. `strip` is a data URI of a JPEG with the frames side by side, absent
/// where the clip cannot be read.
[[nodiscard]] Json most_confident_errors(const Report& report, const ReportOptions& options,
                                         const ProgressFunction& progress,
                                         const CancellationToken& cancel);

}  // namespace vidclass::report
