// What a machine was found to be able to do at most, kept between runs.
#pragma once

#include <filesystem>
#include <optional>

#include "backbone/backbone.hpp"

namespace vidclass::backbone {

/// Where the limit of this CPU for a network, its precision and number of threads is kept.
[[nodiscard]] std::filesystem::path limit_path(const std::filesystem::path& dir,
                                               const BackboneInfo& info, int threads);

/// Frames a second if the network's convolutions ran as quickly as the quickest matrix product
/// (peak.hpp). Throws Error if it cannot be written.
void keep_limit(const std::filesystem::path& path, double frames_per_second);
/// Nothing where none is kept, or no number above 0.
[[nodiscard]] std::optional<double> find_limit(const std::filesystem::path& path);

}  // namespace vidclass::backbone
