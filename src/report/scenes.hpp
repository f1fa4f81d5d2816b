// What is kept together, as rows of pictures.
#pragma once

#include "core/json.hpp"
#include "report/report.hpp"

namespace vidclass::report {

/// [{name, clips, splits, pictures: [{path, label, image}]}]: of the largest scenes a few clips
/// each; `image` is a data URI of a JPEG, absent where the clip cannot be read.
[[nodiscard]] Json scene_rows(const Report& report, const ReportOptions& options,
                              const ProgressFunction& progress, const CancellationToken& cancel);

}  // namespace vidclass::report
