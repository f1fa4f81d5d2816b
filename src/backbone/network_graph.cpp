#include "backbone/network_graph.hpp"

#include <map>
#include <string>

#include "backbone/cpu.hpp"
#include "backbone/openvino_error.hpp"
#include "backbone/prepared.hpp"
#include "backbone/quantise.hpp"
#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::backbone {

std::shared_ptr<ov::Model> network_graph(const PreparedBackbone& network, std::size_t batch) {
  if (network.needs_calibration()) {
    throw Error(
        "int8 needs a calibration: \"vidclass backbone quantise --calibrate DATA\" makes one (with "
        "--model for a fine-tuned network)");
  }
  auto model = network.impl().build(batch, network.impl().outputs());
  if (network.info().precision == Precision::int8) {
    quantise(*model, *network.info().calibration, int8_weight_bits());
  }
  return model;
}

std::shared_ptr<ov::Model> network_graph(const PreparedBackbone& network) {
  // A batch of 2, so that a graph that cannot have but 1 is told.
  auto model = network_graph(network, 2);
  std::map<std::string, ov::PartialShape> shapes;
  for (const auto& input : model->inputs()) {
    ov::PartialShape shape = input.get_partial_shape();
    if (shape[0] != 2) {
      throw Error(format("{} was made for one frame at a time", network.info().name));
    }
    shape[0] = ov::Dimension::dynamic();
    shapes[input.get_any_name()] = shape;
  }
  try {
    model->reshape(shapes);
  } catch (const ov::Exception& error) {
    throw Error(format("{} cannot take any number of frames at once: {}", network.info().name,
                       reason(error)));
  }
  for (const auto& output : model->outputs()) {
    if (output.get_partial_shape()[0].is_static()) {
      throw Error(format("{} was made for a fixed number of frames", network.info().name));
    }
  }
  return model;
}

}  // namespace vidclass::backbone
