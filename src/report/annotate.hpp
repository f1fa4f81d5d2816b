// What a model says of a clip, drawn onto it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "vidclass/hooks.hpp"
#include "vidclass/tensor.hpp"
#include "video/clip_source.hpp"
#include "video/sample.hpp"

namespace vidclass::report {

struct Annotation {
  /// Labels with probabilities, the best first; as many are drawn as there is room for.
  std::vector<std::pair<std::string, float>> predictions;
  /// When the frames were shown that the network read, in seconds after the file's first
  /// frame, ascending; marked on the timeline.
  std::vector<double> times;
  /// One value of 0 to 1 for each of `times`, drawn as a curve over the timeline; or none.
  std::vector<float> curve;
  /// float32 [T, g, g] of 0 to 1, one map for each of `times`: how strongly each place of
  /// `window` is tinted while that frame is the nearest; or empty.
  Tensor heat;
  video::Window window;
};

struct AnnotatedVideo {
  std::size_t frames = 0;
  double duration = 0;  // seconds
  std::string codec;    // see video::VideoWriter::codec()
};

/// Writes the clip with a panel over its lower part: labels on bars as long as they are
/// probable, and a timeline. Size, times and number of frames are those of the clip as it is shown
/// (but see video::VideoWriter for odd sides and GIF); there is no sound. Letters are at least 10
/// pixels high whatever the size of the clip. `output`: a name that a VideoWriter takes. Throws
/// ClipError, UsageError, Error, Cancelled; the file appears whole or not at all.
AnnotatedVideo annotate(const video::ClipSource& source, const std::filesystem::path& output,
                        const Annotation& annotation, const CancellationToken& cancel = {},
                        const video::Limits& limits = {});

}  // namespace vidclass::report
