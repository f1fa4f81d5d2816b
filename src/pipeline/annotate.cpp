#include "pipeline/annotate.hpp"

#include <system_error>

#include "classify/ranked.hpp"
#include "core/format.hpp"
#include "pipeline/find_clips.hpp"
#include "vidclass/error.hpp"
#include "video/video_writer.hpp"

namespace vidclass::pipeline {

namespace fs = std::filesystem;

std::vector<fs::path> annotated_files(const fs::path& output,
                                      const std::vector<video::ClipSource>& clips) {
  std::error_code error;
  if (!fs::is_directory(output, error)) {
    const bool one = clips.size() == 1;
    if (video::is_writable_video(output)) {
      if (one) return {output};
      throw UsageError(
          format("annotated clips: {} names one file, but there are {} clips: name a folder for "
                 "them",
                 output.string(), clips.size()));
    }
    if (output.has_extension() && one) {
      throw UsageError(
          format("annotated clips: {}: a video is written as .mp4, .mov, .mkv, .webm, .gif or "
                 ".webp; a folder has no ending",
                 output.string()));
    }
  }
  std::vector<fs::path> files;
  for (const std::string& name : output_names(clips)) files.push_back(output / (name + ".mp4"));
  return files;
}

report::AnnotatedVideo annotate(const video::ClipSource& clip, const fs::path& output,
                                const classify::ClipResult& result,
                                const std::vector<std::string>& labels, std::size_t top,
                                const CancellationToken& cancel, const video::Limits& limits) {
  report::Annotation annotation;
  for (const auto& [label, probability] : classify::ranked(result.probabilities, top)) {
    annotation.predictions.emplace_back(labels[label], probability);
  }
  annotation.times = result.times;
  const std::size_t best = classify::ranked(result.probabilities, 1).at(0).label;
  for (std::size_t i = 0; !result.so_far.empty() && i < result.times.size(); ++i) {
    annotation.curve.push_back(result.so_far.data<float>()[i * labels.size() + best]);
  }
  return report::annotate(clip, output, annotation, cancel, limits);
}

}  // namespace vidclass::pipeline
