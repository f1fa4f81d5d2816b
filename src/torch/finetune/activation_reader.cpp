#include "torch/finetune/activation_reader.hpp"

#include <cstring>
#include <numeric>
#include <vector>

#include "core/format.hpp"
#include "core/safetensors.hpp"
#include "vidclass/error.hpp"

namespace vidclass::torch {
namespace {

constexpr const char* activation_name = "activations";
constexpr const char* motion_name = "motion_map";

const Shape& activation_shape(const SafetensorsFile& file, const std::filesystem::path& entry) {
  const Shape& shape = file.shape(activation_name);
  if (shape.size() != 4 || shape[0] == 0) {
    throw Error(
        format("{} holds activations of the shape {}", entry.string(), format_shape(shape)));
  }
  return shape;
}

::torch::ScalarType torch_type(DType type, const std::filesystem::path& entry) {
  switch (type) {
    case DType::f16:
      return ::torch::kFloat16;
    case DType::f32:
      return ::torch::kFloat32;
    case DType::u8:
      return ::torch::kUInt8;
    default:
      throw Error(format("{} holds activations of {}", entry.string(), name_of(type)));
  }
}

::torch::Tensor rows_of(const SafetensorsFile& file, const std::filesystem::path& entry,
                        const std::string& name, std::span<const std::int64_t> rows) {
  const Shape& shape = file.shape(name);
  std::vector<std::int64_t> sizes(shape.begin(), shape.end());
  sizes[0] = static_cast<std::int64_t>(rows.size());
  ::torch::Tensor copy = ::torch::empty(sizes, torch_type(file.dtype(name), entry));
  const auto bytes = file.bytes(name);
  const std::size_t row_bytes = bytes.size() / shape[0];
  auto* target = static_cast<std::byte*>(copy.data_ptr());
  for (const std::int64_t row : rows) {
    std::memcpy(target, bytes.subspan(static_cast<std::size_t>(row) * row_bytes, row_bytes).data(),
                row_bytes);
    target += row_bytes;
  }
  return copy;
}

}  // namespace

ClipActivations read_activations(const std::filesystem::path& entry,
                                 std::span<const std::int64_t> frames) {
  const SafetensorsFile file(entry);
  const std::size_t count = activation_shape(file, entry)[0];
  std::vector<std::int64_t> all;
  if (frames.empty()) {
    all.resize(count);
    std::iota(all.begin(), all.end(), 0);
    frames = all;
  }
  ClipActivations clip{rows_of(file, entry, activation_name, frames), {}};
  if (file.contains(motion_name)) {
    if (file.shape(motion_name).size() != 3 || file.shape(motion_name)[0] != count) {
      throw Error(format("{} holds motion maps of the shape {}", entry.string(),
                         format_shape(file.shape(motion_name))));
    }
    clip.motion_map = rows_of(file, entry, motion_name, frames);
  }
  return clip;
}

Tensor read_features(const std::filesystem::path& entry) {
  Tensor features = SafetensorsFile(entry).load("features");
  if (features.dtype() != DType::f32 || features.rank() != 2) {
    throw Error(format("{} holds features of the shape {}", entry.string(),
                       format_shape(features.shape())));
  }
  return features;
}

std::int64_t frame_count(const std::filesystem::path& entry) {
  const SafetensorsFile file(entry);
  return static_cast<std::int64_t>(activation_shape(file, entry)[0]);
}

}  // namespace vidclass::torch
