// The state of a fine-tuning between two epochs, kept on disk.
#pragma once

#include <filesystem>
#include <string>

#include "core/safetensors.hpp"
#include "torch/ranks.hpp"

namespace vidclass::torch {

/// Float32 and float64 tensors; always the same names and shapes in one training, on
/// every rank.
using FinetuneState = NamedTensors;

/// One file, which the first rank writes and reads.
class FinetuneCheckpoint {
public:
  /// `subject`: lines that tell one training from another. An empty `path`: nothing is
  /// kept. `ranks` must outlive this.
  FinetuneCheckpoint(std::filesystem::path path, std::string subject, Ranks& ranks);

  /// Does nothing on ranks but the first. Throws Error.
  void keep(const FinetuneState& state) const;
  /// Replaces the values of `state` by those kept, on all ranks, which must all call it.
  /// False where nothing was kept. Throws Error, on the first rank, for a checkpoint that
  /// is damaged or of another training, with the first line that differs.
  [[nodiscard]] bool restore(FinetuneState& state) const;

private:
  [[nodiscard]] bool read(FinetuneState& state) const;

  std::filesystem::path path_;
  std::string subject_;
  Ranks& ranks_;
};

}  // namespace vidclass::torch
