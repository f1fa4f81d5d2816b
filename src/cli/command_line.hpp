// The words that the program was called with, as a shell would take them again.
#pragma once

#include <string>

namespace vidclass::cli {

/// "vidclass run 'my clips' -o result"; `argv` as main() gets it, the name of the
/// program without its folder.
[[nodiscard]] std::string command_line(int argc, const char* const* argv);

}  // namespace vidclass::cli
