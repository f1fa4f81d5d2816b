#include "train/weights.hpp"

#include <algorithm>
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

double product_of(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t d = 0; d < a.size(); ++d) sum += a[d] * b[d];
  return sum;
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

void orthonormalise(std::vector<std::vector<double>>& rows) {
  constexpr double nothing = 1e-9;  // what is left of a row, as a share of it, by rounding
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::vector<double>& row = rows[i];
    const double before = std::sqrt(product_of(row, row));
    for (std::size_t j = 0; j < i; ++j) {
      const double share = product_of(row, rows[j]);
      for (std::size_t d = 0; d < row.size(); ++d) row[d] -= share * rows[j][d];
    }
    const double length = std::sqrt(product_of(row, row));
    const bool is_left = length > nothing * before;
    for (double& value : row) value = is_left ? value / length : 0;
  }
}

void initialise_orthogonal(Weight& kernel, Random& random) {
  // A normal vector without its share in the rows before has a uniformly distributed direction
  // among those left.
  std::vector<std::vector<double>> rows(kernel.shape.at(0));
  for (auto& row : rows) {
    row.resize(kernel.shape.at(1));
    for (double& value : row) value = normal(random);
  }
  orthonormalise(rows);
  auto target = kernel.value.begin();
  for (const auto& row : rows) target = std::copy(row.begin(), row.end(), target);
}

}  // namespace vidclass::train
