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

/// Runs one clip. `activations` holds x K + b on entry and z, r, c afterwards.
template <std::size_t units>
VIDCLASS_INLINE void run_clip(std::size_t frames, const float* recurrent, const float* bias,
                              float* activations, float* candidate_in, float* states) {
  constexpr std::size_t gates = 3 * units;
  float state[units] = {};
  for (std::size_t t = 0; t < frames; ++t) {
    float from_state[gates];
    for (std::size_t j = 0; j < gates; ++j) from_state[j] = bias[j];
    for (std::size_t k = 0; k < units; ++k) {
      for (std::size_t j = 0; j < gates; ++j) {
        from_state[j] += state[k] * recurrent[k * gates + j];
      }
    }
    float* z = activations + t * gates;
    float* r = z + units;
    float* c = r + units;
    for (std::size_t j = 0; j < 2 * units; ++j) z[j] = sigmoid(z[j] + from_state[j]);
    for (std::size_t j = 0; j < units; ++j) {
      const float candidate = from_state[2 * units + j];
      candidate_in[t * units + j] = candidate;
      c[j] = hyperbolic_tangent(c[j] + r[j] * candidate);
      state[j] = z[j] * state[j] + (1.0F - z[j]) * c[j];
      states[t * units + j] = state[j];
    }
  }
}

/// The way back through one clip. `transposed`: the recurrent kernel as [gates, units].
template <std::size_t units>
VIDCLASS_INLINE void run_clip_back(std::size_t frames, const float* transposed,
                                   const float* activations, const float* candidate_in,
                                   const float* states, const float* of_states, float* of_input,
                                   float* of_state) {
  constexpr std::size_t gates = 3 * units;
  float carried[units] = {};  // gradient by the state that frame t leaves
  for (std::size_t t = frames; t-- > 0;) {
    const float* z = activations + t * gates;
    const float* r = z + units;
    const float* c = r + units;
    float* by_input = of_input + t * gates;
    float* by_state = of_state + t * gates;
    float next[units];
    for (std::size_t j = 0; j < units; ++j) {
      const float before = t == 0 ? 0.0F : states[(t - 1) * units + j];
      const float h = carried[j] + of_states[t * units + j];
      const float by_c = h * (1.0F - z[j]) * (1.0F - c[j] * c[j]);
      const float by_z = h * (before - c[j]) * z[j] * (1.0F - z[j]);
      const float by_r = by_c * candidate_in[t * units + j] * r[j] * (1.0F - r[j]);
      by_input[j] = by_state[j] = by_z;
      by_input[units + j] = by_state[units + j] = by_r;
      by_input[2 * units + j] = by_c;
      by_state[2 * units + j] = by_c * r[j];
      next[j] = h * z[j];
    }
    for (std::size_t g = 0; g < gates; ++g) {
      for (std::size_t j = 0; j < units; ++j) next[j] += by_state[g] * transposed[g * units + j];
    }
    for (std::size_t j = 0; j < units; ++j) carried[j] = next[j];
  }
}

// target_clones does not reach templates.
VIDCLASS_FOR_EACH_CPU
void run_clip_8(std::size_t frames, const float* recurrent, const float* bias, float* activations,
                float* candidate_in, float* states) {
  run_clip<8>(frames, recurrent, bias, activations, candidate_in, states);
}
VIDCLASS_FOR_EACH_CPU
void run_clip_16(std::size_t frames, const float* recurrent, const float* bias, float* activations,
                 float* candidate_in, float* states) {
  run_clip<16>(frames, recurrent, bias, activations, candidate_in, states);
}
VIDCLASS_FOR_EACH_CPU
void run_clip_back_8(std::size_t frames, const float* transposed, const float* activations,
                     const float* candidate_in, const float* states, const float* of_states,
                     float* of_input, float* of_state) {
  run_clip_back<8>(frames, transposed, activations, candidate_in, states, of_states, of_input,
                   of_state);
}
VIDCLASS_FOR_EACH_CPU
void run_clip_back_16(std::size_t frames, const float* transposed, const float* activations,
                      const float* candidate_in, const float* states, const float* of_states,
                      float* of_input, float* of_state) {
  run_clip_back<16>(frames, transposed, activations, candidate_in, states, of_states, of_input,
                    of_state);
}

/// Adds each column's sum of `values` [rows, columns].
void add_sums(std::span<const float> values, std::size_t columns, float* sums) {
  for (std::size_t i = 0; i < values.size(); i += columns) {
    for (std::size_t j = 0; j < columns; ++j) sums[j] += values[i + j];
  }
}

}  // namespace

template <std::size_t units>
GruLayer<units>::GruLayer(Weights& weights, const std::string& name, std::size_t inputs,
                          Random& random)
    : inputs_(inputs),
      kernel_(weights.add(name + "/kernel", {inputs, gates})),
      recurrent_(weights.add(name + "/recurrent_kernel", {units, gates})),
      bias_(weights.add(name + "/bias", {2, gates})) {
  initialise_glorot_uniform(kernel_, random);
  initialise_orthogonal(recurrent_, random);
}

template <std::size_t units>
const std::vector<float>& GruLayer<units>::forward(const Sequences& sequences) {
  sequences_ = &sequences;
  const std::size_t rows = sequences.rows.size();
  states_.resize(rows * units);
  activations_.resize(rows * gates);
  candidate_in_.resize(rows * units);
  multiply(sequences.rows, inputs_, kernel_.value.data(), gates, bias_.value.data(),
           activations_.data());
  constexpr auto run = units == 8 ? run_clip_8 : run_clip_16;
  for (std::size_t i = 0; i + 1 < sequences.starts.size(); ++i) {
    const std::size_t first = sequences.starts[i];
    run(sequences.starts[i + 1] - first, recurrent_.value.data(), bias_.value.data() + gates,
        activations_.data() + first * gates, candidate_in_.data() + first * units,
        states_.data() + first * units);
  }
  return states_;
}

template <std::size_t units>
const std::vector<float>& GruLayer<units>::backward(std::span<const float> states) {
  const std::size_t rows = sequences_->rows.size();
  of_input_.resize(rows * gates);
  of_state_.resize(rows * gates);
  float transposed[gates * units];
  for (std::size_t k = 0; k < units; ++k) {
    for (std::size_t g = 0; g < gates; ++g) {
      transposed[g * units + k] = recurrent_.value[k * gates + g];
    }
  }
  constexpr auto run_back = units == 8 ? run_clip_back_8 : run_clip_back_16;
  static constexpr float zeros[units] = {};
  std::vector<const float*> before(rows);  // the state that each frame found
  for (std::size_t i = 0; i + 1 < sequences_->starts.size(); ++i) {
    const std::size_t first = sequences_->starts[i], end = sequences_->starts[i + 1];
    run_back(end - first, transposed, activations_.data() + first * gates,
             candidate_in_.data() + first * units, states_.data() + first * units,
             states.data() + first * units, of_input_.data() + first * gates,
             of_state_.data() + first * gates);
    for (std::size_t row = first; row < end; ++row) {
      before[row] = row == first ? zeros : states_.data() + (row - 1) * units;
    }
  }
  add_outer_products(sequences_->rows, inputs_, of_input_.data(), gates, kernel_.gradient.data());
  add_outer_products(before, units, of_state_.data(), gates, recurrent_.gradient.data());
  add_sums(of_input_, gates, bias_.gradient.data());
  add_sums(of_state_, gates, bias_.gradient.data() + gates);
  return of_input_;
}

template class GruLayer<8>;
template class GruLayer<16>;

}  // namespace vidclass::train
