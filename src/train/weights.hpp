// What a head with written-out gradients is made of.
#pragma once

#include <deque>
#include <span>
#include <string>
#include <vector>

#include "core/random.hpp"
#include "core/safetensors.hpp"
#include "train/learner.hpp"

namespace vidclass::train {

struct Weight {
  std::string name;
  Shape shape;
  std::vector<float> value;
  std::vector<float> gradient;
  bool decays = false;
};

/// The weights of one head; a reference to one stays valid.
class Weights {
public:
  /// Values start at zero; it decays unless it is a "bias".
  Weight& add(const std::string& name, Shape shape);

  [[nodiscard]] std::vector<Parameter> parameters();
  [[nodiscard]] NamedTensors tensors() const;

private:
  std::deque<Weight> weights_;
};

/// Uniform between -l and l, l = sqrt(6 / (in + out)), for a kernel [in, out] (Glorot
/// and Bengio 2010; keras.initializers.GlorotUniform).
void initialise_glorot_uniform(Weight& kernel, Random& random);

/// Makes rows orthonormal, in turn, by Gram and Schmidt. Of one that depends on those before it
/// nothing is left but zeros.
void orthonormalise(std::vector<std::vector<double>>& rows);

/// Orthonormal rows for a kernel [rows, columns], rows <= columns, uniformly
/// distributed (keras.initializers.Orthogonal).
void initialise_orthogonal(Weight& kernel, Random& random);

}  // namespace vidclass::train
