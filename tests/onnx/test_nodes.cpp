// Each operation, written as ONNX and read back by OpenVINO, computes what it did.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include <openvino/openvino.hpp>
#include <openvino/opsets/opset8.hpp>

#include "onnx/writer.hpp"
#include "support/files.hpp"
#include "support/head_fixtures.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass::onnx {
namespace {

namespace op = ov::opset8;
using Value = ov::Output<ov::Node>;
using vidclass::testing::made_up_tensor;
using vidclass::testing::TempDir;

struct Operation {
  const char* name;
  ov::Shape input;
  std::function<Value(const Value& x)> apply;
};
std::ostream& operator<<(std::ostream& out, const Operation& each) { return out << each.name; }

Value floats(const ov::Shape& shape, std::uint64_t seed = 7) {
  const Tensor values = made_up_tensor(Shape(shape), seed);
  return op::Constant::create(
      ov::element::f32, shape,
      std::vector<float>(values.data<float>().begin(), values.data<float>().end()));
}
Value integers(const std::vector<std::int64_t>& values) {
  return op::Constant::create(ov::element::i64, {values.size()}, values);
}
Value integer(std::int64_t value) { return op::Constant::create(ov::element::i64, {}, {value}); }

std::shared_ptr<ov::Model> model_of(const Operation& operation, bool any_batch) {
  ov::PartialShape shape(operation.input);
  if (any_batch) shape[0] = ov::Dimension::dynamic();
  const auto x = std::make_shared<op::Parameter>(ov::element::f32, shape);
  x->output(0).set_names({"x"});
  Value y = operation.apply(x);
  y.set_names({"y"});
  return std::make_shared<ov::Model>(ov::ResultVector{std::make_shared<op::Result>(y)},
                                     ov::ParameterVector{x}, "one");
}

std::vector<float> run(const std::shared_ptr<ov::Model>& model, const ov::Shape& shape) {
  ov::Core core;
  auto request = core.compile_model(model, "CPU", ov::hint::inference_precision(ov::element::f32))
                     .create_infer_request();
  const Tensor values = made_up_tensor(Shape(shape), 3);
  ov::Tensor x(ov::element::f32, shape);
  std::copy_n(values.data<float>().data(), values.size(), x.data<float>());
  request.set_input_tensor(x);
  request.infer();
  const ov::Tensor y = request.get_output_tensor();
  return {y.data<float>(), y.data<float>() + y.get_size()};
}

class EveryOperation : public ::testing::TestWithParam<Operation> {};

TEST_P(EveryOperation, ComputesTheSameAsOnnx) {
  const Operation& operation = GetParam();
  const TempDir dir;
  const auto model = model_of(operation, true);
  write(*model, {}, dir / "one.onnx");
  const auto expected = run(model, operation.input);
  const auto found = run(ov::Core().read_model(dir / "one.onnx"), operation.input);
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) ASSERT_NEAR(found[i], expected[i], 1e-5) << i;
}

template <typename Node>
Operation unary(const char* name) {
  return {name, {2, 3}, [](const Value& x) -> Value { return std::make_shared<Node>(x); }};
}
template <typename Node>
Operation binary(const char* name) {
  return {name, {2, 3}, [](const Value& x) -> Value {
            return std::make_shared<Node>(x, std::make_shared<op::Exp>(floats({3})));
          }};
}

Value gru(const Value& x) {
  const std::size_t units = 4;
  const auto shape = std::make_shared<op::ShapeOf>(x, ov::element::i64);
  const auto batch = std::make_shared<op::Gather>(shape, integers({0}), integer(0));
  const auto state = std::make_shared<op::Broadcast>(
      op::Constant::create(ov::element::f32, {}, {0.25F}),
      std::make_shared<op::Concat>(ov::OutputVector{batch, integers({1, 4})}, 0));
  const auto steps =
      std::make_shared<op::Broadcast>(op::Constant::create(ov::element::i32, {}, {5}), batch);
  const auto layer = std::make_shared<op::GRUSequence>(
      x, state, steps, floats({1, 3 * units, 3}, 1), floats({1, 3 * units, units}, 2),
      floats({1, 4 * units}, 3), units, ov::op::RecurrentSequenceDirection::FORWARD,
      std::vector<std::string>{"sigmoid", "tanh"}, std::vector<float>{}, std::vector<float>{}, 0.F,
      true);
  return layer->output(0);
}

