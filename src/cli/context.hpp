// What every command gets besides its own options.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.hpp"
#include "vidclass/clip.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::cli {

enum ExitStatus : int {
  exit_done = 0,
  exit_failed = 1,
  exit_wrong_use = 2,
  exit_done_with_unusable_clips = 3,
  exit_stopped = 4,  // on request, with what was reached so far written
};

struct Context {
  bool json = false;
  std::string command;  // the words of the call, as a shell would take them again
  Hooks hooks;          // messages go to the log
  std::function<void()> end_progress = [] {};  // ends the line that shows progress, if one is open

  /// Results for people, lines whose control characters are written out; nothing with --json.
  void print(std::string_view text) const;
  /// Results for programs as they are, CSV or JSON lines; nothing with --json.
  void print_data(std::string_view text) const;
  /// The one JSON document on stdout; nothing without --json.
  void print_json(const Json& document) const;
};

[[nodiscard]] int status_for(const std::vector<UnusableClip>& unusable);

}  // namespace vidclass::cli
