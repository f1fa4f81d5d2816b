#include "features/extractor.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <optional>
#include <utility>

#include "backbone/calibration.hpp"
#include "backbone/feature_pipeline.hpp"
#include "backbone/limit.hpp"
#include "backbone/peak.hpp"
#include "core/content_hashes.hpp"
#include "core/format.hpp"
#include "core/log.hpp"
#include "core/parallel.hpp"
#include "core/stopwatch.hpp"
#include "features/array_reader.hpp"
#include "features/cache.hpp"
#include "features/calibrate.hpp"
#include "features/claims.hpp"
#include "features/decoder_pool.hpp"
#include "features/half.hpp"
#include "vidclass/error.hpp"

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
  if (options.ranks < 1 || options.rank < 0 || options.rank >= options.ranks) {
    throw UsageError(
        format("rank {} of {} is wrong: ranks count from 0", options.rank, options.ranks));
  }
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
  std::optional<FeatureCache> motion_cache;
  std::optional<Claims> claims;
  std::optional<ContentHashes> hashes;
  std::optional<backbone::PreparedBackbone> prepared;  // until the network is compiled
  std::optional<backbone::Backbone> network;

  [[nodiscard]] std::optional<double> limit() const {
    if (options.limits_dir.empty()) return std::nullopt;
    return backbone::find_limit(
        backbone::limit_path(options.limits_dir, settings.backbone, options.backbone.threads));
  }

  backbone::Backbone& compiled_network(backbone::Load load) {
    if (!network) {
      network.emplace(*std::move(prepared), load);
      prepared.reset();
    }
    return *network;
  }

  /// Without claims.
  DecoderJob decoder_job(ClipFeed& feed, const CancellationToken& cancel) {
    return {.clips = feed,
            .settings = settings,
            .sample = options.sampler,
            .limits = options.limits,
            .cache = cache ? &*cache : nullptr,
            .motion_cache = motion_cache ? &*motion_cache : nullptr,
            .hashes = hashes ? &*hashes : nullptr,
            .cancel = cancel};
  }

  void prepare_network(const ProgressFunction& progress, const CancellationToken& cancel) {
    prepared.emplace(options.backbone, progress, cancel);
    settings.backbone = prepared->info();
    settings.clip.size = settings.backbone.size;
    settings.clip.motion_grid = options.backbone.motion ? settings.backbone.motion_map_size : 0;
    if (!prepared->needs_calibration()) return;
    if (options.calibration_clips.empty()) {
      throw Error(
          "int8 needs a calibration: \"vidclass backbone quantise --calibrate DATA\" makes one "
          "(with "
          "--model for a fine-tuned network)");
    }
    calibrate(progress, cancel);
    settings.backbone = prepared->info();
  }

  void calibrate(const ProgressFunction& progress, const CancellationToken& cancel) {
    const auto calibration = std::make_shared<const backbone::Calibration>(
        backbone::calibrate(*prepared,
                            calibration_frames(options.calibration_clips, settings.clip, progress,
                                               cancel, options.limits),
                            progress, cancel));
    std::string where = "for this run alone";
    if (const auto& dir = options.backbone.calibration_dir; !dir.empty()) {
      const auto path = backbone::calibration_path(dir, prepared->info());
      backbone::write(path, *calibration);
      where = "kept in " + path.string();
    }
    log_info(
        format("int8 is calibrated on {} frames of these clips, {}", calibration->frames, where));
    prepared->set_calibration(calibration);
  }
};

namespace {

struct UnderWay {
  std::string key;  // of its cache entry
  std::vector<double> times;
  std::vector<std::vector<std::size_t>> views;
  NamedTensors motion;
  bool described = false;  // now
};

/// The books of one call of extract().
class Account {
public:
  /// `limit`: frames a second that are possible, if known.
  Account(std::size_t total, std::optional<double> limit, const ProgressFunction& progress)
      : total_(total), limit_(limit), progress_(progress) {}

  /// What one delivery was of.
  struct Delivery {
    bool cached = false;
    bool described = false;
    std::size_t frames = 0;
  };
  void add_usable(std::size_t copies, const Delivery& delivery) {
    report_.clips += 1 + copies;
    report_.cached += copies + (delivery.cached ? 1 : 0);
    report_.frames += delivery.frames;
    report_.described += delivery.described ? 1 : 0;
    tell();
  }
  void add_unusable(std::size_t clip, UnusableClip why) {
    unusable_.emplace_back(clip, std::move(why));
    tell();
  }
  void give_up_keeping(const std::string& why) {
    log_warning(format("{}; from here on features are kept for this run alone", why));
    report_.not_kept = why;
  }
  [[nodiscard]] bool gave_up_keeping() const noexcept { return !report_.not_kept.empty(); }
  [[nodiscard]] ExtractReport close() {
    std::sort(unusable_.begin(), unusable_.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    for (auto& [clip, why] : unusable_) report_.unusable.push_back(std::move(why));
    report_.seconds = watch_.seconds();
    report_.frames_per_second = pace();
    report_.share_of_limit = share();
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
               report_.frames > 0 ? pace_text() : ""});
  }
  [[nodiscard]] std::string pace_text() const {
    const std::string text = format("{:.1f} frames/s", pace());
    const auto of_limit = share();
    if (!of_limit) return text;
    return text + format(", {:.0f} % of this machine's limit", *of_limit * 100);
  }
  /// Nothing where more is reached than the limit: it was then measured beside other work.
  [[nodiscard]] std::optional<double> share() const {
    if (!limit_ || report_.frames == 0 || pace() > *limit_) return std::nullopt;
    return pace() / *limit_;
  }

