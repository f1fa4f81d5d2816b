#include "torch/xception_module.hpp"

#include <array>
#include <limits>

#include "core/format.hpp"
#include "torch/finetune/map_poolings.hpp"

namespace vidclass::torch {
namespace {

using backbone::TunedBlocks;

/// MaxPooling2D 3x3, stride 2, padding "same" (which pads the end first), on
/// [N, height, width, channels].
::torch::Tensor max_pool(const ::torch::Tensor& maps) {
  const auto padding = [](std::int64_t size) {
    const std::int64_t total = ((size + 1) / 2 - 1) * 2 + 3 - size;
    return std::array<std::int64_t, 2>{total / 2, total - total / 2};
  };
  const auto [top, bottom] = padding(maps.size(1));
  const auto [left, right] = padding(maps.size(2));
  const ::torch::Tensor padded = ::torch::constant_pad_nd(maps, {0, 0, left, right, top, bottom},
                                                          -std::numeric_limits<float>::infinity());
  return ::torch::max_pool2d(padded.permute({0, 3, 1, 2}), 3, 2).permute({0, 2, 3, 1}).contiguous();
}

}  // namespace

XceptionModule::XceptionModule(const NamedTensors& weights, TunedBlocks blocks,
                               const XceptionOptions& options)
    : blocks_(blocks), from_frames_(options.from_frames || blocks == TunedBlocks::all) {
  const auto add = [&](const std::string& name, bool trained, std::int64_t stride = 1,
                       ConvBn::Padding padding = ConvBn::Padding::same) {
    if (!trained && !from_frames_) return;
    XceptionOptions how = options;
    how.train_batch_norm = trained && options.train_batch_norm;
    const auto layer =
        register_module(name, std::make_shared<ConvBn>(name, weights, how, stride, padding));
    if (!trained) layer->freeze();
    layers_[name] = {layer, trained};
  };
  const bool all = blocks == TunedBlocks::all;
  add("block1_conv1", all, 2, ConvBn::Padding::valid);
  add("block1_conv2", all, 1, ConvBn::Padding::valid);
  for (const int block : {2, 3, 4}) {
    add(format("block{}_res", block), all, 2);
    for (const int part : {1, 2}) add(format("block{}_sepconv{}", block, part), all);
  }
  for (int block = 5; block <= 12; ++block) {
    for (const int part : {1, 2, 3}) add(format("block{}_sepconv{}", block, part), all);
  }
  const bool last_two = blocks != TunedBlocks::block14;
  add("block13_res", last_two, 2);
  add("block13_sepconv1", last_two);
  add("block13_sepconv2", last_two);
  add("block14_sepconv1", true);
  add("block14_sepconv2", true);
  // Its few weights alone would need the gradient at the largest product's input.
  if (blocks == TunedBlocks::block14) layer("block14_sepconv1").freeze_depthwise();
  if (blocks == TunedBlocks::block13) layer("block13_sepconv1").freeze_depthwise();
}

::torch::Tensor XceptionModule::before_block13(const ::torch::Tensor& frames) {
  ::torch::Tensor x = frames.to(::torch::kFloat32) / 127.5 - 1;
  x = run("block1_conv1", x).relu_();
  x = run("block1_conv2", x).relu_();
  for (const int block : {2, 3, 4}) {
    const std::string name = format("block{}", block);
    const ::torch::Tensor beside = run(name + "_res", x);
    if (block > 2) x = ::torch::relu(x);
    x = run(name + "_sepconv1", x).relu_();
    x = max_pool(run(name + "_sepconv2", x)) + beside;
  }
  for (int block = 5; block <= 12; ++block) {
    const ::torch::Tensor beside = x;
    for (const int part : {1, 2, 3}) {
      x = run(format("block{}_sepconv{}", block, part), ::torch::relu(x));
    }
    x = x + beside;
  }
  return x;
}

::torch::Tensor XceptionModule::block13(const ::torch::Tensor& maps) {
  const ::torch::Tensor beside = run("block13_res", maps);
  const ::torch::Tensor x = run("block13_sepconv1", ::torch::relu(maps));
  return max_pool(run("block13_sepconv2", ::torch::relu(x))) + beside;
}

::torch::Tensor XceptionModule::block14(const ::torch::Tensor& maps) {
  return run("block14_sepconv2", run("block14_sepconv1", maps).relu_()).relu_();
}

::torch::Tensor XceptionModule::at_cut(const ::torch::Tensor& activations) {
  if (blocks_ == TunedBlocks::all) return before_block13(activations);
  if (!from_frames_) return activations.to(::torch::kFloat32);
  const ::torch::NoGradGuard no_grad;
  const ::torch::Tensor maps = before_block13(activations);
  return blocks_ == TunedBlocks::block14 ? block13(maps) : maps;
}

::torch::Tensor XceptionModule::features(const ::torch::Tensor& activations,
                                         const ::torch::Tensor& motion_map) {
  ::torch::Tensor x = at_cut(activations);
  if (blocks_ != TunedBlocks::block14) x = block13(x);
  return pooled(block14(x), motion_map);
}

XceptionMaps XceptionModule::maps(const ::torch::Tensor& frames) {
  XceptionMaps maps;
  maps.middle = before_block13(frames);
  maps.last = block14(block13(maps.middle));
  return maps;
}

NamedTensors XceptionModule::export_weights() const {
  NamedTensors weights;
  for (const auto& [name, layer] : layers_) {
    if (layer.trained) layer.module->export_to(weights);
  }
  return weights;
}

}  // namespace vidclass::torch
