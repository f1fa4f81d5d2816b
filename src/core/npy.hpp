// Arrays in NumPy's own format
// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
#pragma once

#include <filesystem>

#include "vidclass/tensor.hpp"

namespace vidclass {

struct NpyHeader {
  DType dtype = DType::f32;
  Shape shape;
  /// The first index runs fastest in the file.
  bool fortran_order = false;
};

/// Reads the header alone and checks that the file holds as many bytes as it says.
/// Versions 1 to 3; little-endian floats of 2, 4 and 8 bytes. Throws Error with the
/// reason, without the file's name, for all else (integers, big-endian numbers,
/// objects among it) and for damaged files.
[[nodiscard]] NpyHeader read_npy_header(const std::filesystem::path& path);

/// The array with the element type of the file, in C order; Fortran order is
/// turned for up to two dimensions. Throws as read_npy_header() does.
[[nodiscard]] Tensor read_npy(const std::filesystem::path& path);

}  // namespace vidclass
