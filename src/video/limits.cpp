#include "video/limits.hpp"

#include <sstream>
#include <string>

#include "vidclass/error.hpp"

namespace vidclass::video {

void require_pixels(const std::filesystem::path& clip, std::int64_t width, std::int64_t height,
                    std::int64_t limit) {
  if (width * height <= limit) return;
  throw ClipError(clip, std::to_string(width) + " x " + std::to_string(height) + " pixels, and " +
                            std::to_string(limit) + " is the limit (max-pixels)");
}

void require_duration(const std::filesystem::path& clip, double seconds, double limit) {
  if (seconds <= limit) return;
  std::ostringstream text;
  text << "lasts " << seconds << " s, and " << limit << " s is the limit (max-duration)";
  throw ClipError(clip, text.str());
}

}  // namespace vidclass::video
