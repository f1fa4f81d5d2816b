// `backbone quantise`.
#pragma once

#include <filesystem>

#include <CLI/CLI.hpp>

#include "cli/context.hpp"
#include "cli/options.hpp"

namespace vidclass::cli {

class QuantiseJob {
public:
  void setup(CLI::App& app);
  /// Returns an ExitStatus. Throws as Verb::run().
  int run(const Context& context);

private:
  std::filesystem::path data_;
  std::filesystem::path output_;
  std::filesystem::path model_;
  MachineOptions machine_;
  FeatureOptions features_;
};

}  // namespace vidclass::cli
