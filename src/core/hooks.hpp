// How long work talks to whoever started it.
#pragma once

#include <functional>
#include <string>

#include "core/cancellation.hpp"
#include "core/progress.hpp"

namespace vidclass {

enum class MessageLevel { info, warning };
/// One line without its end. Called from one thread at a time.
using MessageFunction = std::function<void(MessageLevel level, const std::string& text)>;

/// Nothing in here need be set: work then says nothing and is not stopped.
struct Hooks {
  ProgressFunction progress{};
  MessageFunction message{};
  CancellationToken cancel{};

  void info(const std::string& text) const { tell(MessageLevel::info, text); }
  void warn(const std::string& text) const { tell(MessageLevel::warning, text); }
  /// The same progress under a longer name.
  [[nodiscard]] Hooks named(const std::string& suffix) const;

private:
  void tell(MessageLevel level, const std::string& text) const {
    if (message) message(level, text);
  }
};

}  // namespace vidclass
