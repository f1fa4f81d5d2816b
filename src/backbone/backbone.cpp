#include "vidclass/backbone/backbone.hpp"

#include <algorithm>

#include <openvino/openvino.hpp>

#include "backbone/compile.hpp"
#include "backbone/compiled.hpp"
#include "backbone/cpu.hpp"
#include "backbone/openvino_error.hpp"
#include "backbone/prepared.hpp"
#include "backbone/quantise.hpp"
#include "core/format.hpp"
#include "vidclass/backbone/feature_pipeline.hpp"
#include "vidclass/core/error.hpp"

namespace vidclass::backbone {
std::vector<KnownBackbone> known_backbones() {
  return {{"xception", "Xception, ImageNet weights as published by Keras", xception_feature_size,
           299, true, true},
          {"mini", "small fixed filter bank, built in, for demos and tests", mini_feature_size, 64,
           false, false}};
}

KnownBackbone find_backbone(const std::string& name) {
  const auto all = known_backbones();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const KnownBackbone& known) { return known.name == name; });
  if (found == all.end()) {
    throw UsageError(
        format("unknown backbone \"{}\": choose xception, mini or a file (.onnx, .xml)", name));
  }
  return *found;
}

namespace {

std::shared_ptr<ov::Model> build_for(const PreparedBackbone& prepared, Load load) {
  if (prepared.needs_calibration()) {
    throw Error(
        "int8 needs a calibration: \"vidclass backbone quantise --calibrate DATA\" makes one (with "
        "--model for a fine-tuned network)");
  }
  const BackboneOptions& options = prepared.options();
  auto model = prepared.impl().build(batch_for(options, load), prepared.impl().outputs());
  if (prepared.info().precision == Precision::int8) {
    quantise(*model, *prepared.info().calibration, int8_weight_bits());
  }
  return model;
}

}  // namespace

void Backbone::Impl::compile(std::shared_ptr<ov::Model> model, const BackboneOptions& options,
                             const BackboneInfo& about, Load load) {
  batch = model->input("frames").get_shape()[0];
  info = about;
  motion = options.motion;
  cells = options.cells;
  try {
    compiled = core.compile_model(model, options.device,
                                  compile_properties(options, info.precision, load));
    model.reset();
    // One more than run at a time, to be filled meanwhile.
    const auto wanted =
        1 + std::max(1U, compiled.get_property(ov::optimal_number_of_infer_requests));
    for (unsigned i = 0; i < wanted; ++i) requests.push_back(compiled.create_infer_request());
  } catch (const ov::Exception& error) {
    throw Error(format("OpenVINO cannot compile {}: {}", info.name, reason(error)));
  }
}

Backbone::Backbone(const PreparedBackbone& prepared, Load load) : impl_(std::make_unique<Impl>()) {
  impl_->compile(build_for(prepared, load), prepared.options(), prepared.info(), load);
}

Backbone::Backbone(PreparedBackbone&& prepared, Load load) : impl_(std::make_unique<Impl>()) {
  PreparedBackbone taken = std::move(prepared);
  auto model = build_for(taken, load);
  taken.release_weights();
  impl_->compile(std::move(model), taken.options(), taken.info(), load);
}
Backbone::~Backbone() = default;
Backbone::Backbone(Backbone&&) noexcept = default;
Backbone& Backbone::operator=(Backbone&&) noexcept = default;

const BackboneInfo& Backbone::info() const noexcept { return impl_->info; }

Tensor Backbone::features(const Tensor& frames) {
  FeaturePipeline pipeline(*this);
  pipeline.push(0, frames);
  return std::move(pipeline.wait()->features.avg);
}

PooledFeatures Backbone::pooled_features(const Tensor& frames, const Tensor& motion) {
  FeaturePipeline pipeline(*this);
  pipeline.push(0, frames, motion);
  return std::move(pipeline.wait()->features);
}

}  // namespace vidclass::backbone
