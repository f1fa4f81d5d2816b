#include "cli/interrupt.hpp"

#include <csignal>

namespace vidclass::cli {
namespace {

// A signal handler can reach nothing else. Never destroyed: a signal may come
// while the program ends.
CancellationToken* token_of_signals = nullptr;

void on_signal(int) { token_of_signals->request(); }

}  // namespace

void stop_on_signals(const CancellationToken& token) {
  token_of_signals = new CancellationToken(token);
  struct sigaction action {};
  action.sa_handler = on_signal;
  // The default action is back after the first signal.
  action.sa_flags = SA_RESETHAND;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

}  // namespace vidclass::cli
