#include "core/format.hpp"
#include "core/hash.hpp"
#include "features/settings.hpp"
#include "motion/describe.hpp"
#include "motion/flow.hpp"

namespace vidclass::features {
namespace {

// Raised whenever the same clip and settings give other numbers or other arrays:
// after a change of decoding, sampling or preprocessing, or of what an entry holds.
constexpr int cache_version = 1;
// The same for motion maps alone.
constexpr int motion_version = 2;
// The same for the map in the middle of the network, and how motion weighs the last map beside it.
constexpr int middle_version = 1;
// The same for which square of the picture is kept.
constexpr int motion_crop_version = 1;
// The same for what of a clip's pictures is faded.
constexpr int faded_version = 1;

}  // namespace

std::string cache_key(std::string_view content_sha256, const FeatureSettings& settings,
                      double start, std::optional<double> end) {
  // One "name=value" a line, in this order, each ended by a line feed. Only the
  // backbone's name is free text; it stands last, so that none can be mistaken
  // for other settings.
  std::string text = format("vidclass features {}\n", cache_version);
  const auto add = [&](std::string_view name, const auto& value) {
    text += format("{}={}\n", name, value);
  };
  add("content", content_sha256);
  // Settings that came later have a line only where they are not at their default, so
  // that older entries keep their names.
  if (start > 0) add("start", start);
  if (end) add("end", *end);
  add("sampling", video::to_string(settings.clip.sampling));
  add("frames", settings.clip.frames);
  add("preprocess", video::to_string(settings.clip.preprocess));
  add("clip_size", settings.clip.size);
  add("backbone_size", settings.backbone.size);
  add("feature_size", settings.backbone.feature_size);
  add("precision", backbone::to_string(settings.backbone.precision));
  if (!settings.backbone.arithmetic.empty()) add("arithmetic", settings.backbone.arithmetic);
  add("fingerprint", settings.backbone.fingerprint);
  const bool dense = settings.clip.sampling == video::Sampling::dense;
  const bool segment = settings.clip.sampling == video::Sampling::segment;
  if (dense) add("stride", settings.clip.stride);
  if (segment) add("candidates", settings.clip.candidates);
  if (settings.clip.crop == video::Crop::motion) add("motion_crop", motion_crop_version);
  if (settings.clip.faded) add("faded", faded_version);
  if (settings.clip.fps > 0) add("fps", settings.clip.fps);
  if (settings.clip.clips > 1) add("clips", settings.clip.clips);
  if (settings.clip.motion_grid > 0) {
    add("motion_pooling", motion_version);
    add("motion_grid", settings.clip.motion_grid);
  }
  if (settings.backbone.middle_size > 0) {
    add("middle", middle_version);
    add("middle_size", settings.backbone.middle_size);
    if (settings.backbone.file) add("middle_name", settings.backbone.file->middle);
  }
  if (settings.half) add("stored", "float16");
  add("backbone", settings.backbone.name);
  return sha256(text);
}

std::string motion_key(std::string_view content_sha256, const FeatureSettings& settings,
                       double start, std::optional<double> end) {
  std::string text =
      format("vidclass motion {}\ncontent={}\n", motion::descriptor_version, content_sha256);
  if (start > 0) text += format("start={}\n", start);
  if (end) text += format("end={}\n", *end);
  // The rate of a folder of pictures; of a video all frames are taken whatever it is.
  if (settings.clip.fps > 0) text += format("fps={}\n", settings.clip.fps);
  text += format("flow={}\n", motion::flow_fingerprint());
  return sha256(text);
}

}  // namespace vidclass::features
