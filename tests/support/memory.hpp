// Files as bytes in memory.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/atomic_file.hpp"
#include "vidclass/clip.hpp"

namespace vidclass::testing {

using SharedBytes = std::shared_ptr<const std::vector<std::byte>>;

[[nodiscard]] inline SharedBytes bytes_from(std::string_view text) {
  const auto* first = reinterpret_cast<const std::byte*>(text.data());
  return std::make_shared<const std::vector<std::byte>>(first, first + text.size());
}

/// The bytes of a file under its path, with the same span.
[[nodiscard]] inline ClipSource in_memory(const ClipSource& file) {
  return ClipSource::from_bytes(bytes_from(read_text_file(file.path)), file.path.string(),
                                file.start, file.end);
}

}  // namespace vidclass::testing
