// Messages to the person at the terminal. The program sends them to stderr, so that stdout
// holds results only; the library hands them to set_message_handler() alone (vidclass/hooks.hpp).
#pragma once

#include <string_view>

namespace vidclass {

enum class LogLevel { debug, info, warning, error, off };

/// The logger is the one global of the library; it may be used from any thread.
/// Messages below `level` are not written to stderr (default: off, none is).
void set_log_level(LogLevel level);

/// A message is one line: what is not printable in it (core/text.hpp) is written out.
void log_debug(std::string_view message);
void log_info(std::string_view message);
/// Prefixed "warning: ".
void log_warning(std::string_view message);
/// Prefixed "error: ".
void log_error(std::string_view message);

}  // namespace vidclass
