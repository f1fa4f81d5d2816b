#include "call.hpp"

#include "errors.hpp"

namespace vidclass::python {
namespace {

// How soon Ctrl-C is seen.
constexpr std::chrono::milliseconds pause{50};

void log(MessageLevel level, const std::string& text) {
  const nb::object logger = nb::module_::import_("logging").attr("getLogger")("vidclass");
  logger.attr(level == MessageLevel::warning ? "warning" : "info")("%s", readable(text));
}

template <typename... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};
template <typename... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

}  // namespace

Call::Call(nb::object progress, nb::object epoch)
    : progress_(std::move(progress)), epoch_(std::move(epoch)) {
  hooks_.message = [this](MessageLevel level, const std::string& text) {
    add(Message{level, text});
  };
  if (!progress_.is_none()) {
    hooks_.progress = [this](const ProgressState& state) { add(state); };
  }
}

std::function<void(const TrainedEpoch&)> Call::on_epoch() {
  if (epoch_.is_none()) return {};
  return [this](const TrainedEpoch& epoch) { add(epoch); };
}

void Call::add(Event event) {
  const std::lock_guard lock(mutex_);
  // Of progress that was not told yet the newest is enough.
  const auto* const now = std::get_if<ProgressState>(&event);
  auto* const last = events_.empty() ? nullptr : std::get_if<ProgressState>(&events_.back());
  if (now != nullptr && last != nullptr && last->stage == now->stage) {
    *last = *now;
  } else {
    events_.push_back(std::move(event));
  }
  changed_.notify_one();
}

void Call::end() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_one();
}

void Call::listen() {
  for (bool ended = false; !ended;) {
    std::vector<Event> events;
    {
      const nb::gil_scoped_release released;
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, pause, [&] { return ended_ || !events_.empty(); });
      events.swap(events_);
      ended = ended_;
    }
    if (raised_) continue;
    try {
      tell(events);
      if (PyErr_CheckSignals() != 0) nb::raise_python_error();
    } catch (...) {
      raised_ = std::current_exception();
      hooks_.cancel.request();
    }
  }
}

void Call::tell(const std::vector<Event>& events) const {
  for (const Event& event : events) {
    std::visit(Overloaded{
                   [&](const ProgressState& now) {
                     progress_(readable(now.stage), now.done, now.total, readable(now.detail));
                   },
                   [](const Message& message) { log(message.level, message.text); },
                   [&](const TrainedEpoch& epoch) { epoch_(epoch); },
               },
               event);
  }
}

void log_messages_of_no_call() {
  set_message_handler([](MessageLevel level, const std::string& text) {
    const nb::gil_scoped_acquire acquired;
    try {
      log(level, text);
    } catch (nb::python_error& error) {
      error.discard_as_unraisable("vidclass: a message");
    }
  });
  const nb::object forget = nb::cpp_function([] {
    // Whoever is telling now waits for the interpreter.
    const nb::gil_scoped_release released;
    set_message_handler({});
  });
  nb::module_::import_("atexit").attr("register")(forget);
}

}  // namespace vidclass::python
