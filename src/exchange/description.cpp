#include "exchange/description.hpp"

#include <utility>

#include "core/format.hpp"
#include "core/json.hpp"
#include "vidclass/version.hpp"
#include "video/clip_settings.hpp"

namespace vidclass::exchange {
namespace {

Json inputs_of(const model::Model& model, bool frames, bool masked) {
  // Keras's layers share one shape between clips and time, so that with frames time is fixed.
  const std::string time = masked && frames ? format("{}", model.clip.frames) : "time";
  const std::pair<const char*, std::string> ends =
      masked ? std::pair{"mask", format("bool [clips, {}]: true for the frames of a clip, which "
                                        "come first; {}",
                                        time,
                                        frames ? "what follows is not looked at"
                                               : "the features of the others must be 0")}
             : std::pair{"lengths",
                         std::string("int32 [clips]: how many of a clip's frames count, 1 to time; "
                                     "what follows is not looked at")};
  const head::HeadSpec& spec = model.heads.front().spec;
  if (!frames) {
    return {
        {"features",
         format("float32 [clips, time, {}]: of each frame the network's features, average{}{}",
                head::input_width(spec), spec.poolings > 1 ? ", average weighted by motion" : "",
                spec.middle > 0 ? ", and the same of the map in the middle" : "")},
        {ends.first, ends.second}};
  }
  Json inputs{{"frames", format("uint8 [clips, {0}, {1}, {1}, 3]: RGB, 0 to 255; the network "
                                "normalises them itself",
                                time, model.clip.size)}};
  if (model.clip.motion_grid > 0) {
    inputs["motion_map"] = format(
        "float32 [clips, {0}, {1}, {1}]: where the frame moves, each map summing to 1; all "
        "{2:.6g} where nothing does",
        time, model.clip.motion_grid, 1.0 / (model.clip.motion_grid * model.clip.motion_grid));
  }
  inputs[ends.first] = ends.second;
  return inputs;
}

Json preprocessing_of(const video::ClipSettings& clip) {
  Json json{{"frames", clip.frames},
            {"size", clip.size},
            {"sampling", video::to_string(clip.sampling)},
            {"crop", video::to_string(clip.crop)},
            {"preprocess", video::to_string(clip.preprocess)},
            {"colour_order", "RGB"}};
  if (clip.sampling == video::Sampling::dense) json["stride"] = clip.stride;
  if (clip.fps > 0) json["fps"] = clip.fps;
  if (clip.motion_grid > 0) json["motion_grid"] = clip.motion_grid;
  return json;
}

}  // namespace

Description describe(const model::Model& model, bool frames, bool masked) {
  return {
      {"vidclass_version", std::string(version())},
      {"labels", to_text(model.labels)},
      {"inputs", to_text(inputs_of(model, frames, masked))},
      {"preprocessing", to_text(preprocessing_of(model.clip))},
      {"backbone", to_text(Json{{"name", model.backbone}, {"fingerprint", model.fingerprint}})}};
}

std::string summary(const model::Model& model, bool frames) {
  return format("Video classification: {} of a clip to the probabilities of {} labels",
                frames ? "frames" : format("features ({})", model.backbone), model.labels.size());
}

}  // namespace vidclass::exchange
