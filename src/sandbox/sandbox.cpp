#include "sandbox/sandbox.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstring>
#include <mutex>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "core/format.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "sandbox/decoder_process.hpp"
#include "vidclass/error.hpp"
#include "video/frame_folder.hpp"
#include "video/input.hpp"

namespace vidclass::sandbox {
namespace {

using Seconds = std::chrono::duration<double>;

// Before a decoder is started again that ended by itself: twice as long each time it does so
// without having decoded anything.
constexpr double first_pause = 0.05;
constexpr double longest_pause = 5;
constexpr int most_attempts = 6;

double pause_after(int failures) {
  double pause = failures == 0 ? 0 : first_pause;
  for (int i = 1; i < failures && pause < longest_pause; ++i) pause *= 2;
  return std::min(pause, longest_pause);
}

void sleep_unless_stopped(double seconds, const CancellationToken& cancel) {
  constexpr double glance = 0.02;
  for (double left = seconds; left > 0; left -= glance) {
    cancel.check();
    std::this_thread::sleep_for(Seconds(std::min(left, glance)));
  }
}

/// Why there is no result; empty if there should be one.
std::string crash_reason(const Ending& ending, const Bounds& bounds) {
  if (ending.timed_out || ending.signal == SIGXCPU) {
    return format("decoding it takes more than {:g} s", bounds.seconds);
  }
  if (ending.signal == SIGXFSZ) {
    return format("it gives more than {} MiB of frames", bounds.frames >> 20);
  }
  if (ending.signal == SIGSYS) return "decoding it tried what a decoder may not do (SIGSYS)";
  if (ending.signal != 0) {
    const char* name = ::sigabbrev_np(ending.signal);
    return format("decoding it crashed (SIG{})", name != nullptr ? name : "?");
  }
  return ending.exit_status == 0 ? "" : "decoding it failed without a word";
}

}  // namespace

struct Sandbox::Impl {
  explicit Impl(const Bounds& of_clips) : bounds(of_clips) {
    auto first = std::make_unique<DecoderProcess>();
    layers = first->layers();
    idle.push_back(std::move(first));
  }

  std::unique_ptr<DecoderProcess> take(const CancellationToken& cancel) {
    while (true) {
      std::unique_ptr<DecoderProcess> decoder;
      {
        const std::lock_guard lock(mutex);
        if (idle.empty()) break;
        decoder = std::move(idle.back());
        idle.pop_back();
      }
      if (decoder->alive()) return decoder;
      ++restarts;
    }
    return start(cancel);
  }

  /// Tries again where one ends before it is ready. Throws Error, Cancelled.
  std::unique_ptr<DecoderProcess> start(const CancellationToken& cancel) {
    for (int attempt = 1;; ++attempt) {
      sleep_unless_stopped(pause_after(failures), cancel);
      try {
        return std::make_unique<DecoderProcess>();
      } catch (const Error&) {
        ++failures;
        if (attempt == most_attempts) throw;
      }
    }
  }

  void give_back(std::unique_ptr<DecoderProcess> decoder) {
    const std::lock_guard lock(mutex);
    idle.push_back(std::move(decoder));
  }

  /// Throws ClipError where its process crashed.
  Sampled sample(const Job& job, const CancellationToken& cancel) {
    auto decoder = take(cancel);
    std::optional<Ending> ending;
    try {
      ending = decoder->run(job, cancel);
    } catch (const Cancelled&) {
      give_back(std::move(decoder));
      throw;
    }
    if (!ending) {
      ++restarts;
      ++failures;
      crash(job, "its decoder was ended");
    }
    failures = 0;
    if (const std::string reason = crash_reason(*ending, bounds); !reason.empty()) {
      give_back(std::move(decoder));
      crash(job, reason);
    }
    try {
      Sampled sampled = decoder->take_result(job);
      give_back(std::move(decoder));
      ++clips;
      return sampled;
    } catch (const Error& error) {
      crash(job, error.what());  // the decoder goes, too
    }
  }

  [[noreturn]] void crash(const Job& job, const std::string& reason) {
    ++crashes;
    throw ClipError(job.clip.path, reason);
  }

  const Bounds bounds;
  Layers layers;
  std::mutex mutex;
  std::vector<std::unique_ptr<DecoderProcess>> idle;
  std::atomic<int> failures{0};  // of decoders, since the last one that served
  std::atomic<std::uint64_t> clips{0};
  std::atomic<std::uint64_t> crashes{0};
  std::atomic<std::uint64_t> restarts{0};
};

Sandbox::Sandbox(const Bounds& bounds) : impl_(std::make_unique<Impl>(bounds)) {}
Sandbox::~Sandbox() = default;

const Layers& Sandbox::layers() const noexcept { return impl_->layers; }
Counts Sandbox::counts() const noexcept { return {impl_->clips, impl_->crashes, impl_->restarts}; }

video::SampledClip Sandbox::sample(const video::ClipSource& source,
                                   const video::ClipSettings& settings,
                                   const CancellationToken& cancel, const video::Limits& limits,
                                   video::Parts parts) {
  video::check(settings);
  cancel.check();
  if (source.frames()) return video::sample_clip(source, settings, cancel, limits, parts);
  if (video::is_folder(source)) {
    throw ClipError(source.path, "a folder of pictures is not decoded in a sandbox");
  }
  const Job job{video::as_open_file(source), settings, limits, parts, impl_->bounds};
  Sampled sampled = impl_->sample(job, cancel);
  if (auto* clip = std::get_if<video::SampledClip>(&sampled)) return std::move(*clip);
  const Failure& failure = std::get<Failure>(sampled);
  if (failure.wrong_use) throw UsageError(failure.reason);
  throw ClipError(source.path, failure.reason);
}

video::Sampler sandboxed_sampler(const std::shared_ptr<Sandbox>& sandbox) {
  return
      [sandbox](const video::ClipSource& source, const video::ClipSettings& settings,
                const CancellationToken& cancel, const video::Limits& limits, video::Parts parts) {
        return sandbox->sample(source, settings, cancel, limits, parts);
      };
}

}  // namespace vidclass::sandbox
