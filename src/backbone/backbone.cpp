#include "backbone/backbone.hpp"

#include <openvino/openvino.hpp>

#include "backbone/compile.hpp"
#include "backbone/compiled.hpp"
#include "backbone/feature_pipeline.hpp"
#include "backbone/network_graph.hpp"
#include "backbone/openvino_engine.hpp"
#include "backbone/prepared.hpp"

namespace vidclass::backbone {
namespace {

std::shared_ptr<ov::Model> build_for(const PreparedBackbone& prepared, Load load) {
  return network_graph(prepared, batch_for(prepared.options(), load));
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
