// Layers of Keras, one by one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/json.hpp"
#include "core/safetensors.hpp"
#include "exchange/keras_chain.hpp"
#include "head/layer.hpp"

namespace vidclass::exchange {

/// What a layer does to the mask that came with its input.
enum class MaskFlow { keeps, starts, ends };

struct TranslatedLayer {
  /// None for a layer that does nothing at inference.
  std::optional<head::Layer> layer{};
  NamedTensors parameters{};  // named as in a head, "<layer>/kernel"
  MaskFlow mask = MaskFlow::keeps;
};

/// `weights`: those of the layer, in Keras's order; `name`: what the layer is called in the head;
/// `sequence`: it is given frames, not a clip; `keras_version`: as KerasFile has it. Throws Error
/// naming what is not known here.
[[nodiscard]] TranslatedLayer translate(const KerasLayer& layer, std::vector<Tensor> weights,
                                        const std::string& name, bool sequence, int keras_version);

}  // namespace vidclass::exchange
