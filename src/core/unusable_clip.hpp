// A clip that a job went on without.
#pragma once

#include <filesystem>
#include <string>

namespace vidclass {

struct UnusableClip {
  std::filesystem::path path;
  std::string reason;  // without the path
};

}  // namespace vidclass
