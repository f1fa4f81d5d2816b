// Xception's weights, read from Keras's files.
#pragma once

#include <filesystem>

#include "core/safetensors.hpp"

namespace vidclass::backbone {

/// Tensors by "<layer>/<weight>" in Keras's own shapes, for instance
/// "block1_conv1/kernel" [3, 3, 3, 32], "block2_sepconv1/depthwise_kernel"
/// [3, 3, 64, 1], "block1_conv1_bn/gamma" [32]. The four convolutions beside the
/// residual blocks, which Keras numbers anew whenever it builds one, are called
/// block2_res, block3_res, block4_res and block13_res, their normalisations
/// block2_res_bn and so on.
///
/// Reads Keras's layout of HDF5 files (`layer_names`, `weight_names`), that of Keras 3
/// (`.weights.h5`, `.keras`), complete networks as well as those without the top. Throws Error
/// naming the file and the layer when one is missing or of another shape.
[[nodiscard]] NamedTensors read_xception_weights(const std::filesystem::path& path);

/// The digest() of the values that Keras publishes.
inline constexpr const char* published_xception_digest =
    "f5569eda8fb826880b7c08a95ac978b0c48d5ee370b604b9c1dfece43e7516b1";

}  // namespace vidclass::backbone
