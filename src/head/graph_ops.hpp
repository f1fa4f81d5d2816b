// Shorthand for the nodes that heads are built of.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <openvino/opsets/opset8.hpp>

#include "vidclass/tensor.hpp"

namespace vidclass::head {

namespace op = ov::opset8;
using Value = ov::Output<ov::Node>;

inline Value constant(const ov::Shape& shape, const std::vector<float>& values) {
  return std::make_shared<op::Constant>(ov::element::f32, shape, values);
}
inline Value constant(const Tensor& tensor) {
  return std::make_shared<op::Constant>(ov::element::f32, ov::Shape(tensor.shape()),
                                        tensor.data<float>().data());
}
inline Value integers(const std::vector<std::int64_t>& values) {
  return std::make_shared<op::Constant>(ov::element::i64, ov::Shape{values.size()}, values);
}
inline Value integer(std::int64_t value) {
  return std::make_shared<op::Constant>(ov::element::i64, ov::Shape{}, value);
}
inline Value add(const Value& a, const Value& b) { return std::make_shared<op::Add>(a, b); }
inline Value subtract(const Value& a, const Value& b) {
  return std::make_shared<op::Subtract>(a, b);
}
inline Value multiply(const Value& a, const Value& b) {
  return std::make_shared<op::Multiply>(a, b);
}
inline Value divide(const Value& a, const Value& b) { return std::make_shared<op::Divide>(a, b); }
inline Value relu(const Value& x) { return std::make_shared<op::Relu>(x); }
inline Value softmax(const Value& x) { return std::make_shared<op::Softmax>(x, 1); }
inline Value unsqueeze(const Value& x, const std::vector<std::int64_t>& axes) {
  return std::make_shared<op::Unsqueeze>(x, integers(axes));
}
/// [rows, columns] to [1, columns, rows].
inline Value transposed(const Tensor& matrix) {
  const auto values = matrix.data<float>();
  const std::size_t rows = matrix.dim(0);
  const std::size_t columns = matrix.dim(1);
  std::vector<float> turned;
  turned.reserve(values.size());
  for (std::size_t c = 0; c < columns; ++c) {
    for (std::size_t r = 0; r < rows; ++r) turned.push_back(values[r * columns + c]);
  }
  return constant({1, columns, rows}, turned);
}
/// Keras's two biases of a GRU with reset_after, [2, 3 units], as OpenVINO takes them: those of
/// the first two gates, which are only ever added, are joined, [1, 4 units].
inline Value joined_gru_bias(const Tensor& bias) {
  const auto values = bias.data<float>();
  const std::size_t gates = bias.dim(1);  // 3 units
  const std::size_t joined = gates / 3 * 2;
  std::vector<float> result;
  for (std::size_t i = 0; i < joined; ++i) result.push_back(values[i] + values[gates + i]);
  for (const auto part : {values.first(gates), values.last(gates)}) {
    result.insert(result.end(), part.begin() + static_cast<std::ptrdiff_t>(joined), part.end());
  }
  return constant({1, result.size()}, result);
}

}  // namespace vidclass::head
