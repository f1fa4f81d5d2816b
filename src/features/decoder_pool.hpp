// The threads that look clips up in the cache and decode those that are not there.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "features/in_flight.hpp"
#include "vidclass/core/bounded_queue.hpp"
#include "vidclass/core/cancellation.hpp"
#include "vidclass/core/content_hashes.hpp"
#include "vidclass/features/cache.hpp"
#include "vidclass/features/settings.hpp"
#include "vidclass/video/sample.hpp"

namespace vidclass::features {

/// A clip is not in the cache and is being decoded: the network will be needed.
/// Comes once, before the first DecodedClip, with no clip of its own.
struct NetworkNeeded {};
struct CachedClip {
  NamedTensors features;
};
struct DecodedClip {
  video::SampledClip frames;
};
struct RejectedClip {
  std::string reason;
};

struct Arrival {
  std::size_t clip = 0;  // its place in the list
  std::string key;       // of its cache entry; empty without a cache
  std::variant<NetworkNeeded, CachedClip, DecodedClip, RejectedClip> what;
};

/// What a pool needs to know; all of it must outlive the pool.
struct DecoderJob {
  std::span<const video::ClipSource> clips;
  const FeatureSettings& settings;
  video::Limits limits = {};
  const FeatureCache* cache = nullptr;  // null: nothing is looked up
  ContentHashes* hashes = nullptr;      // given exactly when `cache` is
  const CancellationToken& cancel;
};

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

  /// To be called once for each CachedClip and DecodedClip, after the entry of
  /// `key` was stored: the clips with the same content, which do not arrive.
  [[nodiscard]] std::vector<std::size_t> copies_of(const std::string& key);

private:
  void run();
  void handle(std::size_t clip);
  void decode(std::size_t clip, const std::string& key);
  void fail(std::exception_ptr failure);

  const DecoderJob job_;
  InFlight in_flight_;
  BoundedQueue<Arrival> arrivals_;
  std::atomic<std::size_t> next_clip_{0};
  std::atomic<std::size_t> running_;
  std::atomic<bool> stopped_{false};
  std::atomic<bool> network_announced_{false};
  std::mutex failure_mutex_;
  std::exception_ptr failure_;
  std::vector<std::jthread> threads_;
};

}  // namespace vidclass::features
