// Predictions drawn onto the clips that they are of.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "classify/classifier.hpp"
#include "report/annotate.hpp"

namespace vidclass::pipeline {

/// Where each of `clips` is drawn: into `output` itself where that is a video and there is one
/// clip, else into .mp4 files of the folder `output`, named as output_names() names them. Throws
/// UsageError where `output` is a video and there are several clips, or has the ending of none.
[[nodiscard]] std::vector<std::filesystem::path> annotated_files(
    const std::filesystem::path& output, const std::vector<video::ClipSource>& clips);

/// Draws the `top` most probable labels, and how probable the best was after each frame where
/// ClassifierOptions::follow was set. Throws as report::annotate() does.
report::AnnotatedVideo annotate(const video::ClipSource& clip, const std::filesystem::path& output,
                                const classify::ClipResult& result,
                                const std::vector<std::string>& labels, std::size_t top,
                                const CancellationToken& cancel = {},
                                const video::Limits& limits = {});

}  // namespace vidclass::pipeline
