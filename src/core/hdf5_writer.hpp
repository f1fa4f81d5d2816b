// Writing HDF5 files, as far as Keras's weight files need it.
#pragma once

#include <cstddef>
#include <vector>

#include "core/safetensors.hpp"

namespace vidclass {

/// A file of float32 data sets, named by their paths ("layers/dense/vars/0") in groups that are
/// made. Throws Error. Threads: see Hdf5File.
[[nodiscard]] std::vector<std::byte> make_hdf5(const NamedTensors& datasets);

}  // namespace vidclass
