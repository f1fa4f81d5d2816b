// Pages as a browser sees them: Debian's chromium, without a window.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace vidclass::report::testing {

struct Seen {
  std::string dom;       // the document after its scripts have run
  std::string console;   // lines that the page wrote to the console, errors among them
  std::string requests;  // addresses that were asked for over the network, a line each
};

/// Is there a chromium to run?
[[nodiscard]] bool has_browser();

/// Opens a file of this machine. Throws std::runtime_error if the browser fails.
[[nodiscard]] Seen look_at(const std::filesystem::path& page);

}  // namespace vidclass::report::testing

/// Skips the running test, saying so, where there is no browser.
#define VIDCLASS_NEED_BROWSER() \
  if (!vidclass::report::testing::has_browser()) GTEST_SKIP() << "SKIPPED: chromium not found"
