#include <cstdio>
#include <exception>
#include <memory>
#include <new>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/command_line.hpp"
#include "cli/context.hpp"
#include "cli/interrupt.hpp"
#include "cli/verb.hpp"
#include "core/format.hpp"
#include "core/log.hpp"
#include "vidclass/error.hpp"

namespace vidclass::cli {
namespace {

/// Runs the chosen verb; every exception ends as one line and an exit status.
int run_verb(Verb& verb, const Context& context) {
  try {
    return verb.run(context);
  } catch (const UsageError& error) {
    log_error(error.what());
    return exit_wrong_use;
  } catch (const std::bad_alloc&) {
    log_error("out of memory");
  } catch (const std::exception& error) {
    log_error(error.what());
  }
  return exit_failed;
}

int run_program(int argc, char** argv) {
  CLI::App app{
      "vidclass: video classification with a CNN and an RNN\n"
      "A folder of labelled clips goes in; a trained classifier and its honest score come "
      "out."};
  app.name("vidclass");
  app.set_version_flag("--version", std::string("vidclass " VIDCLASS_VERSION));
  app.require_subcommand(1);
  app.footer(
      "vidclass VERB --help tells the options of a verb.\n"
      "Exit status: 0 done; 1 failed; 2 wrong use; 3 done, but some clips were unusable; "
      "4 stopped on request, what was reached so far is written.");

  Context context;
  context.command = command_line(argc, argv);
  bool quiet = false;
  std::vector<std::pair<CLI::App*, std::unique_ptr<Verb>>> verbs;
  for (const VerbEntry& entry : all_verbs()) {
    CLI::App* sub = app.add_subcommand(entry.name, entry.summary);
    auto verb = entry.make();
    sub->add_flag("--json", context.json, "print one JSON document on stdout and nothing else");
    sub->add_flag("-q,--quiet", quiet, "no progress and no messages but errors");
    verb->setup(*sub);
    verbs.emplace_back(sub, std::move(verb));
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    // CLI11 misses a verb before it sees that a word is none.
    const auto unknown = app.remaining();
    const bool no_such_verb = app.get_subcommands().empty() && !unknown.empty();
    log_error(format(
        "{} (vidclass {}--help tells what is possible)",
        no_such_verb ? format("\"{}\" is neither a verb nor an option", unknown[0]) : error.what(),
        app.get_subcommands().empty() ? "" : app.get_subcommands()[0]->get_name() + " "));
    return exit_wrong_use;
  }

  ProgressPrinter progress;
  if (quiet) {
    set_log_level(LogLevel::error);
  } else {
    context.progress = progress.function();
  }
  stop_on_signals(context.cancel);
  for (const auto& [sub, verb] : verbs) {
    if (sub->parsed()) {
      const int status = run_verb(*verb, context);
      progress.finish();
      return status;
    }
  }
  return exit_wrong_use;
}

}  // namespace
}  // namespace vidclass::cli

int main(int argc, char** argv) {
  try {
    return vidclass::cli::run_program(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return vidclass::cli::exit_failed;
  }
}
