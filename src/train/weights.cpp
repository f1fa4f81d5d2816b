#include "train/weights.hpp"

#include <cmath>
#include <numbers>
#include <utility>

namespace vidclass::train {
namespace {

/// Standard normal (Box and Muller 1958).
double normal(Random& random) {
  const double radius = std::sqrt(-2 * std::log(1 - random.unit()));
  return radius * std::cos(2 * std::numbers::pi * random.unit());
}

}  // namespace

Weight& Weights::add(const std::string& name, Shape shape) {
  const std::size_t count = element_count(shape);
  return weights_.emplace_back(Weight{.name = name,
                                      .shape = std::move(shape),
                                      .value = std::vector<float>(count),
                                      .gradient = std::vector<float>(count),
                                      .decays = !name.ends_with("bias")});
}

std::vector<Parameter> Weights::parameters() {
  std::vector<Parameter> parameters;
  for (Weight& weight : weights_) {
    parameters.push_back({weight.name, weight.value, weight.gradient, weight.decays});
  }
  return parameters;
}

NamedTensors Weights::tensors() const {
  NamedTensors tensors;
  for (const Weight& weight : weights_) {
    tensors[weight.name] = Tensor::from<float>(weight.shape, weight.value);
  }
  return tensors;
}

void initialise_glorot_uniform(Weight& kernel, Random& random) {
  const auto limit = static_cast<float>(
      std::sqrt(6.0 / static_cast<double>(kernel.shape.at(0) + kernel.shape.at(1))));
  for (float& value : kernel.value) value = random.between(-limit, limit);
}

void initialise_orthogonal(Weight& kernel, Random& random) {
  const std::size_t rows = kernel.shape.at(0), columns = kernel.shape.at(1);
  std::vector<std::vector<double>> done;
  for (std::size_t i = 0; i < rows; ++i) {
    std::vector<double> row(columns);
    for (double& value : row) value = normal(random);
    // Gram and Schmidt: a normal vector without its share in the rows before has a
    // uniformly distributed direction among those left.
    for (const auto& other : done) {
      double product = 0;
      for (std::size_t j = 0; j < columns; ++j) product += row[j] * other[j];
      for (std::size_t j = 0; j < columns; ++j) row[j] -= product * other[j];
    }
    double squares = 0;
    for (const double value : row) squares += value * value;
    for (double& value : row) value /= std::sqrt(squares);
    for (std::size_t j = 0; j < columns; ++j) {
      kernel.value[i * columns + j] = static_cast<float>(row[j]);
    }
    done.push_back(std::move(row));
  }
}

}  // namespace vidclass::train