  const std::size_t total_;
  const std::optional<double> limit_;
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
  impl_->settings.clip = options.clip;
  impl_->settings.half = options.half;
  impl_->settings.streams = options.streams;
  if (options.streams.appearance) impl_->prepare_network(progress, cancel);
  if (!options.cache_dir.empty()) {
    impl_->cache.emplace(options.cache_dir);
    impl_->motion_cache.emplace(options.cache_dir / motion_folder);
    if (options.shared_cache) impl_->claims.emplace(options.cache_dir);
    impl_->hashes.emplace(options.cache_dir);
  }
}
Extractor::~Extractor() = default;

const FeatureSettings& Extractor::settings() const noexcept { return impl_->settings; }

std::string Extractor::key_of(const video::ClipSource& clip) {
  if (!impl_->hashes) throw Error("there is no cache for features");
  return cache_key(impl_->hashes->of(clip), impl_->settings, clip.start, clip.end);
}

std::string Extractor::motion_key_of(const video::ClipSource& clip) {
  if (!impl_->hashes) throw Error("there is no cache for features");
  return motion_key(impl_->hashes->of(clip), impl_->settings, clip.start, clip.end);
}

std::vector<std::size_t> Extractor::missing(std::span<const video::ClipSource> clips,
                                            const ProgressFunction& progress,
                                            const CancellationToken& cancel) {
  std::vector<char> lacks(clips.size(), 1);  // not bool: written by several threads
  if (impl_->cache) {
    const SaveAtEnd save(&*impl_->hashes);
    for_each_index(
        clips.size(), thread_count(impl_->options.backbone.threads),
        [&](std::size_t clip) {
          try {
            std::error_code error;
            const auto entry = impl_->cache->path_of(key_of(clips[clip]));
            lacks[clip] = std::filesystem::exists(entry, error) ? 0 : 1;
          } catch (const ClipError&) {
            // Whoever extracts it tells of it.
          }
        },
        "look for features", progress, cancel);
  }
  std::vector<std::size_t> missing;
  for (std::size_t clip = 0; clip < lacks.size(); ++clip) {
    if (lacks[clip] != 0) missing.push_back(clip);
  }
  return missing;
}

double Extractor::operations_per_frame() const {
  return impl_->prepared ? backbone::operations_per_frame(*impl_->prepared) : 0;
}

namespace {

/// Clips that come from a feed, through decoders, cache and network, to whoever wants their
/// features.
struct Flow {
  DecoderPool& pool;
  Account& account;
  const Extractor::Consumer& consumer;
  const Extractor::Rejection& rejected;
  const CancellationToken& cancel;
  /// How long frames wait for others to fill their batch; empty: until no more come.
  std::optional<std::chrono::microseconds> longest_wait{};
  backbone::Load load = backbone::Load::many_frames;
};

}  // namespace

/// One call of extract().
struct Extractor::Run {
  Impl& self;
  const Flow& flow;
  std::map<std::size_t, UnderWay> under_way{};  // clips whose frames are in the network
  std::optional<backbone::FeaturePipeline> pipeline{};

  void run() {
    while (auto arrival = next()) {
      flow.cancel.check();
      std::visit([&](auto& what) { take(*arrival, what); }, arrival->what);
    }
    drain();
  }

private:
  std::optional<Arrival> next() {
    if (!flow.longest_wait || under_way.empty()) return flow.pool.next();
    // Nobody could fill the batch.
    if (flow.pool.idle()) return flow.pool.next(std::chrono::microseconds(0));
    return flow.pool.next(*flow.longest_wait);
  }

  void take(const Arrival&, NetworkNeeded) { pipeline.emplace(self.compiled_network(flow.load)); }
  void take(const Arrival& arrival, CachedClip& found) {
    const bool described = keep_if_new(found.motion);
    found.features.merge(std::move(found.motion.arrays));
    const bool cached = self.settings.streams.appearance || !described;
    deliver(arrival.clip, arrival.key, std::move(found.features),
            {.cached = cached, .described = described});
  }
  void take(const Arrival& arrival, DecodedClip& decoded) {
    const bool described = keep_if_new(decoded.motion);
    under_way[arrival.clip] = {arrival.key, std::move(decoded.frames.times),
                               std::move(decoded.frames.views), std::move(decoded.motion.arrays),
                               described};
    pipeline->push(arrival.clip, decoded.frames.frames, decoded.frames.motion);
    while (auto done = pipeline->pop()) finish(*std::move(done));
  }
  void take(const Arrival& arrival, RejectedClip& clip) {
    if (flow.rejected) flow.rejected(arrival.clip, clip);
  }
  void take(const Arrival&, HeldUp) { drain(); }
  void take(const Arrival&, NothingYet) {
    while (auto done = pipeline ? pipeline->wait() : std::nullopt) {
      finish(*std::move(done));
      if (!flow.pool.nothing_arrived()) break;
    }
  }

