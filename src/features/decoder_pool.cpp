#include "features/decoder_pool.hpp"

#include <chrono>
#include <utility>

#include "core/format.hpp"
#include "core/log.hpp"
#include "core/parallel.hpp"
#include "features/entry.hpp"
#include "vidclass/error.hpp"

namespace vidclass::features {
namespace {

// Besides these, each thread may hold one clip that is ready: enough that the
// network never waits when decoding keeps up, and little memory.
constexpr std::size_t queue_capacity = 2;

std::optional<NamedTensors> find_whole_entry(const FeatureCache& cache, const std::string& key,
                                             const FeatureSettings& settings) {
  auto entry = cache.find(key);
  if (!entry) return std::nullopt;
  try {
    check_entry(*entry, settings);
  } catch (const Error& damage) {
    log_warning(
        format("the entry {} of the feature cache is damaged ({}); these features are "
               "computed again",
               key, damage.what()));
    return std::nullopt;
  }
  return entry;
}

}  // namespace

std::size_t decoder_count(int wanted, std::size_t clips) {
  const int count = wanted > 0 ? wanted : decoders_for(thread_count(0));
  return std::min(static_cast<std::size_t>(count), clips);
}

DecoderPool::DecoderPool(const DecoderJob& job, std::size_t threads)
    : job_(job), arrivals_(queue_capacity), running_(threads) {
  threads_.reserve(threads);
  try {
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
  } catch (...) {
    // The threads that did start must not wait for ever when they are joined.
    stopped_ = true;
    arrivals_.close();
    throw;
  }
}

DecoderPool::~DecoderPool() {
  stopped_ = true;
  arrivals_.close();
}

std::optional<Arrival> DecoderPool::next() {
  auto arrival = arrivals_.pop();
  const std::lock_guard lock(failure_mutex_);
  if (failure_) std::rethrow_exception(failure_);
  return arrival;
}

std::vector<std::size_t> DecoderPool::copies_of(const std::string& key) {
  if (job_.claims != nullptr) job_.claims->release(key);
  return in_flight_.release(key);
}

void DecoderPool::run() {
  try {
    const std::size_t count = job_.clips.size();
    for (std::size_t i = next_clip_++; i < count; i = next_clip_++) {
      if (stopped_) break;
      job_.cancel.check();
      handle((job_.first_clip + i) % count);
    }
    handle_postponed();
  } catch (...) {
    fail(std::current_exception());
  }
  if (--running_ == 0) arrivals_.close();
}

void DecoderPool::handle(std::size_t clip) {
  std::string key;
  if (job_.cache != nullptr) {
    try {
      const video::ClipSource& source = job_.clips[clip];
      key = cache_key(job_.hashes->of(source), job_.settings, source.start, source.end);
    } catch (const ClipError& error) {
      arrivals_.push({clip, "", RejectedClip{error.reason()}});
      return;
    }
    if (!in_flight_.claim(key, clip)) return;
  }
  look_up_or_decode(clip, key);
}

void DecoderPool::look_up_or_decode(std::size_t clip, const std::string& key) {
  const auto look_up = [&] {
    if (job_.cache == nullptr) return false;
    auto entry = find_whole_entry(*job_.cache, key, job_.settings);
    if (!entry) return false;
    arrivals_.push({clip, key, CachedClip{*std::move(entry)}});
    return true;
  };
  if (look_up()) return;
  if (job_.claims != nullptr) {
    if (!job_.claims->take(key)) {
      const std::lock_guard lock(postponed_mutex_);
      postponed_.push_back({clip, key});
      return;
    }
    // Another process may have stored it and let go between the two looks.
    if (look_up()) return;
  }
  decode(clip, key);
}

void DecoderPool::handle_postponed() {
  constexpr auto pause = std::chrono::milliseconds(50);
  while (!stopped_) {
    job_.cancel.check();
    std::optional<Postponed> next;
    std::size_t left = 0;
    {
      const std::lock_guard lock(postponed_mutex_);
      if (postponed_.empty()) return;
      next = std::move(postponed_.front());
      postponed_.pop_front();
      left = postponed_.size();
    }
    look_up_or_decode(next->clip, next->key);
    {
      const std::lock_guard lock(postponed_mutex_);
      if (postponed_.size() <= left) continue;
    }
    arrivals_.push({next->clip, next->key, HeldUp{}});
    std::this_thread::sleep_for(pause);
  }
}

void DecoderPool::decode(std::size_t clip, const std::string& key) {
  // Said before decoding, so that the network is compiled meanwhile; no thread passes
  // before it has been said.
  std::call_once(network_announced_, [&] { arrivals_.push({clip, key, NetworkNeeded{}}); });

  std::optional<std::size_t> next = clip;
  while (next && !stopped_) {
    try {
      auto frames =
          video::sample_clip(job_.clips[*next], job_.settings.clip, job_.cancel, job_.limits);
      if (!frames.note.empty()) {
        log_warning(format("{}: {}", job_.clips[*next].path.string(), frames.note));
      }
      arrivals_.push({*next, key, DecodedClip{std::move(frames)}});
      return;
    } catch (const ClipError& error) {
      arrivals_.push({*next, key, RejectedClip{error.reason()}});
    }
    // A copy that waited may still be readable where this file was not.
    next = in_flight_.hand_over(key);
  }
  if (job_.claims != nullptr) job_.claims->release(key);
}

void DecoderPool::fail(std::exception_ptr failure) {
  {
    const std::lock_guard lock(failure_mutex_);
    if (!failure_) failure_ = std::move(failure);
  }
  stopped_ = true;
  arrivals_.close();
}

}  // namespace vidclass::features
