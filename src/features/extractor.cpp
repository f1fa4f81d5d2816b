#include "vidclass/features/extractor.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "core/format.hpp"
#include "features/array_reader.hpp"
#include "features/decoder_pool.hpp"
#include "vidclass/core/content_hashes.hpp"
#include "vidclass/core/error.hpp"
#include "vidclass/core/log.hpp"
#include "vidclass/core/parallel.hpp"
#include "vidclass/features/cache.hpp"

namespace vidclass::features {
namespace {

void check(const ExtractOptions& options) {
  video::check(options.clip);
  if (options.decoders < 0) {
    throw UsageError(
        format("the number of decoders {} is wrong: it must be at least 1, or 0 for "
               "as many as CPUs",
               options.decoders));
  }
}

std::size_t decoder_count(int wanted, std::size_t clips) {
  constexpr int most = 4;  // one decoder keeps up with Xception; more only heat
  const int count = wanted > 0 ? wanted : std::min(thread_count(0), most);
  return std::min(static_cast<std::size_t>(count), clips);
}

/// Saves at the end of its scope, so that a stopped run need not read again what
/// it has read. The list only saves time, so a failure is no more than a warning.
class SaveAtEnd {
public:
  explicit SaveAtEnd(ContentHashes* hashes) : hashes_(hashes) {}
  ~SaveAtEnd() {
    if (hashes_ == nullptr) return;
    try {
      hashes_->save();
    } catch (const std::exception& error) {
      log_warning(error.what());
    }
  }
  SaveAtEnd(const SaveAtEnd&) = delete;
  SaveAtEnd& operator=(const SaveAtEnd&) = delete;

private:
  ContentHashes* hashes_;
};

class Stopwatch {
public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(Clock::now() - start_).count();
  }

private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
};

template <typename... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};
template <typename... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

}  // namespace

namespace {

/// int64 [V, T'].
Tensor rows_of(const std::vector<std::vector<std::size_t>>& views) {
  std::vector<std::int64_t> rows;
  for (const auto& view : views) rows.insert(rows.end(), view.begin(), view.end());
  return Tensor::from<std::int64_t>({views.size(), views.front().size()}, rows);
}

}  // namespace

struct Extractor::Impl {
  ExtractOptions options;
  FeatureSettings settings;
  std::optional<FeatureCache> cache;
  std::optional<ContentHashes> hashes;
  std::optional<backbone::PreparedBackbone> prepared;  // until the network is compiled
  std::optional<backbone::Backbone> network;

  backbone::Backbone& compiled_network() {
    if (!network) {
      network.emplace(*prepared);
      // The weights are in the compiled network now.
      prepared.reset();
    }
    return *network;
  }

  ClipFeatures compute(video::SampledClip clip) {
    ClipFeatures features{{"times", Tensor::from<double>({clip.times.size()}, clip.times)}};
    if (clip.views.size() > 1) features["views"] = rows_of(clip.views);
    if (clip.motion.empty()) {
      features["avg"] = compiled_network().features(clip.frames);
    } else {
      backbone::PooledFeatures pooled =
          compiled_network().pooled_features(clip.frames, clip.motion);
      features["avg"] = std::move(pooled.avg);
      features["motion"] = std::move(pooled.motion);
    }
    return features;
  }
};

namespace {

/// The books of one call of extract().
class Account {
public:
  Account(std::size_t total, const ProgressFunction& progress)
      : total_(total), progress_(progress) {}

