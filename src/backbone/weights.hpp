// Where the weights of Xception come from.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "core/download.hpp"
#include "core/progress.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::backbone {

/// Xception without its top, ImageNet weights, as keras.applications downloads it
/// (name, address and MD5 as in keras/src/applications/xception.py).
[[nodiscard]] const PublishedFile& xception_file();

struct WeightSource {
  /// $VIDCLASS_WEIGHTS_DIR, if set: looked in first and never written to.
  std::optional<std::filesystem::path> weights_dir;
  /// The user's cache folder: looked in second; downloads go there.
  std::filesystem::path cache_dir;
  /// False (or $VIDCLASS_OFFLINE set): nothing is downloaded.
  bool may_download = true;

  /// From the environment: VIDCLASS_WEIGHTS_DIR, VIDCLASS_OFFLINE, and
  /// $XDG_CACHE_HOME/vidclass/weights or ~/.cache/vidclass/weights.
  [[nodiscard]] static WeightSource from_environment();
};

/// The file on disk if one is there, without downloading. A weights_dir that is
/// set but lacks the file is passed over.
[[nodiscard]] std::optional<std::filesystem::path> find_weights(const WeightSource& source,
                                                                const PublishedFile& file);

/// The file on disk: weights_dir, then cache_dir, then a download into cache_dir
/// that is checked by size and MD5 before it gets its name. Throws Error that
/// says what to do when none of these works; never another network instead.
[[nodiscard]] std::filesystem::path obtain_weights(const WeightSource& source,
                                                   const PublishedFile& file,
                                                   const ProgressFunction& progress = {},
                                                   const CancellationToken& cancel = {});

struct WeightCheck {
  std::filesystem::path path;
  std::string md5;
  bool published_file = false;    // byte for byte the published file
  bool published_values = false;  // every tensor equal to the published one
  std::string values_sha256;      // over all tensors, see src/backbone/xception_weights.hpp
};
/// Reads all tensors and checks their shapes. Throws Error naming what is wrong.
[[nodiscard]] WeightCheck verify_xception_weights(const std::filesystem::path& path);

}  // namespace vidclass::backbone
