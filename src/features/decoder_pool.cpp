#include "features/decoder_pool.hpp"

#include <chrono>
#include <utility>

#include "core/format.hpp"
#include "core/log.hpp"
#include "core/parallel.hpp"
#include "features/entry.hpp"
#include "motion/describe.hpp"
#include "vidclass/error.hpp"

namespace vidclass::features {
namespace {

// Besides these, each thread may hold one clip that is ready: enough that the
// network never waits when decoding keeps up, and little memory.
constexpr std::size_t queue_capacity = 2;

/// `check` throws Error for a damaged entry.
template <typename Check>
std::optional<NamedTensors> find_whole_entry(const FeatureCache& cache, const std::string& key,
                                             Check check) {
  auto entry = cache.find(key);
  if (!entry) return std::nullopt;
  try {
    check(*entry);
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
    : job_(job), arrivals_(queue_capacity), thread_count_(threads), running_(threads) {
  threads_.reserve(threads);
  try {
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
  } catch (...) {
    // The threads that did start must not wait for ever when they are joined.
    stop();
    throw;
  }
}

DecoderPool::~DecoderPool() { stop(); }

void DecoderPool::stop() noexcept {
  stopped_ = true;
  job_.clips.close();
  arrivals_.close();
}

std::optional<Arrival> DecoderPool::next() {
  auto arrival = arrivals_.pop();
  const std::lock_guard lock(failure_mutex_);
  if (failure_) std::rethrow_exception(failure_);
  return arrival;
}

std::optional<Arrival> DecoderPool::next(std::chrono::microseconds wait) {
  auto arrival = arrivals_.pop_for(wait);
  if (!arrival && !arrivals_.drained()) return Arrival{0, "", NothingYet{}};
  const std::lock_guard lock(failure_mutex_);
  if (failure_) std::rethrow_exception(failure_);
  return arrival;
}

bool DecoderPool::idle() const noexcept { return waiting_ == thread_count_; }

std::vector<std::size_t> DecoderPool::copies_of(const std::string& key) {
  if (job_.claims != nullptr) job_.claims->release(key);
  std::vector<std::size_t> copies;
  for (const FedClip& clip : in_flight_.release(key)) copies.push_back(clip.id);
  return copies;
}

std::optional<FedClip> DecoderPool::take_clip() {
  ++waiting_;
  auto clip = job_.clips.next();
  if (clip) --waiting_;
  return clip;
}

FeatureSettings DecoderPool::settings_of(const FedClip& clip) const {
  FeatureSettings settings = job_.settings;
  if (clip.sequences > 0) settings.clip.clips = clip.sequences;
  return settings;
}

RejectedClip DecoderPool::rejection(const std::exception_ptr& why, const FedClip& clip) const {
  try {
    std::rethrow_exception(why);
  } catch (const ClipError& error) {
    return {error.reason()};
  } catch (const Cancelled& error) {
    if (clip.cancel.requested() && !job_.cancel.requested()) return {error.what(), false};
    throw;
  } catch (const std::exception& error) {
    if (!job_.carry_on) throw;
    log_error(format("{}: {}", clip.source.path.string(), error.what()));
    return {error.what(), false};
  }
}

void DecoderPool::run() {
  try {
    while (const auto clip = take_clip()) {
      if (stopped_) break;
      job_.cancel.check();
      handle(*clip);
    }
    handle_postponed();
  } catch (...) {
    fail(std::current_exception());
  }
  if (--running_ == 0) arrivals_.close();
}

void DecoderPool::handle(const FedClip& clip) {
  Keys keys;
  if (job_.cache != nullptr) {
    try {
      clip.cancel.check();
      const video::ClipSource& source = clip.source;
      const FeatureSettings settings = settings_of(clip);
      const std::string content = job_.hashes->of(source);
      if (settings.streams.motion) {
        keys.motion = motion_key(content, settings, source.start, source.end);
      }
      keys.clip = settings.streams.appearance
                      ? cache_key(content, settings, source.start, source.end)
                      : keys.motion;
    } catch (...) {
      arrivals_.push({clip.id, "", rejection(std::current_exception(), clip)});
      return;
    }
    if (!in_flight_.claim(keys.clip, clip)) return;
  }
  look_up_or_decode(clip, keys);
}

DecoderPool::Found DecoderPool::look_up(const Keys& keys, const FeatureSettings& settings) const {
  Found found;
  if (!job_.settings.streams.appearance) found.features.emplace();
  if (!job_.settings.streams.motion) found.motion.emplace();
  if (job_.cache == nullptr) return found;
  if (!found.features) {
    found.features =
        find_whole_entry(*job_.cache, keys.clip,
                         [&settings](const NamedTensors& entry) { check_entry(entry, settings); });
  }
  if (!found.motion) {
    found.motion = find_whole_entry(*job_.motion_cache, keys.motion, motion::check_arrays);
  }
  return found;
}

void DecoderPool::look_up_or_decode(const FedClip& clip, const Keys& keys) {
  const FeatureSettings settings = settings_of(clip);
  const auto push_if_whole = [&](Found& found) {
    if (!found.features || !found.motion) return false;
    arrivals_.push({clip.id, keys.clip,
                    CachedClip{*std::move(found.features), {.arrays = *std::move(found.motion)}}});
    return true;
  };
  Found found = look_up(keys, settings);
  if (push_if_whole(found)) return;
  if (job_.claims != nullptr) {
    if (!job_.claims->take(keys.clip)) {
      const std::lock_guard lock(postponed_mutex_);
      postponed_.push_back({clip, keys});
      return;
    }
    // Another process may have stored it and let go between the two looks.
    found = look_up(keys, settings);
    if (push_if_whole(found)) return;
  }
  decode(clip, keys, std::move(found));
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
    look_up_or_decode(next->clip, next->keys);
    {
      const std::lock_guard lock(postponed_mutex_);
      if (postponed_.size() <= left) continue;
    }
    arrivals_.push({next->clip.id, next->keys.clip, HeldUp{}});
    std::this_thread::sleep_for(pause);
  }
}

void DecoderPool::decode(const FedClip& clip, const Keys& keys, Found found) {
  // Said before decoding, so that the network is compiled meanwhile; no thread passes
  // before it has been said.
  if (!found.features) {
    std::call_once(network_announced_, [&] {
      arrivals_.push({clip.id, keys.clip, NetworkNeeded{}});
    });
  }

  std::optional<FedClip> next = clip;
  while (next && !stopped_) {
    try {
      arrivals_.push(decoded(*next, keys, found));
      return;
    } catch (...) {
      arrivals_.push({next->id, keys.clip, rejection(std::current_exception(), *next)});
    }
    // A copy that waited may still be readable where this file was not.
    next = in_flight_.hand_over(keys.clip);
  }
  if (job_.claims != nullptr) job_.claims->release(keys.clip);
}

/// What of the clip is not in `found` is made, from one decoding. Throws ClipError.
Arrival DecoderPool::decoded(const FedClip& clip, const Keys& keys, Found& found) {
  const video::ClipSource& source = clip.source;
  video::SampledClip sampled = job_.sample(source, settings_of(clip).clip, clip.cancel, job_.limits,
                                           {.frames = !found.features, .greys = !found.motion});
  if (!sampled.note.empty()) {
    log_warning(format("{}: {}", source.path.string(), sampled.note));
  }
  ClipMotion motion;
  if (found.motion) {
    motion.arrays = *std::move(found.motion);
  } else {
    motion = {.arrays = motion::to_arrays(motion::describe(sampled.greys, clip.cancel)),
              .cached = false,
              .key = keys.motion};
    sampled.greys = {};
  }
  if (found.features) {
    return {clip.id, keys.clip, CachedClip{*std::move(found.features), std::move(motion)}};
  }
  return {clip.id, keys.clip, DecodedClip{std::move(sampled), std::move(motion)}};
}

void DecoderPool::fail(std::exception_ptr failure) {
  {
    const std::lock_guard lock(failure_mutex_);
    if (!failure_) failure_ = std::move(failure);
  }
  stop();
}

}  // namespace vidclass::features
