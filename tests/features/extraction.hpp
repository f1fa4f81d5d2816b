// Running an Extractor and keeping what it hands out.
#pragma once

#include <filesystem>
#include <map>
#include <vector>

#include "features/extractor.hpp"

namespace vidclass::testing {

struct Extraction {
  features::ExtractReport report;
  std::map<std::size_t, features::ClipFeatures> features;  // by the clip's index
};

/// The built-in network, 6 frames a clip.
[[nodiscard]] inline features::ExtractOptions mini_options(
    const std::filesystem::path& cache = {}) {
  features::ExtractOptions options;
  options.backbone.name = "mini";
  options.backbone.precision = backbone::Precision::f32;
  options.clip.frames = 6;
  options.cache_dir = cache;
  return options;
}

[[nodiscard]] inline Extraction extract_sources(const features::ExtractOptions& options,
                                                const std::vector<ClipSource>& sources) {
  Extraction result;
  features::Extractor extractor(options);
  result.report =
      extractor.extract(sources, [&](std::size_t clip, features::ClipFeatures features) {
        result.features.emplace(clip, std::move(features));
      });
  return result;
}

[[nodiscard]] inline Extraction extract(const features::ExtractOptions& options,
                                        const std::vector<std::filesystem::path>& clips) {
  return extract_sources(options, std::vector<ClipSource>(clips.begin(), clips.end()));
}

/// The bytes of all arrays, for comparing.
[[nodiscard]] inline std::map<std::size_t, std::vector<std::byte>> bytes_of(
    const Extraction& extraction) {
  std::map<std::size_t, std::vector<std::byte>> result;
  for (const auto& [clip, arrays] : extraction.features) {
    for (const auto& [name, tensor] : arrays) {
      result[clip].insert(result[clip].end(), tensor.bytes().begin(), tensor.bytes().end());
    }
  }
  return result;
}

}  // namespace vidclass::testing