  void add_usable(std::size_t clips, std::size_t cached, std::size_t frames) {
    report_.clips += clips;
    report_.cached += cached;
    report_.frames += frames;
    tell();
  }
  void add_unusable(std::size_t clip, UnusableClip why) {
    unusable_.emplace_back(clip, std::move(why));
    tell();
  }
  [[nodiscard]] ExtractReport close() {
    std::sort(unusable_.begin(), unusable_.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    for (auto& [clip, why] : unusable_) report_.unusable.push_back(std::move(why));
    report_.seconds = watch_.seconds();
    report_.frames_per_second = pace();
    return std::move(report_);
  }

private:
  [[nodiscard]] double pace() const {
    const double seconds = watch_.seconds();
    return seconds > 0 ? static_cast<double>(report_.frames) / seconds : 0;
  }
  void tell() const {
    if (!progress_) return;
    progress_({"extract", report_.clips + unusable_.size(), total_,
               report_.frames > 0 ? format("{:.1f} frames/s", pace()) : ""});
  }

  const std::size_t total_;
  const ProgressFunction& progress_;
  Stopwatch watch_;
  ExtractReport report_;
  std::vector<std::pair<std::size_t, UnusableClip>> unusable_;
};

}  // namespace

Extractor::Extractor(const ExtractOptions& options, const ProgressFunction& progress,
                     const CancellationToken& cancel)
    : impl_(std::make_unique<Impl>()) {
  check(options);
  impl_->options = options;
  if (options.array_width > 0) {
    impl_->settings.backbone.name = arrays_backbone;
    impl_->settings.backbone.feature_size = options.array_width;
    impl_->settings.backbone.fingerprint = arrays_backbone;
    return;
  }
  impl_->prepared.emplace(options.backbone, progress, cancel);
  impl_->settings.backbone = impl_->prepared->info();
  impl_->settings.clip = options.clip;
  impl_->settings.clip.size = impl_->settings.backbone.size;
  impl_->settings.clip.motion_grid =
      options.backbone.motion ? impl_->settings.backbone.map_size : 0;
  if (!options.cache_dir.empty()) {
    impl_->cache.emplace(options.cache_dir);
    impl_->hashes.emplace(options.cache_dir);
  }
}
Extractor::~Extractor() = default;

const FeatureSettings& Extractor::settings() const noexcept { return impl_->settings; }

std::string Extractor::key_of(const video::ClipSource& clip) {
  if (!impl_->hashes) throw Error("there is no cache for features");
  return cache_key(impl_->hashes->of(clip.path), impl_->settings, clip.start, clip.end);
}

ExtractReport Extractor::extract(std::span<const video::ClipSource> clips, const Consumer& consumer,
                                 const ProgressFunction& progress,
                                 const CancellationToken& cancel) {
  cancel.check();
  Impl& self = *impl_;
  if (self.options.array_width > 0) {
    return read_arrays(clips, self.options.array_width, consumer, progress, cancel);
  }
  Account account(clips.size(), progress);
  if (clips.empty()) return account.close();

  const SaveAtEnd save(self.hashes ? &*self.hashes : nullptr);
  DecoderPool pool({clips, self.settings, self.options.limits, self.cache ? &*self.cache : nullptr,
                    self.hashes ? &*self.hashes : nullptr, cancel},
                   decoder_count(self.options.decoders, clips.size()));

  const auto deliver = [&](std::size_t clip, const std::string& key, ClipFeatures features,
                           bool cached) {
    const std::vector<std::size_t> copies =
        key.empty() ? std::vector<std::size_t>() : pool.copies_of(key);
    const std::size_t frames = cached ? 0 : features.at("times").size();
    for (const std::size_t copy : copies) consumer(copy, features);
    consumer(clip, std::move(features));
    account.add_usable(1 + copies.size(), copies.size() + (cached ? 1 : 0), frames);
  };

  while (auto arrival = pool.next()) {
    cancel.check();
    std::visit(Overloaded{
                   [&](NetworkNeeded) { self.compiled_network(); },
                   [&](CachedClip& found) {
                     deliver(arrival->clip, arrival->key, std::move(found.features), true);
                   },
                   [&](DecodedClip& decoded) {
                     ClipFeatures features = self.compute(std::move(decoded.frames));
                     if (self.cache) self.cache->store(arrival->key, features);
                     deliver(arrival->clip, arrival->key, std::move(features), false);
                   },
                   [&](RejectedClip& rejected) {
                     account.add_unusable(arrival->clip,
                                          {clips[arrival->clip].path, std::move(rejected.reason)});
                   },
               },
               arrival->what);
  }
  return account.close();
}

}  // namespace vidclass::features
