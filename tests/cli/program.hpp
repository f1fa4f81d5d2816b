// Running the program as a person does, without a shell in between.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/json.hpp"
#include "support/temp_dir.hpp"

namespace vidclass::cli::testing {

using vidclass::testing::TempDir;
using Arguments = std::vector<std::string>;
using Environment = std::map<std::string, std::string>;

struct Result {
  /// The exit status; 128 + N when signal N ended the program.
  int status = -1;
  std::string out;
  std::string err;

  /// The one JSON document on stdout. Throws when there is anything else.
  [[nodiscard]] Json json() const { return parse_json(out); }
  [[nodiscard]] std::vector<std::string> error_lines() const;
};

/// A started program. It sees none of the caller's settings: its cache folder is
/// one of its own unless `environment` names XDG_CACHE_HOME, it downloads nothing,
/// and it knows of no weights unless `environment` has VIDCLASS_WEIGHTS_DIR. Killed
/// at the end if it still runs.
class Program {
public:
  /// `input` is what it finds on standard input.
  explicit Program(const Arguments& arguments, const Environment& environment = {},
                   const std::string& input = {});
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// Sends SIGINT, as Ctrl-C does.
  void interrupt() const;
  /// Waits until `happened` says so; false if the program ends before.
  [[nodiscard]] bool wait_until(const std::function<bool()>& happened);
  /// Waits until `text` is on stdout; false if the program ends before.
  [[nodiscard]] bool wait_for_output(const std::string& text);
  /// Waits for the end. Throws std::runtime_error after ten minutes.
  [[nodiscard]] Result wait();

private:
  [[nodiscard]] bool has_ended();

  TempDir dir_;
  pid_t id_ = -1;
  bool ended_ = false;
  int status_ = -1;
};

/// Starts and waits.
[[nodiscard]] Result run(const Arguments& arguments, const Environment& environment = {},
                         const std::string& input = {});

/// Without their ends.
[[nodiscard]] std::vector<std::string> lines_of(const std::string& text);

/// Ended with `status`; stderr has one line of an error, which holds all of
/// `parts`, and otherwise warnings and progress only; nothing tells of a crash.
void expect_failure(const Result& result, int status, const std::vector<std::string>& parts);
/// expect_failure() with status 2, nothing on stdout and no other line on stderr.
void expect_wrong_use(const Result& result, const std::vector<std::string>& parts);

/// Every file below `folder`, hidden ones too.
[[nodiscard]] std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder);

}  // namespace vidclass::cli::testing
