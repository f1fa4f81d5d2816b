// The options of features as the rooms below take them.
#pragma once

#include <string_view>

#include "classify/classifier.hpp"
#include "core/launcher.hpp"
#include "features/extractor.hpp"
#include "vidclass/options.hpp"

namespace vidclass::pipeline {

/// Folders for what is kept between runs. Where files cannot be written into them, a temporary
/// folder takes their place; of features that is told, once. feature_cache() is the one asked for,
/// or that of the user; feature_cache_folder() is the same, usable or not.
[[nodiscard]] std::filesystem::path feature_cache(const MachineOptions& machine);
[[nodiscard]] std::filesystem::path feature_cache_folder(const MachineOptions& machine);
[[nodiscard]] std::filesystem::path compiled_cache();   // networks as OpenVINO compiled them
[[nodiscard]] std::filesystem::path calibration_dir();  // for int8
[[nodiscard]] std::filesystem::path limits_dir();       // what this machine could do at most

/// With the place among the processes that a launcher started, if one did. Throws UsageError
/// naming the value that does not go with another.
[[nodiscard]] features::ExtractOptions extract_options(const FeatureOptions& options,
                                                       const MachineOptions& machine);

/// Lets this process be one of several that share the clips: where it begins, and its
/// share of this machine's threads unless a number was asked for.
void take_rank(features::ExtractOptions& options, const Rank& rank);

/// Sets a device as FeatureOptions::device names it: of cuda also the engine, which is loaded when
/// a network is needed.
void set_device(const std::string& name, std::string& device, backbone::MakeEngine& engine);

/// "auto", "avg", "avg,motion", ...; pooling_from() reads each of them back.
[[nodiscard]] std::string_view to_string(PoolingChoice pooling) noexcept;
/// Throws UsageError naming the choices.
[[nodiscard]] PoolingChoice pooling_from(std::string_view name);

}  // namespace vidclass::pipeline
