// The wrong answers that a model was surest of, with moving pictures.
#pragma once

#include "core/json.hpp"
#include "report/report.hpp"

namespace vidclass::report {

/// [{path, label, predicted, confidence, probability (of the true label), strip, frames}],
/// the surest first. `strip` is a data URI of a JPEG with the frames side by side, absent
/// where the clip cannot be read.
[[nodiscard]] Json surest_mistakes(const Report& report, const ReportOptions& options,
                                   const ProgressFunction& progress,
                                   const CancellationToken& cancel);

}  // namespace vidclass::report
