// What a network in a foreign format says of itself.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/model.hpp"

namespace vidclass::exchange {

/// Keys and values, text or JSON: "labels" (array), "inputs" (object: what each input means),
/// "preprocessing" (object: how clips become frames; of a network that reads features, how these
/// came about), "backbone" (object) and "vidclass_version".
using Description = std::vector<std::pair<std::string, std::string>>;

/// `frames`: it reads frames, not features. `masked`: where clips end it is told by a mask, not by
/// their lengths.
[[nodiscard]] Description describe(const model::Model& model, bool frames, bool masked);

/// The same in a sentence.
[[nodiscard]] std::string summary(const model::Model& model, bool frames);

}  // namespace vidclass::exchange
