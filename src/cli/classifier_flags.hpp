// Options of the verbs that classify with a model.
#pragma once

#include <filesystem>
#include <string>

#include <CLI/CLI.hpp>

#include "classify/classifier.hpp"
#include "cli/options.hpp"

namespace vidclass::cli {

/// --precision, --device, --network: how a model's network for frames runs. The rest of it is the
/// model's own.
struct ClassifierFlags {
  std::string precision = "auto";
  std::string device = "CPU";
  std::filesystem::path network;

  void setup(CLI::App& app);
  /// With the machine's threads, limits and folders; without a feature cache. Throws UsageError.
  [[nodiscard]] classify::ClassifierOptions options(const MachineOptions& machine) const;
};

}  // namespace vidclass::cli
