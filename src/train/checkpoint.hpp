// The state of a training on disk.
#pragma once

#include <filesystem>
#include <optional>

#include "core/json.hpp"
#include "core/safetensors.hpp"

namespace vidclass::train {

struct Checkpoint {
  Json settings;  // what the training depends on: see describe()
  Json state;     // numbers
  NamedTensors tensors;
};

/// A safetensors file that appears whole or not at all. Throws Error.
void write_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);

/// Empty if there is no such file. Throws Error naming a file that is damaged or no
/// checkpoint.
[[nodiscard]] std::optional<Checkpoint> read_checkpoint(const std::filesystem::path& path);

/// Tensors named `prefix`/name, for putting several sets into one, and back.
void add_prefixed(NamedTensors& all, const std::string& prefix, NamedTensors some);
[[nodiscard]] NamedTensors take_prefixed(const NamedTensors& all, const std::string& prefix);

}  // namespace vidclass::train
