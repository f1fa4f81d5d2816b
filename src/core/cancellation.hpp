// Cooperative cancellation, passed down to whatever may take long.
#pragma once

#include <atomic>
#include <memory>

#include "vidclass/error.hpp"

namespace vidclass {

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

}  // namespace vidclass
