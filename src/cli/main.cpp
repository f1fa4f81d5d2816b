#include <algorithm>
#include <cstdio>
#include <exception>
#include <memory>
#include <new>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/command.hpp"
#include "cli/command_line.hpp"
#include "cli/context.hpp"
#include "cli/interrupt.hpp"
#include "cli/options.hpp"
#include "core/format.hpp"
#include "core/log.hpp"
#include "core/unicode.hpp"
#include "vidclass/error.hpp"
#include "vidclass/version.hpp"

namespace vidclass::cli {
namespace {

/// Runs the chosen command; every exception ends as one line and an exit status.
int run_command(Command& command, const Context& context) {
  const auto fail = [&](const char* why, int status = exit_failed) {
    context.end_progress();
    log_error(why);
    return status;
  };
  try {
    return command.run(context);
  } catch (const UsageError& error) {
    return fail(error.what(), exit_wrong_use);
  } catch (const NotUtf8& error) {
    return fail(format("{}: --encoding latin1", error.what()).c_str());
  } catch (const Cancelled& error) {
    return fail(error.what(), exit_stopped);
  } catch (const std::bad_alloc&) {
    return fail("out of memory");
  } catch (const std::exception& error) {
    return fail(error.what());
  }
}

/// Groups of rare options (cli/options.hpp) are hidden in help that is not to show all, and there
/// alone: CLI11 tells nothing of the name of a hidden option in its errors.
void arrange_groups(CLI::App& app, bool hide_rare) {
  for (CLI::Option* option : app.get_options()) {
    const std::string group = option->get_group();
    if (!group.starts_with('+')) continue;
    option->group(hide_rare ? "" : group.substr(1));
  }
  for (CLI::App* sub : app.get_subcommands({})) arrange_groups(*sub, hide_rare);
}

MessageFunction to_log(ProgressPrinter& progress) {
  return [&progress](MessageLevel level, const std::string& text) {
    progress.finish();
    level == MessageLevel::warning ? log_warning(text) : log_info(text);
  };
}

int report_wrong_use(const CLI::App& app, const std::string& what) {
  const auto chosen = app.get_subcommands();
  log_error(format("{} (vidclass {}--help tells what is possible)", what,
                   chosen.empty() ? "" : chosen[0]->get_name() + " "));
  return exit_wrong_use;
}

int run_program(int argc, char** argv) {
  set_log_level(LogLevel::info);
  CLI::App app{
      "vidclass: video classification with a CNN and an RNN\n"
      "A folder of labelled clips goes in; a trained classifier and its honest score come "
      "out."};
  app.name("vidclass");
  app.set_version_flag("--version", "vidclass " + std::string(version()));
  app.require_subcommand(1);
  app.footer(
      "vidclass COMMAND --help tells the options of a command that are needed often, --help-all "
      "all of them.\n"
      "Exit status: 0 done; 1 failed; 2 usage error; 3 done, but some clips were unusable; "
      "4 stopped on request, what was reached so far is written.");

  Context context;
  context.command = command_line(argc, argv);
  bool quiet = false;
  std::vector<std::string> arguments(argv + 1, argv + argc);
  const bool show_all = std::erase(arguments, "--help-all") > 0;
  if (show_all) arguments.emplace_back("--help");
  const bool hide_rare =
      !show_all && std::any_of(arguments.begin(), arguments.end(), [](const std::string& word) {
        return word == "--help" || word == "-h";
      });
  std::vector<std::pair<CLI::App*, std::unique_ptr<Command>>> commands;
  for (const CommandEntry& entry : all_commands()) {
    CLI::App* sub = app.add_subcommand(entry.name, entry.summary);
    auto command = entry.make();
    command->setup(*sub);
    sub->add_flag("--json", context.json, "print one JSON document on stdout and nothing else")
        ->group(group::output);
    sub->add_flag("-q,--quiet", quiet, "no progress and no messages but errors")
        ->group(group::output);
    arrange_groups(*sub, hide_rare);
    commands.emplace_back(sub, std::move(command));
  }
  try {
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 takes them
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    // CLI11 misses a command before it sees that a word is none.
    const auto unknown = app.remaining();
    const bool no_such_command = app.get_subcommands().empty() && !unknown.empty();
    return report_wrong_use(
        app, no_such_command ? format("\"{}\" is neither a command nor an option", unknown[0])
                             : error.what());
  } catch (const UsageError& error) {
    return report_wrong_use(app, error.what());
  }

  ProgressPrinter progress;
  if (quiet) {
    set_log_level(LogLevel::error);
  } else {
    context.hooks.progress = progress.function();
  }
  context.hooks.message = to_log(progress);
  context.end_progress = [&progress] { progress.finish(); };
  stop_on_signals(context.hooks.cancel);
  for (const auto& [sub, command] : commands) {
    if (sub->parsed()) {
      return run_command(*command, context);
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
