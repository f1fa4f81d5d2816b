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

/// Opens a file of this machine and looks at it until the page's clock, which runs ahead where
/// nothing is done, has gone `seconds` on. Throws std::runtime_error if the browser fails.
[[nodiscard]] Seen look_at(const std::filesystem::path& page, int seconds = 5);

/// The same after `script` has run at the end of the page, as a user's hand: a copy of the
/// page is opened whose policy lets it. What the script gives to `say(text)` is in the DOM, a
/// line each, behind "said: ".
[[nodiscard]] Seen use(const std::filesystem::path& page, const std::string& script,
                       int seconds = 5);

}  // namespace vidclass::report::testing

/// Skips the running test, saying so, where there is no browser.
#define VIDCLASS_NEED_BROWSER() \
  if (!vidclass::report::testing::has_browser()) GTEST_SKIP() << "SKIPPED: chromium not found"
