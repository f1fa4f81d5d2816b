// Features of one clip that were computed elsewhere: an array [T, D] in a file.
#pragma once

#include <cstddef>
#include <filesystem>

#include "vidclass/tensor.hpp"

namespace vidclass {

/// Does the file's name end in .npy or .safetensors?
[[nodiscard]] bool is_feature_array(const std::filesystem::path& path);

struct FeatureArrayShape {
  std::size_t frames = 0;  // T, at least 1
  std::size_t width = 0;   // D, at least 1: numbers a frame
};

/// Reads no more than the header. The file is .npy (see npy.hpp) or .safetensors
/// (its only tensor of two dimensions, or the one of these named "features" or
/// "avg"), with floats of 2, 4 or 8 bytes or bfloat16. Throws ClipError with the
/// reason.
[[nodiscard]] FeatureArrayShape feature_array_shape(const std::filesystem::path& path);

/// The array as float32 [T, D]. Throws ClipError, also for values that are not
/// finite as float32.
[[nodiscard]] Tensor load_feature_array(const std::filesystem::path& path);

}  // namespace vidclass
