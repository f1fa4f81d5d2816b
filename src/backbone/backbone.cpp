#include "backbone/backbone.hpp"

#include <openvino/openvino.hpp>

#include "backbone/compile.hpp"
#include "backbone/compiled.hpp"
#include "backbone/cpu.hpp"
#include "backbone/feature_pipeline.hpp"
#include "backbone/openvino_engine.hpp"
#include "backbone/prepared.hpp"
#include "backbone/quantise.hpp"
#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::backbone {
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

Backbone::Backbone(const PreparedBackbone& prepared, Load load) : impl_(std::make_unique<Impl>()) {
  const BackboneOptions& options = prepared.options();
  take(options.engine
           ? options.engine(prepared, load)
           : make_openvino_engine(build_for(prepared, load), options, prepared.info(), load),
       prepared);
}

Backbone::Backbone(PreparedBackbone&& prepared, Load load) : impl_(std::make_unique<Impl>()) {
  PreparedBackbone taken = std::move(prepared);
  const BackboneOptions& options = taken.options();
  if (options.engine) {
    take(options.engine(taken, load), taken);
    return;
  }
  auto model = build_for(taken, load);
  taken.release_weights();
  take(make_openvino_engine(std::move(model), options, taken.info(), load), taken);
}

void Backbone::take(std::unique_ptr<Engine> engine, const PreparedBackbone& prepared) {
  impl_->info = prepared.info();
  impl_->motion = prepared.options().motion;
  impl_->cells = prepared.options().cells;
  impl_->engine = std::move(engine);
  impl_->requests = impl_->engine->requests();
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
