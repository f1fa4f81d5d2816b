// Options that keep a training safe.
#pragma once

#include <filesystem>

#include <CLI/CLI.hpp>

#include "train/train.hpp"

namespace vidclass::cli {

/// --resume, --checkpoint-seconds, --checkpoint-epochs.
struct CheckpointChoices {
  bool resume = false;
  double seconds = 60;
  int epochs = 0;

  void setup(CLI::App& app);
  [[nodiscard]] train::CheckpointOptions in(const std::filesystem::path& dir) const;
};

}  // namespace vidclass::cli
