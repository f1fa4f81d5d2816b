// How long work talks to whoever started it: progress, messages, and a request to stop.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "vidclass/error.hpp"
#include "vidclass/export.hpp"

namespace vidclass {

/// How far something is; handed to a ProgressFunction.
struct ProgressState {
  std::string stage;      // "extract", "train", ...
  std::size_t done = 0;   // units finished
  std::size_t total = 0;  // units in all
  std::string detail;     // free text: "24.1 frames/s", "loss 0.31"
};
/// May be empty. Called from one thread at a time.
using ProgressFunction = std::function<void(const ProgressState&)>;

enum class MessageLevel { info, warning };
/// One line without its end. Called from one thread at a time.
using MessageFunction = std::function<void(MessageLevel level, const std::string& text)>;

/// Where messages go that belong to no call with Hooks, such as that an entry of the cache is
/// damaged or that weights are downloaded. By default they are dropped. `handler` is called from any
/// thread, but from one at a time, and must not call this; an empty one drops them again.
VIDCLASS_EXPORT void set_message_handler(MessageFunction handler);

/// A flag that long work looks at. Copies share the flag, and all members may
/// be called from any thread; request() may also be called from a signal
/// handler (the flag is a lock-free atomic).
class CancellationToken {
public:
  CancellationToken() : flag_(std::make_shared<std::atomic<bool>>(false)) {}

  void request() const noexcept { flag_->store(true, std::memory_order_relaxed); }
  [[nodiscard]] bool requested() const noexcept { return flag_->load(std::memory_order_relaxed); }

  /// Throws Cancelled once request() was called.
  void check() const {
    if (requested()) throw Cancelled();
  }

private:
  static_assert(std::atomic<bool>::is_always_lock_free);
  std::shared_ptr<std::atomic<bool>> flag_;
};

/// Nothing in here need be set: work then says nothing and is not stopped.
struct Hooks {
  ProgressFunction progress{};
  MessageFunction message{};
  CancellationToken cancel{};

  void info(const std::string& text) const { tell(MessageLevel::info, text); }
  void warn(const std::string& text) const { tell(MessageLevel::warning, text); }
  /// The same progress under a longer name.
  [[nodiscard]] VIDCLASS_EXPORT Hooks named(const std::string& suffix) const;

private:
  void tell(MessageLevel level, const std::string& text) const {
    if (message) message(level, text);
  }
};

}  // namespace vidclass
