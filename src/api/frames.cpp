#include "vidclass/frames.hpp"

#include "core/parallel.hpp"
#include "vidclass/error.hpp"
#include "video/sample.hpp"

namespace vidclass {
namespace {

video::ClipSettings clip_settings(const FrameOptions& options) {
  return {.sampling = options.sampling,
          .frames = options.frames,
          .preprocess = options.preprocess,
          .size = options.size,
          .stride = options.stride,
          .candidates = options.candidates,
          .fps = options.fps,
          .crop = options.crop};
}

}  // namespace

ClipFrames read_frames(const ClipSource& clip, const FrameOptions& options, const Limits& limits,
                       const CancellationToken& cancel) {
  video::SampledClip sampled = video::sample_clip(clip, clip_settings(options), cancel, limits);
  return {.frames = std::move(sampled.frames),
          .times = std::move(sampled.times),
          .note = std::move(sampled.note),
          .error = {}};
}

std::vector<ClipFrames> read_frames(std::span<const ClipSource> clips, const FrameOptions& options,
                                    const MachineOptions& machine, const Hooks& hooks) {
  std::vector<ClipFrames> found(clips.size());
  for_each_index(
      clips.size(), thread_count(machine.threads),
      [&](std::size_t i) {
        try {
          found[i] = read_frames(clips[i], options, machine.limits, hooks.cancel);
        } catch (const ClipError& error) {
          found[i].error = error.reason();
        }
      },
      "read frames", hooks.progress, hooks.cancel);
  return found;
}

}  // namespace vidclass
