#include "train/optimiser.hpp"

#include <algorithm>
#include <cmath>

#include "core/cpu_clones.hpp"
#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::train {
namespace {

// Keras's and PyTorch's defaults.
constexpr double beta1 = 0.9;
constexpr double beta2 = 0.999;

struct AdamStep {
  float shrink;      // decoupled weight decay: what is left of a value
  float decay;       // coupled weight decay
  float rate;        // learning rate / (1 - beta1^t)
  float correction;  // 1 / sqrt(1 - beta2^t)
  float epsilon;
  float gradient_factor;
};

VIDCLASS_FOR_EACH_CPU
void step_adam(const AdamStep& step, std::size_t count, float* value, const float* gradient,
               float* first, float* second) {
  constexpr auto keep1 = static_cast<float>(beta1), take1 = static_cast<float>(1 - beta1);
  constexpr auto keep2 = static_cast<float>(beta2), take2 = static_cast<float>(1 - beta2);
  for (std::size_t i = 0; i < count; ++i) {
    const float g = gradient[i] * step.gradient_factor + step.decay * value[i];
    first[i] = keep1 * first[i] + take1 * g;
    second[i] = keep2 * second[i] + take2 * g * g;
    const float size = std::sqrt(second[i]) * step.correction + step.epsilon;
    value[i] = value[i] * step.shrink - step.rate * first[i] / size;
  }
}

struct SgdStep {
  float rate;
  float decay;
  float momentum;
  float gradient_factor;
  bool first;
  bool nesterov;
};

VIDCLASS_FOR_EACH_CPU
void step_sgd(const SgdStep& step, std::size_t count, float* value, const float* gradient,
              float* velocity) {
  for (std::size_t i = 0; i < count; ++i) {
    const float g = gradient[i] * step.gradient_factor + step.decay * value[i];
    velocity[i] = step.first ? g : step.momentum * velocity[i] + g;
    value[i] -= step.rate * (step.nesterov ? g + step.momentum * velocity[i] : velocity[i]);
  }
}

VIDCLASS_FOR_EACH_CPU
double sum_of_squares(std::span<const float> values) {
  constexpr std::size_t parts = 16;
  double sums[parts] = {};
  std::size_t i = 0;
  for (; i + parts <= values.size(); i += parts) {
    for (std::size_t part = 0; part < parts; ++part) {
      const double value = values[i + part];
      sums[part] += value * value;
    }
  }
  double sum = 0;
  for (; i < values.size(); ++i) sum += static_cast<double>(values[i]) * values[i];
  for (const double part : sums) sum += part;
  return sum;
}

void restore(std::vector<float>& target, const NamedTensors& state, const std::string& name) {
  const auto found = state.find(name);
  if (found == state.end() || found->second.dtype() != DType::f32 ||
      found->second.size() != target.size()) {
    throw Error(format("the optimiser's state has no fitting \"{}\"", name));
  }
  const auto values = found->second.data<float>();
  std::copy(values.begin(), values.end(), target.begin());
}

}  // namespace

Optimiser::Optimiser(const Recipe& recipe, std::span<const Parameter> parameters)
    : kind_(recipe.optimiser),
      epsilon_(recipe.adam_epsilon),
      momentum_(recipe.momentum),
      nesterov_(recipe.nesterov),
      weight_decay_(recipe.weight_decay),
      clip_norm_(recipe.clip_norm) {
  for (const Parameter& parameter : parameters) {
    const std::size_t count = parameter.value.size();
    const bool squares = kind_ != OptimiserKind::sgd;
    slots_.push_back(
        {parameter, std::vector<float>(count), std::vector<float>(squares ? count : 0)});
  }
}

double Optimiser::step(double learning_rate) {
  double squares = 0;
  for (const Slot& slot : slots_) squares += sum_of_squares(slot.parameter.gradient);
  const double norm = std::sqrt(squares);
  if (!std::isfinite(norm)) return norm;

  const bool shorten = clip_norm_ > 0 && norm > clip_norm_;
  const auto factor = static_cast<float>(shorten ? clip_norm_ / norm : 1.0);
  ++steps_;
  const auto t = static_cast<double>(steps_);
  for (Slot& slot : slots_) {
    const Parameter& parameter = slot.parameter;
    const double decay = parameter.decays ? weight_decay_ : 0;
    const bool decoupled = kind_ == OptimiserKind::adamw;
    if (kind_ == OptimiserKind::sgd) {
      const SgdStep settings{.rate = static_cast<float>(learning_rate),
                             .decay = static_cast<float>(decay),
                             .momentum = static_cast<float>(momentum_),
                             .gradient_factor = factor,
                             .first = steps_ == 1,
                             .nesterov = nesterov_};
      step_sgd(settings, parameter.value.size(), parameter.value.data(), parameter.gradient.data(),
               slot.first.data());
    } else {
      const AdamStep settings{
          .shrink = static_cast<float>(decoupled ? 1 - learning_rate * decay : 1.0),
          .decay = static_cast<float>(decoupled ? 0.0 : decay),
          .rate = static_cast<float>(learning_rate / (1 - std::pow(beta1, t))),
          .correction = static_cast<float>(1 / std::sqrt(1 - std::pow(beta2, t))),
          .epsilon = static_cast<float>(epsilon_),
          .gradient_factor = factor};
      step_adam(settings, parameter.value.size(), parameter.value.data(), parameter.gradient.data(),
                slot.first.data(), slot.second.data());
    }
    std::fill(parameter.gradient.begin(), parameter.gradient.end(), 0.0F);
  }
  return norm;
}

NamedTensors Optimiser::state() const {
  NamedTensors state;
  state["steps"] = Tensor::from<std::int64_t>({1}, std::vector{steps_});
  for (const Slot& slot : slots_) {
    state[slot.parameter.name + "/first"] = Tensor::from<float>({slot.first.size()}, slot.first);
    if (slot.second.empty()) continue;
    state[slot.parameter.name + "/second"] = Tensor::from<float>({slot.second.size()}, slot.second);
  }
  return state;
}

void Optimiser::set_state(const NamedTensors& state) {
  const auto steps = state.find("steps");
  if (steps == state.end() || steps->second.dtype() != DType::i64 || steps->second.size() != 1) {
    throw Error("the optimiser's state has no number of steps");
  }
  steps_ = steps->second.data<std::int64_t>()[0];
  for (Slot& slot : slots_) {
    restore(slot.first, state, slot.parameter.name + "/first");
    if (!slot.second.empty()) restore(slot.second, state, slot.parameter.name + "/second");
  }
}

}  // namespace vidclass::train
