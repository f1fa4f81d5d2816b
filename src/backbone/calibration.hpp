// What int8 needs to know of a network's activations, measured on frames.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "backbone/backbone.hpp"
#include "core/progress.hpp"
#include "core/safetensors.hpp"
#include "vidclass/hooks.hpp"
#include "vidclass/tensor.hpp"

namespace vidclass::backbone {

/// The ranges of a network's activations. For each place that is quantised, called
/// after the layer that reads it, four arrays of float32 [channels]:
/// "<layer>/low" and "<layer>/high", the values that the least and the greatest of
/// 256 steps stand for; "<layer>/mean", the average value; "<layer>/quantised_mean",
/// the average of the values as those steps represent them.
struct Calibration {
  /// BackboneInfo's: ranges fit no other weights and no other frame size.
  std::string fingerprint;
  int size = 0;
  std::size_t frames = 0;  // that were measured
  NamedTensors ranges{};
};

/// Runs the network in float32 over uint8 `frames` [N, size, size, 3] three times:
/// for the extremes of each channel, a histogram between them, and the averages. Of each channel's
/// values the range keeps what makes the expected squared error least, the sum of
/// rounding (step^2 / 12) and clipping. Channels far quieter than others of their
/// layer get more (the geometric mean of their own range and the layer's typical
/// one), which spares the weights that read them. Throws Error on frames of another
/// shape, or none, and Cancelled.
[[nodiscard]] Calibration calibrate(const PreparedBackbone& prepared, const Tensor& frames,
                                    const ProgressFunction& progress = {},
                                    const CancellationToken& cancel = {});

/// SHA-256 over all that changes int8's numbers.
[[nodiscard]] std::string digest(const Calibration& calibration);

/// Where the calibration of a network is kept inside `dir`.
[[nodiscard]] std::filesystem::path calibration_path(const std::filesystem::path& dir,
                                                     const BackboneInfo& info);
/// A safetensors file that appears whole or not at all. Throws Error.
void write(const std::filesystem::path& path, const Calibration& calibration);
/// Throws Error naming the file and what is wrong.
[[nodiscard]] Calibration read_calibration(const std::filesystem::path& path);
/// As read_calibration(), but empty where there is no file.
[[nodiscard]] std::optional<Calibration> find_calibration(const std::filesystem::path& path);

}  // namespace vidclass::backbone
