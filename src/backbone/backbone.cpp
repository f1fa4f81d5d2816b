#include "vidclass/backbone/backbone.hpp"

#include <algorithm>

#include <openvino/openvino.hpp>

#include "backbone/compile.hpp"
#include "backbone/compiled.hpp"
#include "backbone/cpu.hpp"
#include "backbone/prepared.hpp"
#include "backbone/quantise.hpp"
#include "core/format.hpp"
#include "vidclass/backbone/feature_pipeline.hpp"
#include "vidclass/core/error.hpp"

namespace vidclass::backbone {
std::vector<KnownBackbone> known_backbones() {
  return {{"xception", "Xception, ImageNet weights as published by Keras", xception_feature_size,
           299, true},
          {"mini", "small fixed filter bank, built in, for demos and tests", mini_feature_size, 64,
           false}};
}

KnownBackbone find_backbone(const std::string& name) {
  const auto all = known_backbones();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const KnownBackbone& known) { return known.name == name; });
  if (found == all.end()) {
    throw UsageError(format("unknown backbone \"{}\": choose xception or mini", name));
  }
  return *found;
}

Backbone::Backbone(const PreparedBackbone& prepared, Load load) : impl_(std::make_unique<Impl>()) {
  const PreparedBackbone::Impl& source = prepared.impl();
  impl_->batch = static_cast<std::size_t>(source.options.batch);
  impl_->info = source.info;
  impl_->motion = source.options.motion;
  impl_->cells = source.options.cells;
  if (prepared.needs_calibration()) {
    throw Error(
        "int8 needs a calibration: \"vidclass backbone quantise --calibrate DATA\" makes one (with "
        "--model for a fine-tuned network)");
  }
  try {
    const auto model = source.build(impl_->batch, source.options.motion, source.options.cells);
    if (source.info.precision == Precision::int8) {
      quantise(*model, *source.info.calibration, int8_weight_bits());
    }
    impl_->compiled = impl_->core.compile_model(
        model, "CPU", compile_properties(source.options, source.info.precision, load));
    // One more than run at a time, to be filled meanwhile.
    const auto requests =
        1 + std::max(1U, impl_->compiled.get_property(ov::optimal_number_of_infer_requests));
    for (unsigned i = 0; i < requests; ++i) {
      impl_->requests.push_back(impl_->compiled.create_infer_request());
    }
  } catch (const ov::Exception& error) {
    throw Error(format("OpenVINO cannot compile {}: {}", source.info.name, error.what()));
  }
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
