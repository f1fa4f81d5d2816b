// Many safetensors files as one.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "core/safetensors.hpp"

namespace vidclass {

/// A file whose tensors go into another, named with `prefix` before their names.
struct PrefixedFile {
  std::string prefix;
  std::filesystem::path path;
};

/// Writes all tensors of `files` into one, which appears whole or not at all. Their elements are
/// copied file by file, so that memory is needed for the names alone. Throws Error, also for a name
/// that comes twice.
void join_safetensors(const std::filesystem::path& path, std::span<const PrefixedFile> files,
                      const Metadata& metadata = {});

}  // namespace vidclass
