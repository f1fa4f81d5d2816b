#include "backbone/file_network.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <utility>
#include <vector>

#include <openvino/frontend/manager.hpp>
#include <openvino/op/constant.hpp>
#include <openvino/op/convert.hpp>
#include <openvino/op/divide.hpp>
#include <openvino/op/reshape.hpp>
#include <openvino/op/subtract.hpp>
#include <openvino/op/transpose.hpp>
#include <openvino/openvino.hpp>
#include <openvino/pass/constant_folding.hpp>
#include <openvino/pass/manager.hpp>

#include "backbone/graph_input.hpp"
#include "backbone/openvino_error.hpp"
#include "backbone/pooled_output.hpp"
#include "core/format.hpp"
#include "core/hash.hpp"
#include "core/input.hpp"
#include "core/text.hpp"
#include "vidclass/error.hpp"

namespace vidclass::backbone {
namespace {

using Value = ov::Output<ov::Node>;

// Part of the fingerprint: raised whenever the same file gives other numbers.
constexpr int file_network_version = 1;
constexpr int largest_size = 2048;

std::shared_ptr<ov::Model> read(const std::filesystem::path& path) {
  require_input(path, "a network (.onnx or .xml)");
  // Core::read_model() would try every format on a damaged file, and print what each says.
  const bool onnx = lower(path.extension().string()) == ".onnx";
  try {
    const auto reader = ov::frontend::FrontEndManager().load_by_framework(onnx ? "onnx" : "ir");
    return reader->convert(reader->load(path.string()));
  } catch (const ov::Exception& error) {
    throw Error(format("{} cannot be read as a network: {}", path.string(), reason(error)));
  }
}

const ov::op::v0::Parameter& frame_input(const ov::Model& model,
                                         const std::filesystem::path& path) {
  const auto& parameters = model.get_parameters();
  const bool fits = parameters.size() == 1 &&
                    parameters[0]->get_partial_shape().rank().compatible(4) &&
                    parameters[0]->get_element_type().is_real();
  if (!fits) {
    throw Error(format("{} does not take frames: it must have one real input of 4 axes, and has {}",
                       path.string(), parameters.size()));
  }
  return *parameters[0];
}

InputLayout layout_of(const ov::PartialShape& shape, const std::filesystem::path& path) {
  const bool known = shape.rank().is_static();
  const bool first = known && shape[1] == ov::Dimension(3);
  const bool last = known && shape[3] == ov::Dimension(3);
  if (first != last) return first ? InputLayout::channels_first : InputLayout::channels_last;
  throw UsageError(
      format("{} takes {}, which does not tell where the channels are: say "
             "the option input-layout nchw or nhwc",
             path.string(), shape.to_string()));
}

int size_of(const ov::PartialShape& shape, bool channels_last, int wanted,
            const std::filesystem::path& path) {
  const auto side = [&](std::ptrdiff_t axis) -> int {
    if (shape.rank().is_dynamic() || shape[axis].is_dynamic()) return 0;
    return static_cast<int>(shape[axis].get_length());
  };
  const int height = side(channels_last ? 1 : 2);
  const int width = side(channels_last ? 2 : 3);
  if (wanted == 0 && height != width) {
    throw UsageError(
        format("{} takes frames of {} x {} pixels; ours are square: choose a size "
               "that it takes too",
               path.string(), height, width));
  }
  const int size = wanted != 0 ? wanted : height;
  if (size == 0) {
    throw UsageError(format("{} takes frames of any size: choose a size", path.string()));
  }
  if (size > largest_size) {
    throw UsageError(
        format("the frame size {} is too large: choose at most {} pixels", size, largest_size));
  }
  return size;
}

/// Weights that are stored in half precision as float32 ones, so that the graph holds one type.
void widen_constants(ov::Model& model) {
  for (const auto& node : model.get_ordered_ops()) {
    const auto convert = ov::as_type_ptr<ov::op::v0::Convert>(node);
    if (!convert || convert->get_destination_type() != ov::element::f32) continue;
    const auto constant =
        ov::as_type_ptr<ov::op::v0::Constant>(convert->get_input_node_shared_ptr(0));
    if (!constant || !constant->get_element_type().is_real()) continue;
    const auto wide = std::make_shared<ov::op::v0::Constant>(
        ov::element::f32, constant->get_shape(), constant->cast_vector<float>());
    wide->set_friendly_name(constant->get_friendly_name());
    convert->output(0).replace(wide->output(0));
  }
}

Value normalised(const GraphInput& input, const NetworkFile& file) {
  const auto of_channels = [&](const std::array<double, 3>& values) {
    const std::vector<float> narrow(values.begin(), values.end());
    return constant_f32({1, 3, 1, 1}, narrow.data());
  };
  const auto centred = std::make_shared<ov::op::v1::Subtract>(input.pixels, of_channels(file.mean));
  return std::make_shared<ov::op::v1::Divide>(centred, of_channels(file.scale));
}

Value as_type(const Value& value, const ov::element::Type& type) {
  if (value.get_element_type() == type) return value;
  return std::make_shared<ov::op::v0::Convert>(value, type);
}

Value channels_first(const MapOutput& output) {
  const Value map = as_type(output.value, ov::element::f32);
  if (!output.channels_last) return map;
  return std::make_shared<ov::op::v1::Transpose>(map, constant_i64({0, 3, 1, 2}));
}

}  // namespace

FileNetwork::FileNetwork(const NetworkFile& file, int size) : file_(file), model_(read(file.path)) {
  for (const double value : file.scale) {
    if (value == 0) throw UsageError("scale must not be 0: frames are divided by it");
  }
  const ov::PartialShape shape = frame_input(*model_, file.path).get_partial_shape();
  if (file_.layout == InputLayout::automatic) file_.layout = layout_of(shape, file.path);
  const bool channels_last = file_.layout == InputLayout::channels_last;
  size_ = size_of(shape, channels_last, size, file.path);
  try {
    const auto single = reshaped(1);
    const PooledOutput output = find_pooled_output(*single, file_.feature, channels_last);
    file_.feature = output.name;
    feature_size_ = output.width;
    if (output.map) map_size_ = output.map->side;
    if (const auto middle = find_middle_map(*single, output, file_.middle, channels_last)) {
      file_.middle = middle->name;
      middle_size_ = middle->width;
      middle_map_size_ = middle->side;
    }
  } catch (const ov::Exception& error) {
    throw UsageError(format("{} does not take frames of {} pixels: {}", file.path.string(), size_,
                            reason(error)));
  } catch (const Error& error) {
    throw Error(format("{}: {}", file.path.string(), error.what()));
  }
}

std::string FileNetwork::fingerprint() const {
  Hasher hasher(HashKind::sha256);
  hasher.update(format("network file v{} {} {} {}\n", file_network_version,
                       hash_file(HashKind::sha256, file_.path), to_string(file_.layout),
                       file_.feature));
  for (const auto& values : {file_.mean, file_.scale}) {
    hasher.update(format("{} {} {}\n", values[0], values[1], values[2]));
  }
  // An ONNX file, as an .xml, may keep its weights in other files.
  for (const auto& node : model_->get_ordered_ops()) {
    const auto constant = ov::as_type_ptr<ov::op::v0::Constant>(node);
    if (!constant) continue;
    hasher.update(std::span(static_cast<const std::byte*>(constant->get_data_ptr()),
                            constant->get_byte_size()));
  }
  return hasher.finish();
}

std::shared_ptr<ov::Model> FileNetwork::reshaped(std::size_t batch) const {
  auto model = model_->clone();
  const auto n = static_cast<std::int64_t>(batch);
  const bool channels_last = file_.layout == InputLayout::channels_last;
  model->reshape(channels_last ? ov::PartialShape{n, size_, size_, 3}
                               : ov::PartialShape{n, 3, size_, size_});
  widen_constants(*model);
  ov::pass::Manager passes;
  passes.register_pass<ov::pass::ConstantFolding>();
  passes.run_passes(model);
  return model;
}

bool FileNetwork::takes(std::size_t batch) const {
  if (batch == 1) return true;  // as the constructor found
  try {
    const PooledOutput output = find_pooled_output(*reshaped(batch), file_.feature,
                                                   file_.layout == InputLayout::channels_last);
    return output.width == feature_size_;
  } catch (const std::exception&) {
    return false;
  }
}

std::shared_ptr<ov::Model> FileNetwork::build(std::size_t batch, const GraphOutputs& wanted) const {
  if (!takes(batch)) batch = 1;
  const bool channels_last = file_.layout == InputLayout::channels_last;
  const auto model = reshaped(batch);
  const PooledOutput output = find_pooled_output(*model, file_.feature, channels_last);
  std::optional<MapOutput> middle;
  if (wanted.middle) middle = find_middle_map(*model, output, file_.middle, channels_last);

  const GraphInput input = make_graph_input(batch, static_cast<std::size_t>(size_));
  const auto parameter = model->get_parameters()[0];
  Value frames = normalised(input, file_);
  if (channels_last) {
    frames = std::make_shared<ov::op::v1::Transpose>(frames, constant_i64({0, 2, 3, 1}));
  }
  const Value ready = as_type(frames, parameter->get_element_type());
  for (ov::Input<ov::Node> reader : parameter->output(0).get_target_inputs()) {
    reader.replace_source_output(ready);
  }

  NetworkMaps maps{.frames = input.frames};
  if (output.map) maps.last = channels_first(*output.map);
  if (middle) maps.middle = channels_first(*middle);
  if (output.vector.get_node() != nullptr) {
    maps.average = std::make_shared<ov::op::v1::Reshape>(
        as_type(output.vector, ov::element::f32),
        constant_i64({0, static_cast<std::int64_t>(output.width)}), /*special_zero=*/true);
  }
  return make_graph(maps, wanted, "network_of_a_file");
}

}  // namespace vidclass::backbone
