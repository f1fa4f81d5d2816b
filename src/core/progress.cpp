#include "core/progress.hpp"

#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>

#include "core/format.hpp"

namespace vidclass {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

/// TERM tells (terminfo(5)); a "dumb" terminal can do nothing but print.
bool knows_escape_sequences() {
  const char* terminal = std::getenv("TERM");
  return terminal && *terminal && std::strcmp(terminal, "dumb") != 0;
}

}  // namespace

struct ProgressPrinter::Impl {
  bool is_terminal = ::isatty(STDERR_FILENO) == 1 && knows_escape_sequences();
  std::mutex mutex;
  std::string stage;
  Clock::time_point stage_began;
  std::size_t done_at_begin = 0;
  Clock::time_point last_shown;
  bool line_open = false;

  void begin(const ProgressState& state) {
    end_line();
    stage = state.stage;
    stage_began = Clock::now();
    done_at_begin = state.done;
    last_shown = stage_began;
  }

  void show(const ProgressState& state, Clock::time_point now) {
    last_shown = now;
    std::string text = format("{} {}/{}", state.stage, state.done, state.total);
    const double elapsed = seconds_between(stage_began, now);
    const std::size_t finished = state.done - done_at_begin;
    if (state.done >= state.total) {
      text += format(", took {}", format_duration(elapsed));
    } else if (finished > 0) {
      const double left =
          elapsed / static_cast<double>(finished) * static_cast<double>(state.total - state.done);
      text += format(", {} left", format_duration(left));
    }
    if (!state.detail.empty()) text += ", " + state.detail;
    if (is_terminal) {
      // Back to the line's start, the text, and the rest of an older text erased.
      std::fprintf(stderr, "\r%s\x1b[K", text.c_str());
      line_open = true;
    } else {
      std::fprintf(stderr, "%s\n", text.c_str());
    }
    std::fflush(stderr);
  }

  void end_line() {
    if (line_open) std::fputc('\n', stderr);
    line_open = false;
  }
};

ProgressPrinter::ProgressPrinter() : impl_(std::make_unique<Impl>()) {}
ProgressPrinter::~ProgressPrinter() { finish(); }

void ProgressPrinter::update(const ProgressState& state) {
  std::lock_guard lock(impl_->mutex);
  if (impl_->stage != state.stage) impl_->begin(state);
  const auto now = Clock::now();
  const double pause = impl_->is_terminal ? 0.1 : 10.0;
  const bool finished = state.done >= state.total;
  if (finished || seconds_between(impl_->last_shown, now) >= pause) impl_->show(state, now);
  if (finished) {
    impl_->end_line();
    impl_->stage.clear();
  }
}

void ProgressPrinter::finish() {
  std::lock_guard lock(impl_->mutex);
  impl_->end_line();
}

ProgressFunction ProgressPrinter::function() {
  return [this](const ProgressState& state) { update(state); };
}

std::string format_duration(double seconds) {
  const auto total = static_cast<long long>(std::llround(std::max(0.0, seconds)));
  if (total < 60) return format("{} s", total);
  if (total < 3600) return format("{} min {:02} s", total / 60, total % 60);
  return format("{} h {:02} min", total / 3600, total % 3600 / 60);
}

}  // namespace vidclass
