#include "torch/finetune/joint_head.hpp"

#include <algorithm>
#include <memory>
#include <string>

#include "torch/tensors.hpp"
#include "train/recipe.hpp"

namespace vidclass::torch {
namespace {

train::Batch batch_of(const ::torch::Tensor& features) {
  return {.clips = {std::make_shared<const Tensor>(to_tensor(features))}, .labels = {}};
}

}  // namespace

/// The way back computes the way forward once more, so that the passes of several clips may wait
/// for theirs: a head takes no time beside the blocks.
class JointHead::Function : public ::torch::autograd::Function<JointHead::Function> {
public:
  /// What both ways need besides tensors.
  struct Pass : ::torch::CustomClassHolder {
    JointHead* head = nullptr;
    std::uint64_t seed = 0;
  };

  /// The parameters are named so that their gradients are asked for.
  static ::torch::Tensor forward(::torch::autograd::AutogradContext* context,
                                 const ::torch::Tensor& features, at::TensorList /*parameters*/,
                                 const c10::intrusive_ptr<Pass>& pass) {
    context->save_for_backward({features});
    context->saved_data["pass"] = c10::IValue::make_capsule(pass);
    return pass->head->forward(features, pass->seed);
  }

  static ::torch::autograd::tensor_list backward(::torch::autograd::AutogradContext* context,
                                                 ::torch::autograd::tensor_list by_logits) {
    const auto pass =
        c10::static_intrusive_pointer_cast<Pass>(context->saved_data["pass"].toCapsule());
    auto gradients =
        pass->head->backward(context->get_saved_variables()[0], by_logits[0], pass->seed);
    gradients.emplace_back();  // of the pass
    return gradients;
  }
};

JointHead::JointHead(const head::HeadSpec& spec, std::uint64_t seed)
    : learner_(spec, train::recipe_for(spec.kind), seed) {
  const NamedTensors first = learner_.export_parameters();
  for (const train::Parameter& parameter : learner_.parameters()) {
    std::string name = parameter.name;
    std::ranges::replace(name, '/', '_');
    values_.push_back(register_parameter(name, to_torch(first.at(parameter.name))));
  }
}

void JointHead::set_parameters(const NamedTensors& parameters) {
  const ::torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < values_.size(); ++i) {
    values_[i].copy_(to_torch(parameters.at(learner_.parameters()[i].name)));
  }
}

::torch::Tensor JointHead::logits(const ::torch::Tensor& features, std::uint64_t seed) {
  if (!is_training()) {
    load(seed);
    return to_torch(learner_.logits(batch_of(features), /*training=*/false)).to(features.device());
  }
  auto pass = c10::make_intrusive<Function::Pass>();
  pass->head = this;
  pass->seed = seed;
  return Function::apply(features, at::TensorList(values_), pass);
}

::torch::Tensor JointHead::forward(const ::torch::Tensor& features, std::uint64_t seed) {
  load(seed);
  return to_torch(learner_.logits(batch_of(features), /*training=*/true)).to(features.device());
}

std::vector<::torch::Tensor> JointHead::backward(const ::torch::Tensor& features,
                                                 const ::torch::Tensor& by_logits,
                                                 std::uint64_t seed) {
  load(seed);
  for (const train::Parameter& parameter : learner_.parameters()) {
    std::ranges::fill(parameter.gradient, 0.0F);
  }
  const train::Batch batch = batch_of(features);
  static_cast<void>(learner_.logits(batch, /*training=*/true));
  learner_.backward(to_tensor(by_logits).data<float>());
  std::vector<::torch::Tensor> gradients{
      to_torch(learner_.feature_gradients()[0]).to(features.device())};
  const auto parameters = learner_.parameters();
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const Tensor gradient =
        Tensor::from<float>({parameters[i].gradient.size()}, parameters[i].gradient);
    gradients.push_back(to_torch(gradient).view(values_[i].sizes()).to(values_[i].device()));
  }
  return gradients;
}

void JointHead::load(std::uint64_t seed) {
  const auto parameters = learner_.parameters();
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const Tensor value = to_tensor(values_[i]);
    std::ranges::copy(value.data<float>(), parameters[i].value.begin());
  }
  learner_.set_random_state(
      Tensor::from<std::int64_t>({1}, std::vector{static_cast<std::int64_t>(seed)}));
}

}  // namespace vidclass::torch
