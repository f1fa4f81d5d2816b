#include "backbone/graph.hpp"

#include <openvino/op/convert.hpp>
#include <openvino/op/reduce_mean.hpp>
#include <openvino/op/result.hpp>
#include <openvino/op/transpose.hpp>

#include "backbone/graph_input.hpp"

namespace vidclass::backbone {
namespace {

using Value = ov::Output<ov::Node>;

Value averaged(const Value& map) {
  return std::make_shared<ov::op::v1::ReduceMean>(map, constant_i64({2, 3}), /*keep_dims=*/false);
}

}  // namespace

std::shared_ptr<ov::Model> make_graph(const NetworkMaps& maps, const GraphOutputs& wanted,
                                      const std::string& name) {
  ov::ResultVector results;
  const auto give = [&](Value value, const char* output) {
    value.add_names({output});
    results.push_back(std::make_shared<ov::op::v0::Result>(value));
  };
  give(maps.average.get_node() != nullptr ? maps.average : averaged(maps.last), "avg");
  if (wanted.middle) give(averaged(maps.middle), "middle");
  ov::ParameterVector parameters{maps.frames};
  if (wanted.motion) {
    const std::size_t batch = maps.last.get_shape()[0];
    const std::size_t side = maps.last.get_shape()[2];
    const std::size_t finer = wanted.middle ? maps.middle.get_shape()[2] : side;
    const auto weights = make_motion_map_input(batch, finer);
    give(weighted_sum(maps.last, wanted.middle ? shared_out(weights, finer, side) : Value(weights)),
         "motion");
    if (wanted.middle) give(weighted_sum(maps.middle, weights), "middle_motion");
    parameters.push_back(weights);
  }
  if (wanted.cells) {
    give(maps.last, "last_map");
    if (wanted.middle) give(maps.middle, "middle_map");
  }
  if (maps.cut.get_node() != nullptr) {
    const auto order =
        std::make_shared<ov::op::v1::Transpose>(maps.cut, constant_i64({0, 2, 3, 1}));
    give(std::make_shared<ov::op::v0::Convert>(order, ov::element::f16), "activations");
  }
  return std::make_shared<ov::Model>(results, parameters, name);
}

}  // namespace vidclass::backbone
