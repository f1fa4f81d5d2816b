// From clips to features, through the cache.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/progress.hpp"
#include "core/safetensors.hpp"
#include "features/clip_feed.hpp"
#include "features/settings.hpp"
#include "vidclass/clip.hpp"
#include "vidclass/hooks.hpp"
#include "video/clip_source.hpp"
#include "video/limits.hpp"
#include "video/sample.hpp"

namespace vidclass::features {

/// Stands for the backbone of features that were computed elsewhere.
inline constexpr const char* arrays_backbone = "arrays";

struct ExtractOptions {
  backbone::BackboneOptions backbone;
  /// `clip.size` is set to the backbone's frame size, and `clip.motion_grid` to its
  /// motion map's size or, without BackboneOptions::motion, to 0.
  video::ClipSettings clip;
  /// Without `appearance` no network is prepared, and `backbone` does not matter.
  Streams streams = {};
  /// Above 0: clips are files with arrays of so many features a frame, made elsewhere
  /// (core/feature_array.hpp), and taken as they are. No network is prepared, nothing is
  /// cached, and nothing else here matters.
  std::size_t array_width = 0;
  /// Empty: nothing is kept or looked up.
  std::filesystem::path cache_dir;
  /// Other processes may fill the cache at the same time.
  bool shared_cache = true;
  /// Decodes clips.
  video::Sampler sampler = video::sample_clip;
  /// Of clips that are decoded; those in the cache are served whatever they were.
  video::Limits limits;
  /// Rounds features to float16 (relative error below 0.0005), so that entries take
  /// half the room. Without a cache, too, so that results do not depend on it.
  bool half = false;
  /// This process among `ranks` that extract the same clips into the same cache: only
  /// where in the list it begins. Each still delivers every clip.
  int rank = 0;
  int ranks = 1;
  /// Clips decoded at the same time; 0: decoders_for() all CPUs. Speed only.
  int decoders = 0;
  /// For int8 without a calibration: the clips that it is measured on (calibrate.hpp),
  /// to be kept in BackboneOptions::calibration_dir. Empty: that is an error.
  std::vector<video::ClipSource> calibration_clips{};
  /// Where machines' limits are kept (backbone/limit.hpp), to say what share is reached; empty:
  /// nowhere.
  std::filesystem::path limits_dir{};
};

/// "avg": float32 [T, D], the frames' features in order of time; "motion": the same
/// weighted by motion, if asked for (BackboneOptions::motion); "middle" and "middle_motion":
/// float32 [T, M], the same of the map in the middle (BackboneOptions::middle); "times": float64
/// [T], seconds after the file's first frame; "views": int64 [V, T'], the rows of each sequence to
/// test with, if there are several (ClipSettings::clips). Of Streams::motion also the arrays of
/// motion::to_arrays().
using ClipFeatures = NamedTensors;

/// What heads read: float32 [T, P (D + M)], the P poolings of each frame ("avg", "motion",
/// "middle", "middle_motion") side by side.
[[nodiscard]] Tensor joined_poolings(ClipFeatures features);
/// The sequences to test with, ClipSettings::clips of them, from the rows of what
/// joined_poolings() gives.
[[nodiscard]] std::vector<Tensor> joined_views(ClipFeatures features);

/// Features a frame of the first of `arrays` that can be read. Throws Error if none can.
[[nodiscard]] std::size_t common_width(std::span<const video::ClipSource> arrays);

struct ExtractReport {
  std::size_t clips = 0;  // usable ones
  /// Of these, found in the cache (their features, if such are wanted), or of the same content as
  /// another of the call.
  std::size_t cached = 0;
  std::size_t frames = 0;  // computed now (without the cached)
  /// Clips whose movement was described now, whether their features were cached or not.
  std::size_t described = 0;
  std::vector<UnusableClip> unusable;
  /// Why features are not in the cache, as when the disk is full, which is warned of once; empty:
  /// they are.
  std::string not_kept{};
  double seconds = 0;            // the whole call
  double frames_per_second = 0;  // computed frames over seconds; 0 if none
  /// Of the frames a second that this machine could do at most, if that was measured and is not
  /// less than what was reached.
  std::optional<double> share_of_limit{};
};

/// One thread at a time.
class Extractor {
public:
  /// Finds the weights and their fingerprint; the network is compiled only when
  /// a clip is not in the cache. Throws UsageError and Error as Backbone does.
  explicit Extractor(const ExtractOptions& options, const ProgressFunction& progress = {},
                     const CancellationToken& cancel = {});
  ~Extractor();
  Extractor(const Extractor&) = delete;
  Extractor& operator=(const Extractor&) = delete;

  [[nodiscard]] const FeatureSettings& settings() const noexcept;
  /// The name of a clip's entry in the cache, whether it is there or not. Throws
  /// ClipError if the clip cannot be read, Error without a cache.
  [[nodiscard]] std::string key_of(const video::ClipSource& clip);
  /// The same of the entry with its cuboids.
  [[nodiscard]] std::string motion_key_of(const video::ClipSource& clip);

  /// Which of the clips have no entry in the cache, whether they can be read or not, ascending.
  /// Contents that are not known yet are read for it. Throws Cancelled.
  [[nodiscard]] std::vector<std::size_t> missing(std::span<const video::ClipSource> clips,
                                                 const ProgressFunction& progress = {},
                                                 const CancellationToken& cancel = {});
  /// Of the network's convolutions for one frame, in billions. Before the first extract(); 0 where
  /// there is no network.
  [[nodiscard]] double operations_per_frame() const;

  /// Called once for each usable clip, from the calling thread, in no promised
  /// order; `index` is the clip's place in the list given to extract().
  using Consumer = std::function<void(std::size_t index, ClipFeatures features)>;
  /// Called likewise for each clip that cannot be used, with why.
  using Rejection = std::function<void(std::size_t index, const RejectedClip& why)>;

  /// Several clips are decoded at once while the network runs; each finished
  /// clip is in the cache at once, so that nothing but the clips under way is
  /// lost when the process ends. With a cache, clips of the same content and span are
  /// computed once. Clips that cannot be used are collected in the report, in the
  /// order given. Throws Cancelled, Error for an array of another width and where the cache of
  /// several ranks cannot be written, and what `consumer` and `progress` throw; the object stays
  /// usable.
  ExtractReport extract(std::span<const video::ClipSource> clips, const Consumer& consumer,
                        const ProgressFunction& progress = {}, const CancellationToken& cancel = {},
                        const Rejection& rejected = {});
  /// The same of clips that come while others are worked on, by their ids, until the feed ends.
  /// Frames wait at most `longest_wait` for those of other clips to fill their batch. What goes
  /// wrong with one clip, such as that no decoder can be started, rejects that clip alone; other
  /// processes with the same cache may do the same work. Throws Error where the network fails,
  /// Cancelled; the feed is closed then.
  void extract(ClipFeed& feed, std::chrono::microseconds longest_wait, const Consumer& consumer,
               const Rejection& rejected, const CancellationToken& cancel = {});

private:
  struct Impl;
  struct Run;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vidclass::features
