// OpenVINO graphs as the source text of TorchScript.
#pragma once

#include <string>

#include "core/safetensors.hpp"

namespace ov {
class Model;
}

namespace vidclass::exchange {

struct ScriptText {
  /// "def forward(self, <the graph's inputs, in order>) -> Tensor: ..."
  std::string source;
  NamedTensors parameters;  // float32, self.<name> in the source
};

/// An operation of the graph is a line of the text. Throws Error naming an operation, or a setting
/// of one, that it does not know.
[[nodiscard]] ScriptText torch_script(const ov::Model& model);

}  // namespace vidclass::exchange
