// One verb of the command line.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/context.hpp"

namespace vidclass::cli {

/// setup() declares options and opens nothing; run() works.
class Verb {
public:
  virtual ~Verb() = default;
  virtual void setup(CLI::App& app) = 0;
  /// Returns an ExitStatus. Throws UsageError (2), Error (1).
  virtual int run(const Context& context) = 0;
};

struct VerbEntry {
  std::string name;
  std::string summary;
  std::unique_ptr<Verb> (*make)();
};

/// All verbs, in the order in which --help lists them.
[[nodiscard]] const std::vector<VerbEntry>& all_verbs();

// Each is defined in the file verb_<name>.cpp.
[[nodiscard]] std::unique_ptr<Verb> make_scan();
[[nodiscard]] std::unique_ptr<Verb> make_extract();
[[nodiscard]] std::unique_ptr<Verb> make_train();
[[nodiscard]] std::unique_ptr<Verb> make_tune();
[[nodiscard]] std::unique_ptr<Verb> make_evaluate();
[[nodiscard]] std::unique_ptr<Verb> make_predict();
[[nodiscard]] std::unique_ptr<Verb> make_explain();
[[nodiscard]] std::unique_ptr<Verb> make_compare();
[[nodiscard]] std::unique_ptr<Verb> make_run();
[[nodiscard]] std::unique_ptr<Verb> make_dataset();
[[nodiscard]] std::unique_ptr<Verb> make_generate();
[[nodiscard]] std::unique_ptr<Verb> make_backbone();
[[nodiscard]] std::unique_ptr<Verb> make_cache();
[[nodiscard]] std::unique_ptr<Verb> make_bench();

}  // namespace vidclass::cli