INSTANTIATE_TEST_SUITE_P(
    Elementwise, EveryOperation,
    ::testing::Values(
        unary<op::Relu>("Relu"), unary<op::Sigmoid>("Sigmoid"), unary<op::Tanh>("Tanh"),
        unary<op::Cos>("Cos"), unary<op::Exp>("Exp"), unary<op::Abs>("Abs"),
        unary<op::Negative>("Negative"), unary<op::HSwish>("HSwish"),
        unary<op::HSigmoid>("HSigmoid"), unary<op::Swish>("Swish"), unary<op::SoftPlus>("SoftPlus"),
        Operation{"Elu",
                  {2, 3},
                  [](const Value& x) -> Value { return std::make_shared<op::Elu>(x, 0.5); }},
        Operation{"Selu",
                  {2, 3},
                  [](const Value& x) -> Value {
                    const auto number = [](float value) {
                      return op::Constant::create(ov::element::f32, {1}, {value});
                    };
                    return std::make_shared<op::Selu>(x, number(1.5F), number(1.25F));
                  }},
        Operation{"Gelu",
                  {2, 3},
                  [](const Value& x) -> Value {
                    return std::make_shared<op::Gelu>(x, ov::op::GeluApproximationMode::ERF);
                  }},
        Operation{"LayerNormalization",
                  {2, 3},
                  [](const Value& x) -> Value {
                    return std::make_shared<op::MVN>(x, integers({-1}), true, 1e-3F,
                                                     ov::op::MVNEpsMode::INSIDE_SQRT);
                  }},
        Operation{"Sqrt",
                  {2, 3},
                  [](const Value& x) -> Value {
                    return std::make_shared<op::Sqrt>(std::make_shared<op::Abs>(x));
                  }},
        Operation{"Clamp",
                  {2, 3},
                  [](const Value& x) -> Value { return std::make_shared<op::Clamp>(x, -.5, .25); }},
        Operation{"Softmax",
                  {2, 3},
                  [](const Value& x) -> Value { return std::make_shared<op::Softmax>(x, -1); }},
        binary<op::Add>("Add"), binary<op::Subtract>("Subtract"), binary<op::Multiply>("Multiply"),
        binary<op::Divide>("Divide"), binary<op::Maximum>("Maximum"),
        binary<op::Minimum>("Minimum"),
        Operation{"Power",
                  {2, 3},
                  [](const Value& x) -> Value {
                    return std::make_shared<op::Power>(std::make_shared<op::Abs>(x), floats({3}));
                  }},
        Operation{"LessThenConvert",
                  {2, 3},
                  [](const Value& x) -> Value {
                    return std::make_shared<op::Convert>(std::make_shared<op::Less>(x, floats({3})),
                                                         ov::element::f32);
                  }}),
    [](const auto& each) { return each.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Shapes, EveryOperation,
    ::testing::Values(
        Operation{"Transpose",
                  {2, 3, 4},
                  [](const Value& x) -> Value {
                    return std::make_shared<op::Transpose>(x, integers({2, 0, 1}));
                  }},
        Operation{"ReshapeWithZeros",
                  {2, 3, 4},
                  [](const Value& x) -> Value {
                    return std::make_shared<op::Reshape>(x, integers({0, -1}), true);
                  }},
        Operation{"SqueezeAndUnsqueeze",
                  {2, 1, 4},
                  [](const Value& x) -> Value {
                    return std::make_shared<op::Unsqueeze>(
                        std::make_shared<op::Squeeze>(x, integers({1})), integers({-1}));
                  }},
        Operation{"ConcatOfPartsExchanged",
                  {2, 5},
                  [](const Value& x) -> Value {
                    const auto parts =
                        std::make_shared<op::VariadicSplit>(x, integer(1), integers({2, 3}));
                    return std::make_shared<op::Concat>(
                        ov::OutputVector{parts->output(1), parts->output(0)}, 1);
                  }},
        Operation{"SplitInEqualParts",
                  {2, 6},
                  [](const Value& x) -> Value {
                    const auto parts = std::make_shared<op::Split>(x, integer(1), 3);
                    return std::make_shared<op::Subtract>(parts->output(2), parts->output(0));
                  }},
        Operation{"RangeOverAShape",
                  {2, 3},
                  [](const Value& x) -> Value {
                    const auto length = std::make_shared<op::Gather>(
                        std::make_shared<op::ShapeOf>(x, ov::element::i64), integer(1), integer(0));
                    return std::make_shared<op::Add>(
                        x, std::make_shared<op::Range>(integer(0), length, integer(1),
                                                       ov::element::f32));
                  }},
        Operation{"Broadcast",
                  {2, 1},
                  [](const Value& x) -> Value {
                    return std::make_shared<op::Broadcast>(x, integers({2, 4}));
                  }},
        Operation{"Pad",
                  {1, 2, 3, 3},
                  [](const Value& x) -> Value {
                    return std::make_shared<op::Pad>(
                        x, integers({0, 0, 1, 0}), integers({0, 0, 2, 1}),
                        op::Constant::create(ov::element::f32, {}, {7.F}),
                        ov::op::PadMode::CONSTANT);
                  }},
        Operation{"ReverseSequence",
                  {2, 4, 3},
                  [](const Value& x) -> Value {
                    return std::make_shared<op::ReverseSequence>(
                        x, op::Constant::create(ov::element::i32, {2}, {2, 4}), 0, 1);
                  }},
        Operation{"ReduceSum",
                  {2, 3, 4},
                  [](const Value& x) -> Value {
                    return std::make_shared<op::ReduceSum>(x, integers({1}), true);
                  }},
        Operation{"ReduceMean",
                  {2, 3, 4},
                  [](const Value& x) -> Value {
                    return std::make_shared<op::ReduceMean>(x, integers({1, 2}), false);
                  }},
        Operation{"ReduceMax",
                  {2, 3, 4},
                  [](const Value& x) -> Value {
                    return std::make_shared<op::ReduceMax>(x, integers({-1}), false);
                  }},
        Operation{"MatMulTransposed",
                  {2, 3, 4},
                  [](const Value& x) -> Value {
                    return std::make_shared<op::MatMul>(x, floats({5, 3}), true, true);
                  }}),
    [](const auto& each) { return each.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Layers, EveryOperation,
    ::testing::Values(Operation{"Convolution",
                                {1, 3, 7, 7},
                                [](const Value& x) -> Value {
                                  return std::make_shared<op::Convolution>(
                                      x, floats({4, 3, 3, 3}), ov::Strides{2, 2},
                                      ov::CoordinateDiff{0, 0}, ov::CoordinateDiff{0, 0},
                                      ov::Strides{1, 1}, ov::op::PadType::SAME_UPPER);
                                }},
                      Operation{"GroupConvolution",
                                {1, 4, 6, 6},
                                [](const Value& x) -> Value {
                                  return std::make_shared<op::GroupConvolution>(
                                      x, floats({2, 3, 2, 3, 3}), ov::Strides{1, 1},
                                      ov::CoordinateDiff{1, 0}, ov::CoordinateDiff{0, 1},
                                      ov::Strides{1, 1});
                                }},
                      Operation{"MaxPool",
                                {1, 2, 6, 6},
                                [](const Value& x) -> Value {
                                  return std::make_shared<ov::op::v1::MaxPool>(
                                      x, ov::Strides{2, 2}, ov::Shape{0, 0}, ov::Shape{1, 1},
                                      ov::Shape{3, 3}, ov::op::RoundingType::FLOOR,
                                      ov::op::PadType::SAME_UPPER);
                                }},
                      Operation{"AvgPool",
                                {1, 2, 6, 6},
                                [](const Value& x) -> Value {
                                  return std::make_shared<op::AvgPool>(
                                      x, ov::Strides{2, 2}, ov::Shape{1, 1}, ov::Shape{1, 1},
                                      ov::Shape{3, 3}, true, ov::op::RoundingType::FLOOR);
                                }},
                      Operation{"AdaptiveAvgPool",
                                {1, 2, 6, 6},
                                [](const Value& x) -> Value {
                                  return std::make_shared<op::AdaptiveAvgPool>(x, integers({3, 2}));
                                }},
                      Operation{"BatchNormInference",
                                {1, 3, 2, 2},
                                [](const Value& x) -> Value {
                                  return std::make_shared<op::BatchNormInference>(
                                      x, floats({3}, 1), floats({3}, 2), floats({3}, 3),
                                      std::make_shared<op::Exp>(floats({3}, 4)), 1e-3);
                                }},
                      Operation{"GRUSequence", {2, 5, 3}, gru}),
    [](const auto& each) { return each.param.name; });

TEST(OnnxWriter, NamesAnOperationThatItDoesNotKnow) {
  const TempDir dir;
  const Operation unknown = unary<op::Mish>("Mish");
  const std::string message = vidclass::testing::message_of<Error>(
      [&] { write(*model_of(unknown, false), {}, dir / "one.onnx"); });
  EXPECT_NE(message.find("the operation Mish"), std::string::npos) << message;
}

TEST(OnnxWriter, RefusesAGruThatRunsBackward) {
  const TempDir dir;
  const Operation backward{
      "Backward", {2, 5, 3}, [](const Value& x) -> Value {
        const auto node = ov::as_type_ptr<op::GRUSequence>(gru(x).get_node_shared_ptr());
        return std::make_shared<op::GRUSequence>(
                   x, node->input_value(1), node->input_value(2), node->input_value(3),
                   node->input_value(4), node->input_value(5), 4,
                   ov::op::RecurrentSequenceDirection::REVERSE,
                   std::vector<std::string>{"sigmoid", "tanh"}, std::vector<float>{},
                   std::vector<float>{}, 0.F, true)
            ->output(0);
      }};
  const std::string message = vidclass::testing::message_of<Error>(
      [&] { write(*model_of(backward, false), {}, dir / "one.onnx"); });
  EXPECT_NE(message.find("runs backward"), std::string::npos) << message;
}

TEST(OnnxWriter, StoresLargeWeightsInHalfTheRoom) {
  const TempDir dir;
  const Operation large{"Large", {2, 64}, [](const Value& x) -> Value {
                          return std::make_shared<op::MatMul>(x, floats({64, 64}));
                        }};
  write(*model_of(large, true), {.half = true}, dir / "half.onnx");
  EXPECT_LT(std::filesystem::file_size(dir / "half.onnx"), 64U * 64 * 2 + 1000);
}

}  // namespace
}  // namespace vidclass::onnx
