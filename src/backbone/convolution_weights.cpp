#include "backbone/convolution_weights.hpp"

#include <openvino/op/constant.hpp>

namespace vidclass::backbone {

ConvolutionWeights::ConvolutionWeights(const WeightedConvolution& convolution) {
  const auto constant =
      ov::as_type_ptr<ov::op::v0::Constant>(convolution.node->get_input_node_shared_ptr(1));
  const ov::Shape& shape = constant->get_shape();
  values = {constant->get_data_ptr<float>(), ov::shape_size(shape)};
  const std::size_t first = convolution.grouped ? 1 : 0;
  out_per_group = shape[first];
  out = convolution.grouped ? shape[0] * out_per_group : out_per_group;
  in = shape[first + 1];
  positions = shape[first + 2] * shape[first + 3];
}

}  // namespace vidclass::backbone
