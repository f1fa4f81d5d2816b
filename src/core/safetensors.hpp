// Named tensors in one file, in the safetensors format
// (https://huggingface.co/docs/safetensors, "Format").
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "vidclass/tensor.hpp"

namespace vidclass {

/// Tensors by name, in the order of their names.
using NamedTensors = std::map<std::string, Tensor>;
using Metadata = std::map<std::string, std::string>;

/// An open file, mapped into memory and read only when asked for. The header is
/// checked in full at opening: sizes, overlaps, bounds, types. May be shared
/// between threads.
class SafetensorsFile {
public:
  /// Throws Error naming the file if it is missing, cut short or not safetensors.
  explicit SafetensorsFile(const std::filesystem::path& path);
  /// The same of bytes that live on elsewhere; messages call them `name`.
  SafetensorsFile(std::span<const std::byte> bytes, const std::string& name);
  ~SafetensorsFile();
  SafetensorsFile(SafetensorsFile&&) noexcept;
  SafetensorsFile& operator=(SafetensorsFile&&) noexcept;
  SafetensorsFile(const SafetensorsFile&) = delete;
  SafetensorsFile& operator=(const SafetensorsFile&) = delete;

  [[nodiscard]] const Metadata& metadata() const noexcept;
  [[nodiscard]] std::vector<std::string> names() const;
  [[nodiscard]] bool contains(const std::string& name) const;
  [[nodiscard]] DType dtype(const std::string& name) const;
  [[nodiscard]] const Shape& shape(const std::string& name) const;
  /// The bytes in the mapped file, valid while this object lives.
  [[nodiscard]] std::span<const std::byte> bytes(const std::string& name) const;
  /// A copy; throws Error if there is no such tensor.
  [[nodiscard]] Tensor load(const std::string& name) const;
  [[nodiscard]] NamedTensors load_all() const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Writes a file that appears whole or not at all. Throws Error.
void write_safetensors(const std::filesystem::path& path, const NamedTensors& tensors,
                       const Metadata& metadata = {});

}  // namespace vidclass
