// One command of the program.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/context.hpp"

namespace vidclass::cli {

/// setup() declares options and opens nothing; run() works.
class Command {
public:
  virtual ~Command() = default;
  virtual void setup(CLI::App& app) = 0;
  /// Returns an ExitStatus. Throws UsageError (2), Error (1).
  virtual int run(const Context& context) = 0;
};

struct CommandEntry {
  std::string name;
  std::string summary;
  std::unique_ptr<Command> (*make)();
};

/// All commands, in the order in which --help lists them.
[[nodiscard]] const std::vector<CommandEntry>& all_commands();

// Each is defined in the file command_<name>.cpp.
[[nodiscard]] std::unique_ptr<Command> make_scan();
[[nodiscard]] std::unique_ptr<Command> make_extract();
[[nodiscard]] std::unique_ptr<Command> make_train();
[[nodiscard]] std::unique_ptr<Command> make_tune();
[[nodiscard]] std::unique_ptr<Command> make_evaluate();
[[nodiscard]] std::unique_ptr<Command> make_predict();
[[nodiscard]] std::unique_ptr<Command> make_serve();
[[nodiscard]] std::unique_ptr<Command> make_explain();
[[nodiscard]] std::unique_ptr<Command> make_compare();
[[nodiscard]] std::unique_ptr<Command> make_export();
[[nodiscard]] std::unique_ptr<Command> make_run();
[[nodiscard]] std::unique_ptr<Command> make_dataset();
[[nodiscard]] std::unique_ptr<Command> make_generate();
[[nodiscard]] std::unique_ptr<Command> make_backbone();
[[nodiscard]] std::unique_ptr<Command> make_cache();
[[nodiscard]] std::unique_ptr<Command> make_bench();
[[nodiscard]] std::unique_ptr<Command> make_import();

}  // namespace vidclass::cli
