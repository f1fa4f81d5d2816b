// Which data set, and which part of its clips.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "core/input.hpp"
#include "dataset/manifest.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::pipeline {

/// Which clips count as filmed together, and so stay on one side of every split that is made.
enum class Groups {
  automatic,  // what the data says, if it says so of any clip; else `found`
  given,      // what the data says
  found,      // scenes told by what clips look like (find_scenes())
  none,
};
/// "auto", "given", "found", "none"; groups_from() reads each of them back.
[[nodiscard]] std::string_view to_string(Groups groups) noexcept;
/// Throws UsageError naming the choices.
[[nodiscard]] Groups groups_from(std::string_view name);

struct DataRequest {
  std::filesystem::path data;
  /// A data set that is open already; `data` and `open` are then what errors know of it.
  std::optional<dataset::Manifest> given{};
  dataset::OpenOptions open{};
  /// For who makes splits and folds.
  Groups groups = Groups::automatic;
  /// Of the clips that name no span themselves, in seconds after the first frame.
  double start = 0;
  std::optional<double> end{};
};

/// Tells what was left out as warnings. Throws as dataset::open() does, and UsageError for a span
/// that starts below 0, that ends before it starts or that is asked for of feature arrays, which
/// have no times.
[[nodiscard]] dataset::Manifest open_data(const DataRequest& request, const Hooks& hooks = {});

/// The same, but empty for a folder that is no data set (it may hold clips all the same) unless a
/// layout or lists were asked for.
[[nodiscard]] std::optional<dataset::Manifest> open_if_data_set(const DataRequest& request,
                                                                const Hooks& hooks = {});

/// All that is read of it: its lists and its clips.
[[nodiscard]] InputFiles files_of(const DataRequest& request, const dataset::Manifest& manifest);

}  // namespace vidclass::pipeline
