// Why a model chose a label, as JSON, pictures and videos (docs/report.md).
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "classify/explain.hpp"
#include "core/json.hpp"
#include "vidclass/hooks.hpp"
#include "video/clip_source.hpp"
#include "video/limits.hpp"

namespace vidclass::report {

/// A clip, what was found, and the model's labels [L].
struct ExplainedClip {
  const video::ClipSource& clip;
  const classify::Explanation& explanation;
  const std::vector<std::string>& labels;
};

/// {path, label, probability, log_odds, log_odds_of_mean, window, frames: [{time, adds, places}]},
/// and of a model with a motion stream {appearance, motion}.
[[nodiscard]] Json to_json(const ExplainedClip& explained);

/// What write_explanation() may write into `folder`: frames.png, annotated.mp4, motion.mp4,
/// explanation.json.
[[nodiscard]] std::array<std::filesystem::path, 4> explanation_files(
    const std::filesystem::path& folder);

/// Writes explanation_files(), motion.mp4 for a model with a motion stream alone. `document`:
/// to_json(), to which it adds what it wrote as soon as it did. Throws ClipError, Error, Cancelled.
void write_explanation(const std::filesystem::path& folder, const ExplainedClip& explained,
                       Json& document, const CancellationToken& cancel = {},
                       const video::Limits& limits = {});

}  // namespace vidclass::report
