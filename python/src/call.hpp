// One call of the library on behalf of Python.
#pragma once

#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <nanobind/nanobind.h>

#include "vidclass/hooks.hpp"
#include "vidclass/train.hpp"

namespace vidclass::python {

namespace nb = nanobind;

/// Does the work on a thread of its own, while the one that called hands what is told to Python and
/// looks for Ctrl-C, which Python sees on its main thread only. Whatever Python raises meanwhile
/// stops the work, and is raised when that has ended.
class Call {
public:
  /// Called as progress(stage, done, total, detail) and epoch(TrainedEpoch); None: not called.
  explicit Call(nb::object progress = nb::none(), nb::object epoch = nb::none());

  /// For `work`.
  [[nodiscard]] const Hooks& hooks() const noexcept { return hooks_; }
  [[nodiscard]] std::function<void(const TrainedEpoch&)> on_epoch();

  /// Once a call, with the interpreter's lock held. `work` runs without it and must not touch
  /// Python.
  template <typename Work>
  std::invoke_result_t<Work&> run(Work work) {
    std::packaged_task<std::invoke_result_t<Work&>()> task([&] { return work(); });
    auto result = task.get_future();
    std::thread worker([&] {
      task();
      end();
    });
    listen();
    worker.join();
    if (raised_) std::rethrow_exception(raised_);
    return result.get();
  }

private:
  struct Message {
    MessageLevel level;
    std::string text;
  };
  using Event = std::variant<ProgressState, Message, TrainedEpoch>;

  void add(Event event);
  void end();
  /// Until end().
  void listen();
  void tell(const std::vector<Event>& events) const;

  nb::object progress_;
  nb::object epoch_;
  Hooks hooks_;
  std::exception_ptr raised_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Event> events_;
  bool ended_ = false;
};

/// Sends messages that belong to no call to Python's logging, until the interpreter ends.
void log_messages_of_no_call();

}  // namespace vidclass::python
