#include "torch/head_module.hpp"

#include <vector>

#include "torch/dropout.hpp"
#include "torch/keras_layout.hpp"
#include "torch/transforms.hpp"

namespace vidclass::torch {
namespace {

namespace nn = ::torch::nn;

std::int64_t as_int(std::size_t value) { return static_cast<std::int64_t>(value); }

/// Every state of a one-directional GRU, [B, T, units]; meaningless beyond a
/// clip's end.
::torch::Tensor run_gru(nn::GRU& gru, const ::torch::Tensor& x) {
  return std::get<0>(gru->forward(x));
}

/// Turns each clip's own frames around, and leaves its padding in place.
::torch::Tensor reverse_frames(const ::torch::Tensor& x, const ClipBatch& batch) {
  if (batch.full) return x.flip(1);
  const ::torch::Tensor steps = ::torch::arange(x.size(1), batch.lengths.options()).unsqueeze(0);
  const ::torch::Tensor ends = batch.lengths.unsqueeze(1);
  const ::torch::Tensor order = ::torch::where(steps < ends, ends - 1 - steps, steps);
  return x.gather(1, order.unsqueeze(2).expand_as(x));
}

/// Mean and scale of each value, measured on the training clips.
struct Norm {
  ::torch::Tensor mean;
  ::torch::Tensor scale;

  void to(::torch::Device device) {
    if (!mean.defined()) return;
    mean = mean.to(device);
    scale = scale.to(device);
  }

  [[nodiscard]] ::torch::Tensor apply(const ::torch::Tensor& x) const { return (x - mean) * scale; }

  void export_to(NamedTensors& parameters) const {
    parameters["norm/mean"] = to_tensor(mean);
    parameters["norm/scale"] = to_tensor(scale);
  }
};

/// Sums over samples, so that no more than one clip is held at a time.
class NormEstimate {
public:
  /// `samples` [N, X].
  void add(const ::torch::Tensor& samples) {
    const ::torch::Tensor values = samples.to(::torch::kFloat64);
    sum_ = sum_.defined() ? sum_ + values.sum(0) : values.sum(0);
    squares_ = squares_.defined() ? squares_ + values.square().sum(0) : values.square().sum(0);
    count_ += values.size(0);
  }

  /// Each value to mean 0, and those of a transform by one factor to a mean deviation of `target`:
  /// what varies much in the training clips stays large. `widths` of the transforms.
  [[nodiscard]] Norm transforms_to(double target, const std::vector<std::int64_t>& widths) const {
    std::vector<::torch::Tensor> scales;
    for (const ::torch::Tensor& deviation : deviations().split_with_sizes(widths)) {
      scales.push_back(::torch::full_like(deviation, 1).mul(target / (deviation.mean() + 1e-6)));
    }
    return {mean().to(::torch::kFloat32), ::torch::cat(scales).to(::torch::kFloat32)};
  }

private:
  [[nodiscard]] ::torch::Tensor mean() const { return sum_ / static_cast<double>(count_); }
  [[nodiscard]] ::torch::Tensor deviations() const {
    return (squares_ / static_cast<double>(count_) - mean().square()).clamp_min(0).sqrt();
  }

  ::torch::Tensor sum_;
  ::torch::Tensor squares_;
  std::int64_t count_ = 0;
};

nn::GRU make_gru(std::size_t in, std::size_t units, ::torch::Generator& generator) {
  nn::GRU gru(nn::GRUOptions(as_int(in), as_int(units)).batch_first(true));
  initialise_as_keras(gru, generator);
  return gru;
}

// Small inputs start the projection in its linear range and make weight decay
// bite; see docs/training.md.
constexpr double input_deviation = 0.2;

std::vector<std::int64_t> transform_widths(const head::HeadSpec& spec) {
  std::vector<std::int64_t> widths;
  for (const head::Transform transform : spec.transforms)
    widths.push_back(as_int(head::width_of(transform, spec)));
  return widths;
}

class GruModule : public HeadModule {
public:
  GruModule(const head::HeadSpec& spec, const train::Recipe& recipe, ::torch::Generator generator)
      : spec_(spec),
        input_dropout_(recipe.input_dropout, generator),
        projection_(register_module(
            "projection", nn::Linear(as_int(head::values_read(spec)), as_int(spec.projection)))),
        feature_dropout_(recipe.feature_dropout, generator),
        forward_(register_module("forward", make_gru(spec.projection, spec.hidden, generator))),
        backward_(register_module("backward", make_gru(spec.projection, spec.hidden, generator))),
        output_dropout_(recipe.output_dropout, generator),
        classifier_(register_module("classifier",
                                    nn::Linear(as_int(2 * spec.hidden), as_int(spec.labels)))) {
    initialise_as_keras(projection_, generator);
    initialise_as_keras(classifier_, generator);
  }

  ::torch::Tensor logits(const ClipBatch& batch) override {
    const ::torch::Tensor read =
        input_dropout_(norm_.apply(joined_transforms(batch)), is_training());
    const ::torch::Tensor projected =
        feature_dropout_(::torch::relu(projection_(read)), is_training());
    const ::torch::Tensor ahead = run_gru(forward_, projected);
    const ::torch::Tensor back =
        reverse_frames(run_gru(backward_, reverse_frames(projected, batch)), batch);
    const ::torch::Tensor pooled = mean_over_time(::torch::cat({ahead, back}, 2), batch);
    return classifier_(output_dropout_(pooled, is_training()));
  }

  using HeadModule::to;
  void to(::torch::Device device, bool non_blocking) override {
    HeadModule::to(device, non_blocking);
    norm_.to(device);
  }

  void prepare(const train::LabelledFeatures& data) override {
    NormEstimate estimate;
    for (std::size_t clip = 0; clip < data.size(); ++clip) {
      const std::size_t only[] = {clip};
      estimate.add(joined_transforms(padded(train::make_batch(data, only))).squeeze(0));
    }
    norm_ = estimate.transforms_to(input_deviation, transform_widths(spec_));
  }

  [[nodiscard]] NamedTensors export_parameters() const override {
    NamedTensors parameters;
    norm_.export_to(parameters);
    export_dense(projection_, "projection", parameters);
    export_gru(forward_, "forward", parameters);
    export_gru(backward_, "backward", parameters);
    export_dense(classifier_, "classifier", parameters);
    return parameters;
  }

private:
  [[nodiscard]] ::torch::Tensor joined_transforms(const ClipBatch& batch) const {
    std::vector<::torch::Tensor> read;
    for (const head::Transform transform : spec_.transforms)
      read.push_back(transformed(transform, batch, spec_));
    return ::torch::cat(read, 2);
  }

  head::HeadSpec spec_;
  Dropout input_dropout_;
  nn::Linear projection_;
  Dropout feature_dropout_;
  nn::GRU forward_;
  nn::GRU backward_;
  Dropout output_dropout_;
  nn::Linear classifier_;
  Norm norm_;
};

}  // namespace

std::shared_ptr<HeadModule> make_head_module(const head::HeadSpec& spec,
                                             const train::Recipe& recipe,
                                             const ::torch::Generator& generator) {
  return std::make_shared<GruModule>(spec, recipe, generator);
}

}  // namespace vidclass::torch
