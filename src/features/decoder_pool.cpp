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
  Keys keys;
  if (job_.cache != nullptr) {
    try {
      const video::ClipSource& source = job_.clips[clip];
      const std::string content = job_.hashes->of(source);
      if (job_.settings.streams.motion) {
        keys.motion = motion_key(content, job_.settings, source.start, source.end);
      }
      keys.clip = job_.settings.streams.appearance
                      ? cache_key(content, job_.settings, source.start, source.end)
                      : keys.motion;
    } catch (const ClipError& error) {
      arrivals_.push({clip, "", RejectedClip{error.reason()}});
      return;
    }
    if (!in_flight_.claim(keys.clip, clip)) return;
  }
  look_up_or_decode(clip, keys);
}

DecoderPool::Found DecoderPool::look_up(const Keys& keys) const {
  Found found;
  if (!job_.settings.streams.appearance) found.features.emplace();
  if (!job_.settings.streams.motion) found.motion.emplace();
  if (job_.cache == nullptr) return found;
  if (!found.features) {
    found.features = find_whole_entry(*job_.cache, keys.clip, [this](const NamedTensors& entry) {
      check_entry(entry, job_.settings);
    });
  }
  if (!found.motion) {
    found.motion = find_whole_entry(*job_.motion_cache, keys.motion, motion::check_arrays);
  }
  return found;
}

void DecoderPool::look_up_or_decode(std::size_t clip, const Keys& keys) {
  const auto push_if_whole = [&](Found& found) {
    if (!found.features || !found.motion) return false;
    arrivals_.push({clip, keys.clip,
                    CachedClip{*std::move(found.features), {.arrays = *std::move(found.motion)}}});
    return true;
  };
  Found found = look_up(keys);
  if (push_if_whole(found)) return;
  if (job_.claims != nullptr) {
    if (!job_.claims->take(keys.clip)) {
      const std::lock_guard lock(postponed_mutex_);
      postponed_.push_back({clip, keys});
      return;
    }
    // Another process may have stored it and let go between the two looks.
    found = look_up(keys);
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
    arrivals_.push({next->clip, next->keys.clip, HeldUp{}});
    std::this_thread::sleep_for(pause);
  }
}

void DecoderPool::decode(std::size_t clip, const Keys& keys, Found found) {
  // Said before decoding, so that the network is compiled meanwhile; no thread passes
  // before it has been said.
  if (!found.features) {
    std::call_once(network_announced_, [&] { arrivals_.push({clip, keys.clip, NetworkNeeded{}}); });
  }

  std::optional<std::size_t> next = clip;
  while (next && !stopped_) {
    try {
      arrivals_.push(decoded(*next, keys, found));
      return;
    } catch (const ClipError& error) {
      arrivals_.push({*next, keys.clip, RejectedClip{error.reason()}});
    }
    // A copy that waited may still be readable where this file was not.
    next = in_flight_.hand_over(keys.clip);
  }
  if (job_.claims != nullptr) job_.claims->release(keys.clip);
}

/// What of the clip is not in `found` is made, from one decoding. Throws ClipError.
Arrival DecoderPool::decoded(std::size_t clip, const Keys& keys, Found& found) {
  const video::ClipSource& source = job_.clips[clip];
  video::SampledClip sampled =
      video::sample_clip(source, job_.settings.clip, job_.cancel, job_.limits,
                         {.frames = !found.features, .greys = !found.motion});
  if (!sampled.note.empty()) {
    log_warning(format("{}: {}", source.path.string(), sampled.note));
  }
  ClipMotion motion;
  if (found.motion) {
    motion.arrays = *std::move(found.motion);
  } else {
    motion = {.arrays = motion::to_arrays(motion::describe(sampled.greys, job_.cancel)),
              .cached = false,
              .key = keys.motion};
    sampled.greys = {};
  }
  if (found.features) {
    return {clip, keys.clip, CachedClip{*std::move(found.features), std::move(motion)}};
  }
  return {clip, keys.clip, DecodedClip{std::move(sampled), std::move(motion)}};
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
