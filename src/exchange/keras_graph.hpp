// A Functional network of Keras 3 as a graph that runs here.
#pragma once

#include <filesystem>
#include <memory>

#include <openvino/core/model.hpp>

namespace vidclass::exchange {

/// Of a `.keras` file, made of the layers and operations that write_keras() knows, each computed as
/// Keras documents it; weights are found as Keras finds them. Its inputs have the names and types
/// of the network's, its output is "probabilities". Throws Error naming the file and what is not
/// known.
[[nodiscard]] std::shared_ptr<ov::Model> keras_graph(const std::filesystem::path& file);

}  // namespace vidclass::exchange