  void drain() {
    while (auto done = pipeline ? pipeline->wait() : std::nullopt) {
      flow.cancel.check();
      finish(*std::move(done));
    }
  }

  void finish(backbone::FeaturePipeline::Done done) {
    const auto node = under_way.extract(done.id);
    UnderWay& clip = node.mapped();
    ClipFeatures features{{"times", Tensor::from<double>({clip.times.size()}, clip.times)}};
    if (clip.views.size() > 1) features["views"] = rows_of(clip.views);
    for (const backbone::Pooling& pooling : backbone::poolings) {
      Tensor& values = done.features.*pooling.features;
      if (!values.empty()) features[pooling.name] = std::move(values);
    }
    if (self.settings.half) {
      NamedTensors small = narrowed(std::move(features));
      keep(self.cache, clip.key, small);
      features = widened(std::move(small));
    } else {
      keep(self.cache, clip.key, features);
    }
    features.merge(std::move(clip.motion));
    deliver(done.id, clip.key, std::move(features),
            {.cached = false, .described = clip.described, .frames = clip.times.size()});
  }

  void deliver(std::size_t clip, const std::string& key, ClipFeatures features,
               const Account::Delivery& delivery) {
    const std::vector<std::size_t> copies =
        key.empty() ? std::vector<std::size_t>() : flow.pool.copies_of(key);
    for (const std::size_t copy : copies) flow.consumer(copy, features);
    flow.consumer(clip, std::move(features));
    flow.account.add_usable(copies.size(), delivery);
  }

  void keep(const std::optional<FeatureCache>& cache, const std::string& key,
            const NamedTensors& arrays) {
    if (!cache || flow.account.gave_up_keeping()) return;
    try {
      cache->store(key, arrays);
    } catch (const Error& error) {
      if (self.options.ranks > 1) throw;  // they read it there
      flow.account.give_up_keeping(error.what());
    }
  }

  /// Stores what is known of a clip's movement, if that is new.
  bool keep_if_new(const ClipMotion& motion) {
    if (!motion.cached) keep(self.motion_cache, motion.key, motion.arrays);
    return !motion.cached;
  }
};

ExtractReport Extractor::extract(std::span<const video::ClipSource> clips, const Consumer& consumer,
                                 const ProgressFunction& progress, const CancellationToken& cancel,
                                 const Rejection& rejected) {
  cancel.check();
  Impl& self = *impl_;
  if (self.options.array_width > 0) {
    return read_arrays(clips, self.options.array_width, consumer, progress, cancel, rejected);
  }
  Account account(clips.size(), self.limit(), progress);
  if (clips.empty()) return account.close();

  const SaveAtEnd save(self.hashes ? &*self.hashes : nullptr);
  const auto first = clips.size() * static_cast<std::size_t>(self.options.rank) /
                     static_cast<std::size_t>(self.options.ranks);
  ListFeed feed(clips, first, cancel);
  DecoderJob job = self.decoder_job(feed, cancel);
  job.claims = self.claims ? &*self.claims : nullptr;
  DecoderPool pool(job, decoder_count(self.options.decoders, clips.size()));
  const Rejection reject = [&](std::size_t clip, const RejectedClip& why) {
    if (rejected) rejected(clip, why);
    account.add_unusable(clip, {clips[clip].path, why.reason});
  };
  constexpr std::size_t few_clips = 2;
  const Flow flow{
      .pool = pool,
      .account = account,
      .consumer = consumer,
      .rejected = reject,
      .cancel = cancel,
      .load = clips.size() <= few_clips ? backbone::Load::few_frames : backbone::Load::many_frames};
  Run{self, flow}.run();
  return account.close();
}

void Extractor::extract(ClipFeed& feed, std::chrono::microseconds longest_wait,
                        const Consumer& consumer, const Rejection& rejected,
                        const CancellationToken& cancel) {
  const ProgressFunction nobody;
  Account account(0, std::nullopt, nobody);
  DecoderJob job = impl_->decoder_job(feed, cancel);
  job.carry_on = true;
  const int decoders = impl_->options.decoders;
  DecoderPool pool(
      job, static_cast<std::size_t>(decoders > 0 ? decoders : decoders_for(thread_count(0))));
  const Flow flow{.pool = pool,
                  .account = account,
                  .consumer = consumer,
                  .rejected = rejected,
                  .cancel = cancel,
                  .longest_wait = longest_wait};
  Run{*impl_, flow}.run();
}

}  // namespace vidclass::features
