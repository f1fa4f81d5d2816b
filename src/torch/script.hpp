// Networks as TorchScript, which LibTorch and PyTorch load.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/safetensors.hpp"
#include "vidclass/tensor.hpp"

namespace vidclass::torch {

struct Script {
  /// "def forward(self, ...) -> Tensor: ...", which finds the parameters as self.<name>.
  std::string source;
  NamedTensors parameters;  // float32
  /// Saved beside it: PyTorch's `_extra_files`.
  std::vector<std::pair<std::string, std::string>> texts;
};

/// Compiles and writes it. Throws Error with what LibTorch objects to.
void save_script(const Script& script, const std::filesystem::path& file);

/// The arguments of forward() to its result, float32.
using RunScript = std::function<Tensor(const std::vector<Tensor>& arguments)>;
/// On the CPU. Throws Error; so does what is returned. One thread at a time.
[[nodiscard]] RunScript open_script(const std::filesystem::path& file);

}  // namespace vidclass::torch
