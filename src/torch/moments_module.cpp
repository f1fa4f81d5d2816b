#include "torch/moments_module.hpp"

#include <vector>

#include "torch/dropout.hpp"
#include "torch/keras_layout.hpp"
#include "torch/transforms.hpp"

namespace vidclass::torch {
namespace {

namespace nn = ::torch::nn;

class MomentsModule : public HeadModule {
public:
  MomentsModule(const head::HeadSpec& spec, const train::Recipe& recipe,
                ::torch::Generator generator)
      : spec_(spec),
        input_dropout_(recipe.input_dropout, std::move(generator)),
        classifier_(register_module("classifier",
                                    nn::Linear(static_cast<std::int64_t>(head::values_read(spec)),
                                               static_cast<std::int64_t>(spec.labels)))),
        length_(head::moment_length(spec)) {
    // A convex problem needs no random start.
    nn::init::zeros_(classifier_->weight);
    nn::init::zeros_(classifier_->bias);
  }

  ::torch::Tensor logits(const ClipBatch& batch) override {
    std::vector<::torch::Tensor> read;
    for (std::size_t i = 0; i < spec_.transforms.size(); ++i) {
      const ::torch::Tensor moments = moments_of(spec_.transforms[i], batch, spec_) - means_[i];
      const ::torch::Tensor norm = (moments.square().sum(2, true) + head::moments_epsilon).sqrt();
      read.push_back((moments * (length_ / norm)).flatten(1));
    }
    return classifier_(input_dropout_(::torch::cat(read, 1), is_training()));
  }

  /// The mean of each moment over the training clips.
  void prepare(const train::LabelledFeatures& data) override {
    std::vector<::torch::Tensor> sums(spec_.transforms.size());
    for (std::size_t clip = 0; clip < data.size(); ++clip) {
      const std::size_t only[] = {clip};
      const ClipBatch batch = padded(train::make_batch(data, only));
      for (std::size_t i = 0; i < sums.size(); ++i) {
        const ::torch::Tensor moments =
            moments_of(spec_.transforms[i], batch, spec_).to(::torch::kFloat64);
        sums[i] = sums[i].defined() ? sums[i] + moments : moments;
      }
    }
    means_.clear();
    for (const ::torch::Tensor& sum : sums) {
      means_.push_back((sum / static_cast<double>(data.size())).to(::torch::kFloat32));
    }
  }

  [[nodiscard]] NamedTensors export_parameters() const override {
    NamedTensors parameters;
    std::vector<::torch::Tensor> means;
    for (const ::torch::Tensor& mean : means_) means.push_back(mean.flatten());
    parameters["norm/mean"] = to_tensor(::torch::cat(means));
    export_dense(classifier_, "classifier", parameters);
    return parameters;
  }

private:
  head::HeadSpec spec_;
  Dropout input_dropout_;
  nn::Linear classifier_;
  float length_;
  std::vector<::torch::Tensor> means_;  // of each transform, [1, moments, D or M]
};

}  // namespace

std::shared_ptr<HeadModule> make_moments_module(const head::HeadSpec& spec,
                                                const train::Recipe& recipe,
                                                const ::torch::Generator& generator) {
  return std::make_shared<MomentsModule>(spec, recipe, generator);
}

}  // namespace vidclass::torch
