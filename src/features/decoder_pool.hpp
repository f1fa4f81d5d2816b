// The threads that look clips up in the cache and decode those that are not there.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "core/bounded_queue.hpp"
#include "core/content_hashes.hpp"
#include "features/cache.hpp"
#include "features/claims.hpp"
#include "features/clip_feed.hpp"
#include "features/in_flight.hpp"
#include "features/settings.hpp"
#include "vidclass/hooks.hpp"
#include "video/sample.hpp"

namespace vidclass::features {

/// A clip is not in the cache and is being decoded: the network will be needed.
/// Comes once, before the first DecodedClip, with no clip of its own.
struct NetworkNeeded {};
/// What moves in a clip, as motion::to_arrays(); none unless Streams::motion.
struct ClipMotion {
  NamedTensors arrays;
  bool cached = true;
  std::string key{};  // of its cache entry; empty without a cache
};
/// The network is not needed.
struct CachedClip {
  NamedTensors features;
  ClipMotion motion;
};
struct DecodedClip {
  video::SampledClip frames;
  ClipMotion motion;
};
/// What is left is being worked on by other processes, which may in turn wait for
/// what this one has under way: that must be finished now. Of no clip.
struct HeldUp {};
/// Nothing came in the time that was given. Of no clip.
struct NothingYet {};

struct Arrival {
  std::size_t clip = 0;  // FedClip::id
  /// Of its cache entry, that of its cuboids where nothing else is wanted; empty without a cache.
  std::string key;
  std::variant<NetworkNeeded, CachedClip, DecodedClip, RejectedClip, HeldUp, NothingYet> what;
};

/// What a pool needs to know; all of it must outlive the pool.
struct DecoderJob {
  ClipFeed& clips;
  const FeatureSettings& settings;
  video::Sampler sample = video::sample_clip;
  video::Limits limits = {};
  const FeatureCache* cache = nullptr;         // null: nothing is looked up
  const FeatureCache* motion_cache = nullptr;  // of cuboids; given exactly when `cache` is
  ContentHashes* hashes = nullptr;             // given exactly when `cache` is
  const CancellationToken& cancel;
  /// What other processes work on is left to them, and looked for in the cache once
  /// the rest is done. Null: nothing is.
  const Claims* claims = nullptr;
  /// What goes wrong with one clip, whatever it is, ends nothing but that clip.
  bool carry_on = false;
};

/// Clips to decode at the same time with so many CPUs: one decoder keeps up with Xception, and more
/// than four only heat.
[[nodiscard]] constexpr int decoders_for(int cpus) noexcept { return std::clamp(cpus, 1, 4); }
/// `wanted`, or, if it is 0, as many as all CPUs can use; no more than there are clips.
[[nodiscard]] std::size_t decoder_count(int wanted, std::size_t clips);

/// Starts at construction. Destruction at any time stops the threads, after at
/// most the clip that each is decoding. For one thread's use.
class DecoderPool {
public:
  DecoderPool(const DecoderJob& job, std::size_t threads);
  ~DecoderPool();
  DecoderPool(const DecoderPool&) = delete;
  DecoderPool& operator=(const DecoderPool&) = delete;

  /// Waits for what comes next, in no promised order; empty once every clip came
  /// or waits for a copy of it. Throws what a decoder thread threw.
  [[nodiscard]] std::optional<Arrival> next();
  /// The same, or NothingYet after `wait`.
  [[nodiscard]] std::optional<Arrival> next(std::chrono::microseconds wait);
  /// Are all clips taken that have come so far, and none is worked on?
  [[nodiscard]] bool idle() const noexcept;
  /// Would next() wait?
  [[nodiscard]] bool nothing_arrived() const { return arrivals_.empty(); }

  /// To be called once for each CachedClip and DecodedClip, after the entry of
  /// `key` was stored: the clips with the same content, which do not arrive. The
  /// entry is free for other processes.
  [[nodiscard]] std::vector<std::size_t> copies_of(const std::string& key);

private:
  /// The names of a clip's cache entries, empty without a cache.
  struct Keys {
    std::string clip;    // as Arrival::key
    std::string motion;  // of its cuboids
  };
  struct Postponed {
    FedClip clip;
    Keys keys;
  };
  /// What the cache has of a clip; what is not wanted counts as found.
  struct Found {
    std::optional<NamedTensors> features;
    std::optional<NamedTensors> motion;
  };

  void run();
  [[nodiscard]] std::optional<FedClip> take_clip();
  [[nodiscard]] FeatureSettings settings_of(const FedClip& clip) const;
  void handle(const FedClip& clip);
  [[nodiscard]] Found look_up(const Keys& keys, const FeatureSettings& settings) const;
  void look_up_or_decode(const FedClip& clip, const Keys& keys);
  void handle_postponed();
  void decode(const FedClip& clip, const Keys& keys, Found found);
  [[nodiscard]] Arrival decoded(const FedClip& clip, const Keys& keys, Found& found);
  [[nodiscard]] RejectedClip rejection(const std::exception_ptr& why, const FedClip& clip) const;
  void fail(std::exception_ptr failure);
  void stop() noexcept;

  const DecoderJob job_;
  InFlight<FedClip> in_flight_;
  BoundedQueue<Arrival> arrivals_;
  const std::size_t thread_count_;
  std::atomic<std::size_t> waiting_{0};  // threads without a clip
  std::atomic<std::size_t> running_;
  std::atomic<bool> stopped_{false};
  std::once_flag network_announced_;
  std::mutex postponed_mutex_;
  std::deque<Postponed> postponed_;
  std::mutex failure_mutex_;
  std::exception_ptr failure_;
  std::vector<std::jthread> threads_;
};

}  // namespace vidclass::features
