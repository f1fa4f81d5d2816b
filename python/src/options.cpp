#include "options.hpp"

#include <cstring>
#include <string_view>

#include "vidclass/choices.hpp"

namespace vidclass::python {

nb::object OptionReader::find(const char* name) {
  known_.insert(name);
  return options_.contains(name) ? nb::object(options_[name]) : nb::none();
}

void OptionReader::refuse(const char* name, const nb::object& given) {
  const std::string text = std::string(name) + " has a value of the wrong type: " +
                           nb::cast<std::string>(nb::repr(given));
  throw nb::type_error(text.c_str());
}

void OptionReader::finish() const {
  for (const auto& [key, value] : options_) {
    const auto name = nb::cast<std::string>(key);
    if (known_.contains(name)) continue;
    throw nb::type_error(("there is no option " + name).c_str());
  }
}

/// Which frames, and what of them: of features and of frames themselves.
template <typename Options>
static void take_choice_of_frames(OptionReader& reader, Options& options) {
  reader.take("size", options.size);
  reader.take("frames", options.frames);
  reader.choose("sampling", options.sampling, sampling_from);
  reader.take("stride", options.stride);
  reader.take("candidates", options.candidates);
  reader.take("fps", options.fps);
  reader.choose("crop", options.crop, crop_from);
  reader.choose("preprocess", options.preprocess, preprocess_from);
}

void take(OptionReader& reader, FeatureOptions& options) {
  std::filesystem::path backbone = options.backbone;
  reader.take("backbone", backbone);
  options.backbone = backbone.string();
  reader.take("mean", options.mean);
  reader.take("scale", options.scale);
  reader.choose("input_layout", options.input_layout, input_layout_from);
  reader.take("feature", options.feature);
  reader.take("middle", options.middle);
  reader.choose("precision", options.precision, precision_from);
  reader.take("device", options.device);
  reader.choose("pooling", options.pooling, pooling_from);
  take_choice_of_frames(reader, options);
  reader.take("half", options.half);
  reader.take("batch", options.batch);
}

void take(OptionReader& reader, MachineOptions& options, bool cached) {
  reader.take("threads", options.threads);
  if (cached) {
    reader.take("cache", options.cache);
  } else {
    reader.pass("cache");
  }
  reader.take("max_pixels", options.limits.max_pixels);
  reader.take("max_duration", options.limits.max_duration);
  reader.take("max_stall", options.limits.max_stall);
  reader.take("allow_codecs", options.limits.allow_codecs);
}

void take(OptionReader& reader, FrameOptions& options) { take_choice_of_frames(reader, options); }

void take(OptionReader& reader, DatasetOptions& options) {
  reader.take("layout", options.layout);
  reader.take("splits", options.splits);
  reader.take("fold", options.fold);
  reader.take("root", options.root);
  reader.take("label_names", options.label_names);
  reader.take("split_folders", options.split_folders);
  reader.take("encoding", options.encoding);
  reader.take("start", options.start);
  reader.take("end", options.end);
}

void take(OptionReader& reader, ClassifierOptions& options) {
  reader.choose("precision", options.precision, precision_from);
  reader.take("device", options.device);
  reader.take("network", options.network);
  reader.take("sequences", options.sequences);
  take(reader, options.machine);
}

void take(OptionReader& reader, TrainOptions& options) {
  reader.take("split", options.split);
  reader.take("head", options.head);
  reader.take("ensemble", options.ensemble);
  reader.take("motion", options.motion);
  reader.take("faded", options.faded);
  reader.take("refit", options.refit);
  reader.take("epochs", options.epochs);
  reader.take("batch_size", options.batch_size);
  reader.take("members", options.members);
  reader.take("learning_rate", options.learning_rate);
  reader.take("balanced", options.balanced);
  reader.take("seed", options.seed);
  reader.take("seeds", options.seeds);
  reader.take("resume", options.resume);
  reader.take("overwrite", options.overwrite);
  take(reader, options.features);
  take(reader, options.machine);
}

}  // namespace vidclass::python
