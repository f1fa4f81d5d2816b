// Clips with pixels, and feature arrays in their place.
#pragma once

#include <filesystem>
#include <span>

#include "dataset/manifest.hpp"
#include "features/extractor.hpp"
#include "model/model.hpp"

namespace vidclass::pipeline {

/// How to get the features of a data set: `options` for clips; for feature arrays,
/// whose options say nothing, with their width. Throws Error if no array can be read.
[[nodiscard]] features::ExtractOptions options_for(const dataset::Manifest& manifest,
                                                   const features::ExtractOptions& options);

/// For feature arrays, with their width. Throws Error if none can be read.
[[nodiscard]] features::ExtractOptions array_options(std::span<const video::ClipSource> arrays);

[[nodiscard]] bool reads_arrays(const model::Model& model);

/// Throws UsageError if the model reads clips and the data is arrays, or the reverse.
void require_fit(const model::Model& model, const std::filesystem::path& file,
                 const dataset::Manifest& manifest);
/// The same for one file, which stands for a clip.
void require_fit(const model::Model& model, const std::filesystem::path& file,
                 const std::filesystem::path& clip);

}  // namespace vidclass::pipeline
