#include "onnx/graph_builder.hpp"

#include <openvino/core/type/float16.hpp>
#include <openvino/op/constant.hpp>

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::onnx {
namespace {

void describe_value(::onnx::ValueInfoProto& info, const ov::Output<ov::Node>& value,
                    const std::string& name) {
  info.set_name(name);
  auto* type = info.mutable_type()->mutable_tensor_type();
  type->set_elem_type(element_type(value.get_element_type()));
  // Equal letters would say equal lengths, and these two are all that is free.
  const char* const free_lengths[] = {"batch", "time"};
  const ov::PartialShape& shape = value.get_partial_shape();
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    auto* length = type->mutable_shape()->add_dim();
    if (shape[axis].is_static()) {
      length->set_dim_value(shape[axis].get_length());
    } else if (axis < std::size(free_lengths)) {
      length->set_dim_param(free_lengths[axis]);
    }
  }
}

::onnx::AttributeProto& attribute(::onnx::NodeProto& node, const char* name,
                                  ::onnx::AttributeProto_AttributeType type) {
  auto* added = node.add_attribute();
  added->set_name(name);
  added->set_type(type);
  return *added;
}

}  // namespace

::onnx::TensorProto_DataType element_type(const ov::element::Type& type) {
  switch (type) {
    case ov::element::f32:
      return ::onnx::TensorProto_DataType_FLOAT;
    case ov::element::f16:
      return ::onnx::TensorProto_DataType_FLOAT16;
    case ov::element::i64:
      return ::onnx::TensorProto_DataType_INT64;
    case ov::element::i32:
      return ::onnx::TensorProto_DataType_INT32;
    case ov::element::u8:
      return ::onnx::TensorProto_DataType_UINT8;
    case ov::element::boolean:
      return ::onnx::TensorProto_DataType_BOOL;
    default:
      throw Error(format("values of the type {} cannot be written as ONNX", type.get_type_name()));
  }
}

void set(::onnx::NodeProto& node, const char* name, std::int64_t value) {
  attribute(node, name, ::onnx::AttributeProto_AttributeType_INT).set_i(value);
}
void set(::onnx::NodeProto& node, const char* name, const Integers& values) {
  auto& added = attribute(node, name, ::onnx::AttributeProto_AttributeType_INTS);
  for (const std::int64_t value : values) added.add_ints(value);
}
void set(::onnx::NodeProto& node, const char* name, const char* text) {
  attribute(node, name, ::onnx::AttributeProto_AttributeType_STRING).set_s(text);
}
void set(::onnx::NodeProto& node, const char* name, float value) {
  attribute(node, name, ::onnx::AttributeProto_AttributeType_FLOAT).set_f(value);
}

const std::string& GraphBuilder::name_of(const ov::Output<ov::Node>& value) {
  const auto found = names_.find(value);
  if (found != names_.end()) return found->second;
  return names_[value] = constant(*value.get_node(), "constant");
}

std::string GraphBuilder::unused_name(const std::string& wanted) {
  std::string name = wanted;
  for (int i = 1; !used_.insert(name).second; ++i) name = format("{}_{}", wanted, i);
  return name;
}

const std::string& GraphBuilder::declare(const ov::Output<ov::Node>& value,
                                         const std::string& wanted) {
  const auto found = names_.find(value);
  if (found != names_.end()) return found->second;
  return names_[value] = unused_name(wanted);
}

::onnx::NodeProto& GraphBuilder::add(const char* type, const Names& inputs, const Names& outputs) {
  ::onnx::NodeProto& node = *graph_.add_node();
  node.set_op_type(type);
  node.set_name(outputs.front());
  for (const std::string& input : inputs) node.add_input(input);
  for (const std::string& output : outputs) node.add_output(output);
  return node;
}

std::string GraphBuilder::add(const char* type, const Names& inputs) {
  std::string output = unused_name(type);
  add(type, inputs, {output});
  return output;
}

::onnx::TensorProto& GraphBuilder::initialiser(const std::string& name,
                                               ::onnx::TensorProto_DataType type,
                                               const Integers& shape) {
  ::onnx::TensorProto& tensor = *graph_.add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(type);
  for (const std::int64_t length : shape) tensor.add_dims(length);
  return tensor;
}

std::string GraphBuilder::integers(const Integers& values) {
  std::string name = unused_name("integers");
  auto& tensor = initialiser(name, ::onnx::TensorProto_DataType_INT64,
                             {static_cast<std::int64_t>(values.size())});
  tensor.set_raw_data(values.data(), values.size() * sizeof(std::int64_t));
  return name;
}

std::string GraphBuilder::integer(std::int64_t value) {
  std::string name = unused_name("integer");
  initialiser(name, ::onnx::TensorProto_DataType_INT64, {}).set_raw_data(&value, sizeof value);
  return name;
}

std::string GraphBuilder::real(float value) { return floats({}, {&value, 1}); }

std::string GraphBuilder::floats(const Integers& shape, std::span<const float> values) {
  return store_floats(unused_name("weights"), shape, values);
}

std::string GraphBuilder::store_floats(const std::string& name, const Integers& shape,
                                       std::span<const float> values) {
  if (!half_ || values.size() < half_from) {
    initialiser(name, ::onnx::TensorProto_DataType_FLOAT, shape)
        .set_raw_data(values.data(), values.size_bytes());
    return name;
  }
  std::vector<ov::float16> rounded(values.begin(), values.end());
  const std::string stored = unused_name(name + "_f16");
  initialiser(stored, ::onnx::TensorProto_DataType_FLOAT16, shape)
      .set_raw_data(rounded.data(), rounded.size() * sizeof(ov::float16));
  set(add("Cast", {stored}, {name}), "to", std::int64_t{::onnx::TensorProto_DataType_FLOAT});
  return name;
}

std::string GraphBuilder::constant(const ov::Node& node, const std::string& wanted) {
  const auto& values = dynamic_cast<const ov::op::v0::Constant&>(node);
  const ov::Shape& lengths = values.get_shape();
  const Integers shape(lengths.begin(), lengths.end());
  std::string name = unused_name(wanted);
  if (values.get_element_type() == ov::element::f32) {
    return store_floats(name, shape, {values.get_data_ptr<float>(), ov::shape_size(lengths)});
  }
  initialiser(name, element_type(values.get_element_type()), shape)
      .set_raw_data(values.get_data_ptr(), values.get_byte_size());
  return name;
}

void GraphBuilder::add_input(const ov::Output<ov::Node>& value, const std::string& name) {
  describe_value(*graph_.add_input(), value, declare(value, name));
}

void GraphBuilder::add_output(const ov::Output<ov::Node>& value, const std::string& name) {
  describe_value(*graph_.add_output(), value, name);
}

}  // namespace vidclass::onnx
