#include "video/stall_guard.hpp"

#include <sstream>

#include "vidclass/error.hpp"

namespace vidclass::video {

void StallGuard::check(const std::filesystem::path& clip) const {
  cancel_.check();
  if (!stalled()) return;
  std::ostringstream text;
  text << "given up: nothing came of it for " << limit_ << " s (max-stall)";
  throw ClipError(clip, text.str());
}

}  // namespace vidclass::video
