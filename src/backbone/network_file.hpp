// A network of another program as the network for frames.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>

#include "vidclass/options.hpp"

namespace vidclass::backbone {

using vidclass::InputLayout;

/// "auto", "nchw", "nhwc".
[[nodiscard]] std::string_view to_string(InputLayout layout) noexcept;
/// Throws UsageError naming the choices.
[[nodiscard]] InputLayout input_layout_from(std::string_view name);

/// An ONNX file or an OpenVINO IR (.xml with its .bin beside it), and how it is used. All but
/// `path` changes the features.
struct NetworkFile {
  std::filesystem::path path{};
  /// It is given (value - mean) / scale of each RGB value from 0 to 255. The default is
  /// ImageNet's mean and deviation, as torchvision and timm normalise.
  std::array<double, 3> mean{123.675, 116.28, 103.53};
  std::array<double, 3> scale{58.395, 57.12, 57.375};
  InputLayout layout = InputLayout::automatic;
  /// Name of the tensor (or layer) that holds the features, [N, D], or a map, whose average over
  /// positions they are then; empty: the last global average pooling, or where there is none, the
  /// first output.
  std::string feature{};
  /// Name of the tensor (or layer) that is the map in the middle, [N, M, h, h] or [N, h, h, M],
  /// which is pooled beside the features where BackboneOptions::middle asks for it; empty: the last
  /// map of the next finer grid than that of the features.
  std::string middle{};

  bool operator==(const NetworkFile&) const = default;
};

/// Does the name end in .onnx or .xml?
[[nodiscard]] bool is_network_file(std::string_view name);

/// "0.5", or three numbers "123.7,116.3,103.5", as for NetworkFile::mean and ::scale. `what` names
/// the value. Throws UsageError.
[[nodiscard]] std::array<double, 3> rgb_values_from(std::string_view text, std::string_view what);

}  // namespace vidclass::backbone
