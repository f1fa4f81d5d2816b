// Curves for TensorBoard.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace vidclass::train {

/// A file that TensorBoard reads while it grows: records of TensorFlow's TFRecord
/// format (tensorflow/core/lib/io/record_writer.h) that hold Event messages
/// (tensorflow/core/util/event.proto). One thread at a time.
class EventFile {
public:
  /// Starts a new file in `dir`, which is made if it is missing. Points from step 1 on
  /// in older files of that folder then count as replaced, as they are when a resumed
  /// training tells all of its past again. Throws Error.
  explicit EventFile(const std::filesystem::path& dir);

  /// A point of the curve `tag`. Flushed at once. Throws Error.
  void add(std::string_view tag, std::int64_t step, double value);

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
  void write(std::string_view event);

  std::filesystem::path path_;
  std::ofstream file_;
};

/// CRC-32C (Castagnoli; RFC 3720, appendix B.4).
[[nodiscard]] std::uint32_t crc32c(std::string_view bytes) noexcept;

}  // namespace vidclass::train
