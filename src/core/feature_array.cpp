#include "core/feature_array.hpp"
#include "core/arrays.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include "core/format.hpp"
#include "core/half.hpp"
#include "core/npy.hpp"
#include "core/safetensors.hpp"
#include "core/text.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace fs = std::filesystem;

namespace {

bool is_npy(const fs::path& path) { return lower(path.extension().string()) == ".npy"; }

FeatureArrayShape checked(DType type, const Shape& shape) {
  if (type != DType::f16 && type != DType::bf16 && type != DType::f32 && type != DType::f64) {
    throw Error(format("its elements are of type {}; floats are needed", name_of(type)));
  }
  if (shape.size() != 2 || shape[0] == 0 || shape[1] == 0) {
    throw Error(format("its shape is {}; frames by features is needed, as in [20, 2048]",
                       format_shape(shape)));
  }
  return {shape[0], shape[1]};
}

std::string tensor_name(const SafetensorsFile& file) {
  std::vector<std::string> matrices;
  for (const std::string& name : file.names()) {
    if (file.shape(name).size() == 2) matrices.push_back(name);
  }
  if (matrices.size() == 1) return matrices.front();
  for (const char* name : {"features", "avg"}) {
    if (std::find(matrices.begin(), matrices.end(), name) != matrices.end()) return name;
  }
  throw Error(format("it holds {} of two dimensions{}; one is needed, or one named \"features\"",
                     counted(matrices.size(), "tensor"),
                     matrices.empty() ? "" : " (" + some_of(matrices) + ")"));
}

float float_from_bfloat(std::uint16_t bits) {
  return std::bit_cast<float>(std::uint32_t{bits} << 16);
}

template <typename Stored, typename Convert>
Tensor converted(const Tensor& tensor, Convert convert) {
  Tensor result(DType::f32, tensor.shape());
  const auto values = result.data<float>();
  for (std::size_t i = 0; i < values.size(); ++i) {
    Stored stored;
    std::memcpy(&stored, tensor.bytes().data() + i * sizeof stored, sizeof stored);
    values[i] = convert(stored);
  }
  return result;
}

Tensor as_float(Tensor tensor) {
  switch (tensor.dtype()) {
    case DType::f16:
      return float_from_half(tensor);
    case DType::bf16:
      return converted<std::uint16_t>(tensor, float_from_bfloat);
    case DType::f64:
      return converted<double>(tensor, [](double value) { return static_cast<float>(value); });
    default:
      return tensor;
  }
}

/// The reasons of a missing file are worded as for videos.
void require_file(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode)) return;
  if (errno == ENOENT || errno == ENOTDIR) throw ClipError(path, "file not found");
  throw ClipError(path, "not a regular file");
}

/// Errors of the file's format, as those of a clip.
template <typename Work>
auto for_clip(const fs::path& path, Work work) {
  require_file(path);
  try {
    return work();
  } catch (const Error& error) {
    throw ClipError(path, error.what());
  }
}

}  // namespace

bool is_feature_array(const fs::path& path) {
  return is_npy(path) || lower(path.extension().string()) == ".safetensors";
}

FeatureArrayShape feature_array_shape(const fs::path& path) {
  return for_clip(path, [&] {
    if (is_npy(path)) {
      const NpyHeader header = read_npy_header(path);
      return checked(header.dtype, header.shape);
    }
    const SafetensorsFile file(path);
    const std::string name = tensor_name(file);
    return checked(file.dtype(name), file.shape(name));
  });
}

Tensor load_feature_array(const fs::path& path) {
  return for_clip(path, [&] {
    Tensor tensor;
    if (is_npy(path)) {
      tensor = read_npy(path);
    } else {
      const SafetensorsFile file(path);
      tensor = file.load(tensor_name(file));
    }
    static_cast<void>(checked(tensor.dtype(), tensor.shape()));
    tensor = as_float(std::move(tensor));
    if (!all_finite(tensor)) {
      throw Error("it holds values that are not finite");
    }
    return tensor;
  });
}

}  // namespace vidclass
