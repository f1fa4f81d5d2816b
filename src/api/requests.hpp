// The public options as the pipeline takes them.
#pragma once

#include <filesystem>

#include "classify/classifier.hpp"
#include "pipeline/data.hpp"
#include "vidclass/classifier.hpp"
#include "vidclass/dataset.hpp"

namespace vidclass::api {

/// Throws UsageError for an unknown layout.
[[nodiscard]] pipeline::DataRequest data_request(const std::filesystem::path& data,
                                                 const DatasetOptions& options);
/// Of a data set that the caller has. Throws as dataset::from_clips() does, and UsageError for
/// clips in memory.
[[nodiscard]] pipeline::DataRequest data_request(const Dataset& data);
[[nodiscard]] classify::ClassifierOptions classifier_options(const ClassifierOptions& options);

}  // namespace vidclass::api
