#include "program.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <chrono>
#include <fstream>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <thread>

#include "core/atomic_file.hpp"

extern char** environ;

namespace vidclass::cli::testing {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto longest_run = 10min;
constexpr auto pause = 2ms;

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// The caller's variables but those that change what the program does.
std::vector<std::string> environment_with(Environment own) {
  std::vector<std::string> all;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view entry(*variable);
    const std::string name(entry.substr(0, entry.find('=')));
    const bool is_setting = name.starts_with("VIDCLASS_") || name == "XDG_CACHE_HOME";
    if (!is_setting && !own.contains(name)) all.emplace_back(entry);
  }
  own.try_emplace("VIDCLASS_OFFLINE", "1");
  for (const auto& [name, value] : own) all.push_back(name + "=" + value);
  return all;
}

}  // namespace

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> Result::error_lines() const {
  std::vector<std::string> errors;
  for (const std::string& line : lines_of(err)) {
    if (line.starts_with("error: ")) errors.push_back(line);
  }
  return errors;
}

Program::Program(const Arguments& arguments, const Environment& environment,
                 const std::string& input) {
  std::vector<std::string> words{VIDCLASS_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  Environment own = environment;
  own.try_emplace("XDG_CACHE_HOME", dir_ / "cache");
  std::vector<std::string> variables = environment_with(std::move(own));

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  const std::string out = dir_ / "out", err = dir_ / "err";
  const std::string in = dir_ / "in";
  std::ofstream(in, std::ios::binary) << input;
  posix_spawn_file_actions_addopen(&actions, 0, in.c_str(), O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, out.c_str(), O_WRONLY | O_CREAT, 0600);
  posix_spawn_file_actions_addopen(&actions, 2, err.c_str(), O_WRONLY | O_CREAT, 0600);
  const int failed = posix_spawn(&id_, VIDCLASS_PROGRAM, &actions, nullptr,
                                 pointers_to(words).data(), pointers_to(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::runtime_error("cannot start " VIDCLASS_PROGRAM);
}

Program::~Program() {
  if (ended_) return;
  ::kill(id_, SIGKILL);
  ::waitpid(id_, nullptr, 0);
}

void Program::interrupt() const { ::kill(id_, SIGINT); }

bool Program::has_ended() {
  if (ended_) return true;
  int state = 0;
  if (::waitpid(id_, &state, WNOHANG) != id_) return false;
  ended_ = true;
  status_ = WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
  return true;
}

bool Program::wait_until(const std::function<bool()>& happened) {
  while (!has_ended()) {
    if (happened()) return true;
    std::this_thread::sleep_for(pause);
  }
  return false;
}

bool Program::wait_for_output(const std::string& text) {
  return wait_until([&] { return read_text_file(dir_ / "out").find(text) != std::string::npos; });
}

Result Program::wait() {
  const auto end = std::chrono::steady_clock::now() + longest_run;
  while (!has_ended()) {
    if (std::chrono::steady_clock::now() > end) throw std::runtime_error("the program hangs");
    std::this_thread::sleep_for(pause);
  }
  return {status_, read_text_file(dir_ / "out"), read_text_file(dir_ / "err")};
}

Result run(const Arguments& arguments, const Environment& environment, const std::string& input) {
  return Program(arguments, environment, input).wait();
}

void expect_failure(const Result& result, int status, const std::vector<std::string>& parts) {
  EXPECT_EQ(result.status, status) << result.err;
  const auto errors = result.error_lines();
  ASSERT_EQ(errors.size(), 1U) << result.err;
  for (const std::string& part : parts) {
    EXPECT_NE(errors[0].find(part), std::string::npos)
        << "\"" << part << "\" is missing in: " << errors[0];
  }
  const std::regex expected("(error|warning|groups): .*|[a-z -]+ \\d+/\\d+.*");
  for (const std::string& line : lines_of(result.err)) {
    EXPECT_TRUE(std::regex_match(line, expected)) << line;
  }
}

void expect_wrong_use(const Result& result, const std::vector<std::string>& parts) {
  expect_failure(result, 2, parts);
  EXPECT_EQ(lines_of(result.err).size(), 1U) << result.err;
  EXPECT_EQ(result.out, "");
}

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  if (!fs::exists(folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  return files;
}

}  // namespace vidclass::cli::testing
