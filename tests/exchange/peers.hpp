// Programs of others that files are tried in, from environments that tests/exchange/setup.sh makes.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>

namespace vidclass::testing {

/// build/peers, or the folder that $VIDCLASS_PEERS names.
inline std::filesystem::path peers() {
  const char* folder = std::getenv("VIDCLASS_PEERS");
  return folder == nullptr ? std::filesystem::path(VIDCLASS_TESTS_DIR) / ".." / "build" / "peers"
                           : std::filesystem::path(folder);
}
inline std::filesystem::path peer_python(const std::string& name) {
  return peers() / name / "bin" / "python";
}

/// Runs a script beside these tests in an environment; its exit status. What it prints is shown if
/// that is not 0.
inline int run_peer(const std::string& name, const std::string& script,
                    const std::string& arguments) {
  const auto path = std::filesystem::path(VIDCLASS_TESTS_DIR) / "exchange" / script;
  const std::string command =
      "'" + peer_python(name).string() + "' '" + path.string() + "' " + arguments + " 2>&1";
  std::string said;
  std::FILE* output = ::popen(command.c_str(), "r");
  for (int c = std::fgetc(output); c != EOF; c = std::fgetc(output)) said += static_cast<char>(c);
  const int status = ::pclose(output);
  if (status != 0) std::cerr << said;
  return status;
}

/// The folder that a script writes, made anew when the script is newer; empty where it failed.
inline std::filesystem::path peer_output(const std::string& name, const std::string& script) {
  namespace fs = std::filesystem;
  const fs::path source = fs::path(VIDCLASS_TESTS_DIR) / "exchange" / script;
  const fs::path folder = peers() / (source.stem().string() + "-" + name);
  const fs::path made = folder / "index.json";
  if (fs::exists(made) && fs::last_write_time(made) > fs::last_write_time(source)) return folder;
  return run_peer(name, script, "'" + folder.string() + "'") == 0 ? folder : fs::path();
}

}  // namespace vidclass::testing

/// Skips the running test, saying so, where the environment is absent.
#define VIDCLASS_NEED_PEER(name)                                      \
  if (!std::filesystem::exists(vidclass::testing::peer_python(name))) \
  GTEST_SKIP() << "SKIPPED: build/peers/" << (name) << " not found (tests/exchange/setup.sh)"
