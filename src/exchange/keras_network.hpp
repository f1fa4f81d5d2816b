// A Functional network of Keras 3 under construction.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/json.hpp"
#include "core/safetensors.hpp"

namespace vidclass::exchange {

/// Layers and operations (keras.ops), their calls and their weights.
class KerasNetwork {
public:
  /// An output of a layer that was added.
  struct Value {
    std::size_t node = 0;
    std::size_t output = 0;
  };
  /// What a layer is called with.
  struct Call {
    std::vector<Value> inputs{};
    bool as_list = false;           // they are one argument, as layers that merge take them
    std::vector<double> numbers{};  // further arguments
    std::vector<Value> mask{};      // one, or none
  };

  /// `shape`: without the batch, 0 for what is free.
  Value input(const std::string& name, const std::vector<std::size_t>& shape,
              const std::string& dtype);
  /// `weights`: by their places below the layer's group, "vars/0", "cell/vars/1".
  Value layer(const std::string& class_name, Json config, const Call& call,
              NamedTensors weights = {});
  /// `module`: of keras.src.ops, "numpy" or "core".
  Value operation(const std::string& module, const std::string& class_name, Json config,
                  const Call& call);

  /// The network's config, as config.json has it, with the weights, as model.weights.h5 has them.
  struct Parts {
    Json config;
    NamedTensors weights;
  };
  [[nodiscard]] Parts finish(const Value& output) const;

private:
  struct Node {
    std::string class_name;
    Json entry{};
    std::vector<std::size_t> parents{};
    NamedTensors weights{};
    bool is_layer = true;
  };

  Value add(Node node, Json config, const Call& call);
  [[nodiscard]] Json reference(const Value& value) const;

  std::vector<Node> nodes_;
};

}  // namespace vidclass::exchange
