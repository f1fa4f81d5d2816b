// Ctrl-C as a request to stop.
#pragma once

#include "vidclass/hooks.hpp"

namespace vidclass::cli {

/// From now on SIGINT and SIGTERM request `token`; a second one ends the program
/// at once. Call once.
void stop_on_signals(const CancellationToken& token);

}  // namespace vidclass::cli
