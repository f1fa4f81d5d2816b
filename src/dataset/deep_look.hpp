// A clip decoded from its first frame to its last.
#pragma once

#include <optional>
#include <string>

#include "dataset/fingerprint.hpp"

namespace vidclass::dataset {

struct DeepLook {
  std::string reason;  // why the clip is unusable; empty when it is not
  std::string damage;  // what is wrong although frames come; empty if nothing was met
  std::optional<Fingerprint> fingerprint;  // present exactly when `reason` is empty
};

/// Throws Cancelled.
[[nodiscard]] DeepLook look_deep(const video::ClipSource& clip, const video::Limits& limits,
                                 const CancellationToken& cancel);

}  // namespace vidclass::dataset
