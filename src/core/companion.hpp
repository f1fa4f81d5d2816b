// Shared libraries of ours that are loaded when they are needed.
#pragma once

#include <filesystem>

namespace vidclass {

/// Where the library `file_name` ("libvidclass_torch.so") is: where the environment variable
/// `variable` says, else beside the library or program that this code is part of.
[[nodiscard]] std::filesystem::path companion_library(const char* file_name, const char* variable);

}  // namespace vidclass
