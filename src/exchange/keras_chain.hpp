// The layers of a network of Keras, one after the other.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/json.hpp"
#include "exchange/keras_file.hpp"

namespace vidclass::exchange {

struct KerasLayer {
  KerasLayerKey key;
  Json config = Json::object();
  /// It is called with the network's mask.
  bool called_with_mask = false;
};

/// A network that reads [T, D] and, where it has a second input, a mask over its T frames.
struct KerasChain {
  std::size_t frames = 0;          // T; 0: any number
  std::size_t features = 0;        // D; 0: not said
  std::vector<KerasLayer> layers;  // without the inputs
  int keras_version = 0;           // as KerasFile has it
};

/// A value in a message.
[[nodiscard]] std::string shortened(const Json& json);

/// Of a Sequential or Functional network's config. Throws Error, without the file's name, for what
/// is no chain.
[[nodiscard]] KerasChain chain_from(const Json& config);

/// Of weights alone: what the names of the layers and the shapes of their weights tell. Dense
/// layers but the last have `activation`, recurrent ones tanh and sigmoid. Throws Error, without
/// the file's name, where they do not tell enough.
[[nodiscard]] KerasChain chain_from_weights(const KerasFile& file, const std::string& activation);

}  // namespace vidclass::exchange
