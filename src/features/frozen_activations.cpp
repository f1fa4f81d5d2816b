#include "features/frozen_activations.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/content_hashes.hpp"
#include "core/format.hpp"
#include "core/hash.hpp"
#include "core/log.hpp"
#include "features/cache.hpp"
#include "features/decoder_pool.hpp"
#include "vidclass/error.hpp"

namespace vidclass::features {
namespace {

// Raised whenever an entry holds something else for the same settings.
constexpr int activation_version = 1;

/// Each row turned around: [N, height, width, ...].
Tensor mirrored(const Tensor& maps) {
  Tensor result(maps.dtype(), maps.shape());
  const std::size_t width = maps.dim(2);
  const std::size_t rows = maps.dim(0) * maps.dim(1);
  const std::size_t each = maps.bytes().size() / (rows * width);
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t x = 0; x < width; ++x) {
      std::memcpy(result.bytes().data() + (row * width + width - 1 - x) * each,
                  maps.bytes().data() + (row * width + x) * each, each);
    }
  }
  return result;
}

/// True for a file that is there and whole; damage is told.
bool is_whole(const std::filesystem::path& entry) {
  std::error_code error;
  if (!std::filesystem::exists(entry, error)) return false;
  try {
    check_activations(entry);
    return true;
  } catch (const Error& damage) {
    log_warning(format("{}; it is computed again", damage.what()));
    return false;
  }
}

/// What is trained is trained unquantised, on what the last map gives.
backbone::BackboneOptions trainable(backbone::BackboneOptions options) {
  options.middle = false;
  if (options.precision == backbone::Precision::int8) {
    options.precision = backbone::Precision::automatic;
  }
  return options;
}

}  // namespace

void check_activations(const std::filesystem::path& entry) {
  const SafetensorsFile file(entry);
  const Shape& activations = file.shape("activations");
  if (activations.size() != 4 || activations[0] == 0 ||
      file.shape("times") != Shape{activations[0]} ||
      file.shape("features").at(0) != activations[0]) {
    throw Error(format("{}: its arrays are not of the same frames", entry.string()));
  }
}

FeatureSettings activation_settings(const FeatureSettings& settings, backbone::TunedBlocks blocks,
                                    Mirror mirror) {
  // Those of another network, as far as the cache is concerned: so that every setting
  // of a clip counts here as it counts there.
  FeatureSettings of_activations = settings;
  of_activations.backbone.fingerprint = sha256(
      format("activations {} {} mirrored {} {}", activation_version, backbone::to_string(blocks),
             mirror == Mirror::left_right, settings.backbone.fingerprint));
  return of_activations;
}

struct ActivationExtractor::Impl {
  ActivationOptions options;
  FeatureSettings settings;
  backbone::PreparedBackbone network;
  FeatureCache cache;
  ContentHashes hashes;
  std::optional<backbone::FrozenLayers> compiled;

  Impl(const ActivationOptions& wanted, const ProgressFunction& progress,
       const CancellationToken& cancel)
      : options(wanted),
        network(trainable(wanted.backbone), progress, cancel),
        cache(wanted.cache_dir / activation_folder),
        hashes(wanted.cache_dir) {
    backbone::require_tunable(network);
    settings.backbone = network.info();
    settings.clip = wanted.clip;
    settings.clip.size = network.info().size;
    settings.clip.motion_grid = wanted.backbone.motion ? network.info().map_size : 0;
  }

  NamedTensors entry_of(video::SampledClip clip, Mirror mirror) {
    if (!compiled) compiled.emplace(network, options.blocks);
    if (mirror == Mirror::left_right) {
      clip.frames = mirrored(clip.frames);
      if (!clip.motion.empty()) clip.motion = mirrored(clip.motion);
    }
    auto [activations, pooled] = compiled->run(clip.frames, clip.motion);
    ClipFeatures features{{"avg", std::move(pooled.avg)}};
    NamedTensors entry{{"activations", std::move(activations)},
                       {"times", Tensor::from<double>({clip.times.size()}, clip.times)}};
    if (!clip.motion.empty()) {
      features.emplace("motion", std::move(pooled.motion));
      entry.emplace("motion_map", std::move(clip.motion));
    }
    entry.emplace("features", joined_poolings(std::move(features)));
    return entry;
  }

