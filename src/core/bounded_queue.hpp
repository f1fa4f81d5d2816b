// The queue between the stages of every pipeline.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace vidclass {

/// First in, first out, holding at most `capacity` items, so that a quick
/// producer waits for a slow consumer instead of filling the memory. All members
/// may be called from any thread.
template <typename T>
class BoundedQueue {
public:
  explicit BoundedQueue(std::size_t capacity) : capacity_(capacity == 0 ? 1 : capacity) {}

  /// Waits for room. False, and the item dropped, once the queue is closed.
  bool push(T item) {
    std::unique_lock lock(mutex_);
    has_room_.wait(lock, [&] { return closed_ || items_.size() < capacity_; });
    if (closed_) return false;
    items_.push_back(std::move(item));
    has_items_.notify_one();
    return true;
  }

  /// Waits for an item. Empty once the queue is closed and drained.
  std::optional<T> pop() {
    std::unique_lock lock(mutex_);
    has_items_.wait(lock, [&] { return closed_ || !items_.empty(); });
    return take_first();
  }

  /// The same, but waits no longer than `wait`.
  template <typename Duration>
  std::optional<T> pop_for(Duration wait) {
    std::unique_lock lock(mutex_);
    has_items_.wait_for(lock, wait, [&] { return closed_ || !items_.empty(); });
    return take_first();
  }

  [[nodiscard]] bool empty() const {
    const std::lock_guard lock(mutex_);
    return items_.empty();
  }
  /// Is it closed, with nothing left inside?
  [[nodiscard]] bool drained() const {
    const std::lock_guard lock(mutex_);
    return closed_ && items_.empty();
  }

  /// No more items come; those inside can still be popped.
  void close() {
    std::lock_guard lock(mutex_);
    closed_ = true;
    has_items_.notify_all();
    has_room_.notify_all();
  }

private:
  std::optional<T> take_first() {
    if (items_.empty()) return std::nullopt;
    T item = std::move(items_.front());
    items_.pop_front();
    has_room_.notify_one();
    return item;
  }

  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable has_room_;
  std::condition_variable has_items_;
  std::deque<T> items_;
  bool closed_ = false;
};

}  // namespace vidclass
