// A network of Keras as a head.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "exchange/keras_chain.hpp"
#include "head/head.hpp"

namespace vidclass::exchange {

/// The weights of a layer of the chain, in Keras's order.
using KerasWeights = std::function<std::vector<Tensor>(const KerasLayerKey&)>;

/// The notebook's own network becomes the head keras-gru, others become a head of layers.
/// `frames`: what clips are filled up to with zeros for layers that are given no mask. Throws
/// Error, without the file's name, naming the layer or the activation that is not known here, and
/// where weights have other shapes than the layers say.
[[nodiscard]] head::Head head_from(const KerasChain& chain, const KerasWeights& weights,
                                   std::size_t frames);

}  // namespace vidclass::exchange
