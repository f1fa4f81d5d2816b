#include "train/gru_layer.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

#include "core/cpu_clones.hpp"

namespace vidclass::train {
namespace {

/// e^x to about 1 in 10^7: 2^n times a polynomial on [-ln 2 / 2, ln 2 / 2] (Cephes,
/// expf). Without branches and calls, so that loops over it become vector code.
VIDCLASS_INLINE float exponential(float x) {
  const float bounded = std::min(std::max(x, -87.0F), 88.0F);
  constexpr float round_to_whole = 12582912.0F;  // 1.5 * 2^23
  const float n = (bounded * 1.44269504F + round_to_whole) - round_to_whole;
  const float f = bounded - n * 0.693359375F + n * 2.12194440e-4F;
  float p = 1.9875691500e-4F;
  p = p * f + 1.3981999507e-3F;
  p = p * f + 8.3334519073e-3F;
  p = p * f + 4.1665795894e-2F;
  p = p * f + 1.6666665459e-1F;
  p = p * f + 5.0000001201e-1F;
  p = p * f * f + f + 1.0F;
  const auto power = static_cast<std::uint32_t>(static_cast<std::int32_t>(n) + 127) << 23U;
  return p * std::bit_cast<float>(power);
}

VIDCLASS_INLINE float sigmoid(float x) { return 1.0F / (1.0F + exponential(-x)); }
VIDCLASS_INLINE float hyperbolic_tangent(float x) {
  return 2.0F / (1.0F + exponential(-2.0F * x)) - 1.0F;
}

/// A frame of one clip. `activations` holds x K + b on entry and z, r, c afterwards; `from_state`
/// is h U + b', `before` is h, null for zeros.
VIDCLASS_FOR_EACH_CPU
void run_frame(std::size_t units, const float* from_state, const float* before, float* activations,
               float* candidate_in, float* state) {
  float* z = activations;
  float* r = z + units;
  float* c = r + units;
  for (std::size_t j = 0; j < 2 * units; ++j) z[j] = sigmoid(z[j] + from_state[j]);
  for (std::size_t j = 0; j < units; ++j) {
    candidate_in[j] = from_state[2 * units + j];
    c[j] = hyperbolic_tangent(c[j] + r[j] * candidate_in[j]);
    state[j] = (1.0F - z[j]) * c[j];
  }
  if (before == nullptr) return;
  for (std::size_t j = 0; j < units; ++j) state[j] += z[j] * before[j];
}

/// The way back through it. `by_state`: gradient by the state that it leaves, on return what of
/// that by the state before does not go through U. `by_input` and `by_gates`: gradients by x K + b
/// and by h U + b'.
VIDCLASS_FOR_EACH_CPU
void run_frame_back(std::size_t units, const float* activations, const float* candidate_in,
                    const float* before, float* by_state, float* by_input, float* by_gates) {
  const float* z = activations;
  const float* r = z + units;
  const float* c = r + units;
  for (std::size_t j = 0; j < units; ++j) {
    const float h = by_state[j];
    const float by_c = h * (1.0F - z[j]) * (1.0F - c[j] * c[j]);
    const float found = before == nullptr ? 0.0F : before[j];
    const float by_z = h * (found - c[j]) * z[j] * (1.0F - z[j]);
    const float by_r = by_c * candidate_in[j] * r[j] * (1.0F - r[j]);
    by_input[j] = by_gates[j] = by_z;
    by_input[units + j] = by_gates[units + j] = by_r;
    by_input[2 * units + j] = by_c;
    by_gates[2 * units + j] = by_c * r[j];
    by_state[j] = h * z[j];
  }
}

/// Adds each column's sum of `values` [rows, columns].
void add_sums(std::span<const float> values, std::size_t columns, float* sums) {
  for (std::size_t i = 0; i < values.size(); i += columns) {
    for (std::size_t j = 0; j < columns; ++j) sums[j] += values[i + j];
  }
}

}  // namespace

GruLayer::GruLayer(Weights& weights, const std::string& name, std::size_t inputs, std::size_t units,
                   Random& random)
    : inputs_(inputs),
      units_(units),
      gates_(3 * units),
      kernel_(weights.add(name + "/kernel", {inputs, gates_})),
      recurrent_(weights.add(name + "/recurrent_kernel", {units, gates_})),
      bias_(weights.add(name + "/bias", {2, gates_})) {
  initialise_glorot_uniform(kernel_, random);
  initialise_orthogonal(recurrent_, random);
}

std::vector<GruLayer::Step> GruLayer::steps_of(const Sequences& sequences) {
  std::vector<Step> steps;
  for (std::size_t clip = 0; clip < sequences.clips(); ++clip) {
    steps.resize(std::max(steps.size(), sequences.frames(clip)));
    for (std::size_t t = 0; t < sequences.frames(clip); ++t) {
      steps[t].clips.push_back(clip);
      steps[t].rows.push_back(sequences.starts[clip] + t);
    }
  }
  return steps;
}

const std::vector<float>& GruLayer::forward(const Sequences& sequences) {
  sequences_ = &sequences;
  const std::size_t rows = sequences.rows.size();
  states_.resize(rows * units_);
  activations_.resize(rows * gates_);
  candidate_in_.resize(rows * units_);
  multiply(sequences.rows, inputs_, kernel_.value.data(), gates_, bias_.value.data(),
           activations_.data());
  const float* bias = bias_.value.data() + gates_;
  std::vector<float> from_states(sequences.clips() * gates_);
  std::vector<const float*> before;
  steps_ = steps_of(sequences);
  for (std::size_t t = 0; t < steps_.size(); ++t) {
    const Step& step = steps_[t];
    before.clear();
    for (const std::size_t row : step.rows) before.push_back(state_before(row, t));
    if (t > 0) multiply(before, units_, recurrent_.value.data(), gates_, bias, from_states.data());
    for (std::size_t i = 0; i < step.rows.size(); ++i) {
      const std::size_t row = step.rows[i];
      run_frame(units_, t > 0 ? from_states.data() + i * gates_ : bias, before[i],
                activations_.data() + row * gates_, candidate_in_.data() + row * units_,
                states_.data() + row * units_);
    }
  }
  return states_;
}

void GruLayer::backward(std::span<const float> states) {
  const std::size_t rows = sequences_->rows.size();
  of_input_.resize(rows * gates_);
  of_state_.resize(rows * gates_);
  // Gradient by the state that a clip's frame leaves, through the frames after it.
  std::vector<float> carried(sequences_->clips() * units_);
  std::vector<float> through_gates(carried.size());
  std::vector<const float*> by_gates;
  for (std::size_t t = steps_.size(); t-- > 0;) {
    const Step& step = steps_[t];
    by_gates.clear();
    for (std::size_t i = 0; i < step.rows.size(); ++i) {
      const std::size_t row = step.rows[i];
      float* by_state = carried.data() + step.clips[i] * units_;
      for (std::size_t j = 0; j < units_; ++j) by_state[j] += states[row * units_ + j];
      run_frame_back(units_, activations_.data() + row * gates_,
                     candidate_in_.data() + row * units_, state_before(row, t), by_state,
                     of_input_.data() + row * gates_, of_state_.data() + row * gates_);
      by_gates.push_back(of_state_.data() + row * gates_);
    }
    if (t == 0) break;
    multiply_transposed(by_gates, gates_, recurrent_.value.data(), units_, through_gates.data());
    for (std::size_t i = 0; i < step.rows.size(); ++i) {
      float* by_state = carried.data() + step.clips[i] * units_;
      for (std::size_t j = 0; j < units_; ++j) by_state[j] += through_gates[i * units_ + j];
    }
  }
  const std::vector<float> zeros(units_);
  std::vector<const float*> before(rows, zeros.data());
  for (std::size_t t = 1; t < steps_.size(); ++t) {
    for (const std::size_t row : steps_[t].rows) before[row] = state_before(row, t);
  }
  add_outer_products(sequences_->rows, inputs_, of_input_.data(), gates_, kernel_.gradient.data());
  add_outer_products(before, units_, of_state_.data(), gates_, recurrent_.gradient.data());
  add_sums(of_input_, gates_, bias_.gradient.data());
  add_sums(of_state_, gates_, bias_.gradient.data() + gates_);
}

std::vector<float> GruLayer::input_gradients() const {
  const auto rows = rows_of(of_input_, gates_);
  std::vector<float> gradients(rows.size() * inputs_);
  multiply_transposed(rows, gates_, kernel_.value.data(), inputs_, gradients.data());
  return gradients;
}

}  // namespace vidclass::train