  void save_hashes() {
    try {
      hashes.save();
    } catch (const Error& error) {
      log_warning(error.what());
    }
  }
};

ActivationExtractor::ActivationExtractor(const ActivationOptions& options,
                                         const ProgressFunction& progress,
                                         const CancellationToken& cancel) {
  if (options.cache_dir.empty()) {
    throw UsageError("fine-tuning keeps activations on disk: name a cache folder");
  }
  impl_ = std::make_unique<Impl>(options, progress, cancel);
}
ActivationExtractor::~ActivationExtractor() = default;

const backbone::PreparedBackbone& ActivationExtractor::network() const noexcept {
  return impl_->network;
}

ExtractReport ActivationExtractor::extract(std::span<const video::ClipSource> clips, Mirror mirror,
                                           const Consumer& consumer,
                                           const ProgressFunction& progress,
                                           const CancellationToken& cancel) {
  Impl& self = *impl_;
  const auto began = std::chrono::steady_clock::now();
  const auto seconds = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  };
  const FeatureSettings keyed_by = activation_settings(self.settings, self.options.blocks, mirror);
  ExtractReport report;
  std::vector<std::string> reasons(clips.size());
  std::vector<std::filesystem::path> entries(clips.size());
  std::vector<std::size_t> missing;
  std::map<std::filesystem::path, std::size_t> first_with;
  for (std::size_t i = 0; i < clips.size(); ++i) {
    cancel.check();
    try {
      entries[i] = self.cache.path_of(
          cache_key(self.hashes.of(clips[i]), keyed_by, clips[i].start, clips[i].end));
    } catch (const ClipError& error) {
      reasons[i] = error.reason();
      continue;
    }
    if (!first_with.emplace(entries[i], i).second) continue;  // of the same content as another
    if (!is_whole(entries[i])) missing.push_back(i);
  }
  self.save_hashes();

  std::size_t computed = 0;
  std::vector<video::ClipSource> sources;
  for (const std::size_t i : missing) sources.push_back(clips[i]);
  if (!missing.empty()) {
    ListFeed feed(sources, 0, cancel);
    DecoderPool pool(
        {.clips = feed, .settings = self.settings, .limits = self.options.limits, .cancel = cancel},
        decoder_count(self.options.decoders, sources.size()));
    std::size_t done = 0;
    while (auto arrival = pool.next()) {
      cancel.check();
      const std::size_t clip = missing[arrival->clip];
      if (auto* decoded = std::get_if<DecodedClip>(&arrival->what)) {
        report.frames += decoded->frames.times.size();
        write_safetensors(entries[clip], self.entry_of(std::move(decoded->frames), mirror));
        ++computed;
      } else if (auto* rejected = std::get_if<RejectedClip>(&arrival->what)) {
        reasons[clip] = std::move(rejected->reason);
      } else {
        continue;
      }
      ++done;
      if (progress) {
        progress({"activations", done, missing.size(),
                  format("{:.1f} frames/s", static_cast<double>(report.frames) / seconds())});
      }
    }
  }

  for (std::size_t i = 0; i < clips.size(); ++i) {
    if (reasons[i].empty()) reasons[i] = reasons[first_with.at(entries[i])];
    if (!reasons[i].empty()) {
      report.unusable.push_back({clips[i].path, reasons[i]});
      continue;
    }
    ++report.clips;
    consumer(i, entries[i]);
  }
  report.cached = report.clips - computed;
  report.seconds = seconds();
  report.frames_per_second = static_cast<double>(report.frames) / std::max(report.seconds, 1e-9);
  return report;
}

}  // namespace vidclass::features
