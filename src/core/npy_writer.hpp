// Writing arrays in NumPy's own format
// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
#pragma once

#include <filesystem>

#include "vidclass/tensor.hpp"

namespace vidclass {

/// One array in C order, format version 1.0; the file appears whole or not at all.
/// Throws Error if it cannot be written, and for bf16, which NumPy does not know.
void write_npy(const std::filesystem::path& path, const Tensor& tensor);

}  // namespace vidclass
