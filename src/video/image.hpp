// Pictures as the files that browsers and viewers show.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "vidclass/tensor.hpp"

namespace vidclass::video {

enum class ImageKind { jpeg, png };

/// "image/jpeg", "image/png".
[[nodiscard]] std::string_view media_type(ImageKind kind) noexcept;

/// `picture`: uint8 [height, width, 3], RGB. JPEG at a quality that suits small
/// pictures (FFmpeg's quantiser 5, 4:2:0); PNG without loss. Throws Error on
/// another shape, or where this FFmpeg lacks the encoder.
[[nodiscard]] std::vector<std::byte> encode_image(const Tensor& picture, ImageKind kind);

}  // namespace vidclass::video
