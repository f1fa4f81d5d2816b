#include "backbone/convolution_weights.hpp"

#include <openvino/op/constant.hpp>

namespace vidclass::backbone {

ConvolutionWeights::ConvolutionWeights(const WeightedConvolution& convolution) {
  const auto constant =
      ov::as_type_ptr<ov::op::v0::Constant>(convolution.node->get_input_node_shared_ptr(1));
  const ov::Shape& shape = constant->get_shape();
  values = {constant->get_data_ptr<float>(), ov::shape_size(shape)};
  const auto first = shape.begin() + (convolution.grouped ? 1 : 0);
  out_per_group = first[0];
  out = convolution.grouped ? shape[0] * out_per_group : out_per_group;
  in = first[1];
  positions = first[2] * first[3];
}

}  // namespace vidclass::backbone
