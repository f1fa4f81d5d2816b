// Safetensors files with any header, for damaging them in every way.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

namespace vidclass::testing {

/// The size of the header, the header, and `content` zero bytes.
inline void make_safetensors(const std::filesystem::path& path, std::uint64_t header_size,
                             const std::string& header, std::size_t content) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(&header_size), sizeof header_size);
  file << header << std::string(content, '\0');
}
inline void make_safetensors(const std::filesystem::path& path, const std::string& header,
                             std::size_t content) {
  make_safetensors(path, header.size(), header, content);
}

}  // namespace vidclass::testing
