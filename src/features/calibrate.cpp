#include "features/calibrate.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "vidclass/error.hpp"
#include "video/sample.hpp"

namespace vidclass::features {
namespace {

constexpr std::size_t wanted_frames = 128;
constexpr std::size_t most_frames_of_a_clip = 16;

}  // namespace

Tensor calibration_frames(std::span<const video::ClipSource> clips, video::ClipSettings settings,
                          const ProgressFunction& progress, const CancellationToken& cancel,
                          const video::Limits& limits) {
  const std::size_t count = std::min(clips.size(), most_calibration_clips);
  if (count == 0) throw Error("a calibration needs clips");
  settings.frames =
      static_cast<int>(std::clamp(wanted_frames / count, std::size_t{2}, most_frames_of_a_clip));
  settings.motion_grid = 0;
  settings.sampling = video::Sampling::uniform;
  settings.clips = 1;
  settings.fps = 0;
  std::vector<std::uint8_t> pixels;
  for (std::size_t i = 0; i < count; ++i) {
    try {
      const auto clip =
          video::sample_clip(clips[i * clips.size() / count], settings, cancel, limits);
      const auto values = clip.frames.data<std::uint8_t>();
      pixels.insert(pixels.end(), values.begin(), values.end());
    } catch (const ClipError&) {
      // It will be named when its features are wanted.
    }
    if (progress) progress({"decode for calibration", i + 1, count, ""});
  }
  const auto side = static_cast<std::size_t>(settings.size);
  if (pixels.empty()) throw Error("no clip can be decoded to calibrate on");
  return Tensor::from<std::uint8_t>({pixels.size() / (side * side * 3), side, side, 3}, pixels);
}

}  // namespace vidclass::features
