#include "torch/torch_learner.hpp"

#include <cstring>
#include <utility>
#include <vector>

#include "core/format.hpp"
#include "torch/keras_layout.hpp"
#include "vidclass/error.hpp"

namespace vidclass::torch {
namespace {

class TorchLearner final : public train::Learner {
public:
  TorchLearner(std::shared_ptr<HeadModule> module, ::torch::Generator generator)
      : generator_(std::move(generator)), module_(std::move(module)) {
    for (auto& parameter : module_->named_parameters()) {
      ::torch::Tensor& value = parameter.value();
      // Autograd adds to a gradient that is there, so its memory stays the same.
      value.mutable_grad() = ::torch::zeros_like(value);
      const auto count = static_cast<std::size_t>(value.numel());
      parameters_.push_back({.name = parameter.key(),
                             .value = {value.data_ptr<float>(), count},
                             .gradient = {value.grad().data_ptr<float>(), count},
                             .decays = value.dim() > 1});
    }
  }

  void prepare(const train::LabelledFeatures& data) override { module_->prepare(data); }

  [[nodiscard]] std::span<const train::Parameter> parameters() override { return parameters_; }

  double add_gradients(const train::Batch& batch, const train::Loss& loss, double scale) override {
    module_->train();
    const ::torch::Tensor logits = module_->logits(padded(batch));
    const auto [value, gradient] = loss.of(to_tensor(logits), batch.labels);
    logits.backward(to_torch(gradient) * scale);
    return value;
  }

  [[nodiscard]] Tensor probabilities(const train::Batch& batch) override {
    const ::torch::NoGradGuard no_grad;
    module_->eval();
    Tensor logits = to_tensor(module_->logits(padded(batch)));
    train::softmax(logits);
    return logits;
  }

  [[nodiscard]] NamedTensors export_parameters() override { return module_->export_parameters(); }

  [[nodiscard]] Tensor random_state() const override {
    const ::torch::Tensor state = generator_.get_state();
    Tensor tensor(DType::u8, {static_cast<std::size_t>(state.numel())});
    std::memcpy(tensor.bytes().data(), state.data_ptr<std::uint8_t>(), tensor.bytes().size());
    return tensor;
  }

  void set_random_state(const Tensor& state) override {
    if (state.dtype() != DType::u8 || state.shape() != random_state().shape()) {
      throw Error(format("{} {} is no state of LibTorch's generator", name_of(state.dtype()),
                         format_shape(state.shape())));
    }
    ::torch::Tensor bytes =
        ::torch::empty({static_cast<std::int64_t>(state.size())}, ::torch::kUInt8);
    std::memcpy(bytes.data_ptr<std::uint8_t>(), state.bytes().data(), state.bytes().size());
    generator_.set_state(bytes);
  }

private:
  ::torch::Generator generator_;  // shared with the module
  std::shared_ptr<HeadModule> module_;
  std::vector<train::Parameter> parameters_;
};

}  // namespace

std::unique_ptr<train::Learner> make_torch_learner(const head::HeadSpec& spec,
                                                   const train::Recipe& recipe,
                                                   std::uint64_t seed) {
  if (spec.kind != head::HeadKind::gru) {
    throw Error(format("LibTorch does not train the head {}", head::to_string(spec.kind)));
  }
  // The products of a head are so small that waking other threads costs more than it
  // gains (2.5 times slower with two, measured). Several heads train side by side
  // instead, which also makes the result independent of the number of threads.
  ::torch::set_num_threads(1);
  const auto generator = ::torch::make_generator<::torch::CPUGeneratorImpl>(seed);
  return make_learner_of(make_head_module(spec, recipe, generator), generator);
}

std::unique_ptr<train::Learner> make_learner_of(std::shared_ptr<HeadModule> module,
                                                const ::torch::Generator& generator) {
  return std::make_unique<TorchLearner>(std::move(module), generator);
}

}  // namespace vidclass::torch
