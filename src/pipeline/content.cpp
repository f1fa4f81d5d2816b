#include "pipeline/content.hpp"

#include <string>
#include <vector>

#include "core/feature_array.hpp"
#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline {
namespace {

using dataset::Content;

[[noreturn]] void refuse(const model::Model& model, const std::filesystem::path& file,
                         const std::filesystem::path& data) {
  if (reads_arrays(model)) {
    throw UsageError(
        format("{} reads arrays of {} features a frame that were made elsewhere (.npy, "
               ".safetensors), and no pixels; {} has pixels",
               file.string(), model.heads.front().spec.features, data.string()));
  }
  throw UsageError(
      format("{} reads clips with the network {}; {} is features that were made "
             "elsewhere",
             file.string(), model.backbone, data.string()));
}

}  // namespace

features::ExtractOptions options_for(const dataset::Manifest& manifest,
                                     const features::ExtractOptions& options) {
  if (manifest.content == Content::clips) return options;
  std::vector<video::ClipSource> sources;
  for (const dataset::Clip& clip : manifest.clips) sources.push_back(clip.source());
  return array_options(sources);
}

features::ExtractOptions array_options(std::span<const video::ClipSource> arrays) {
  features::ExtractOptions options;
  options.array_width = features::common_width(arrays);
  return options;
}

bool reads_arrays(const model::Model& model) { return model.backbone == features::arrays_backbone; }

void require_fit(const model::Model& model, const std::filesystem::path& file,
                 const dataset::Manifest& manifest) {
  if (reads_arrays(model) != (manifest.content == Content::arrays)) {
    refuse(model, file, manifest.source);
  }
}

void require_fit(const model::Model& model, const std::filesystem::path& file,
                 const std::filesystem::path& clip) {
  if (reads_arrays(model) != is_feature_array(clip)) refuse(model, file, clip);
}

}  // namespace vidclass::pipeline
