// Reading HDF5 files, as far as Keras's weight files need it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "vidclass/tensor.hpp"

namespace vidclass {

/// A file open for reading. Nothing but the file itself is read: soft, external and other links
/// within it, data that it says lie in other files, and filters that would be loaded as plug-ins
/// are refused with an Error. The HDF5 library is not thread-safe as Debian
/// builds it: use all Hdf5File objects from one thread at a time.
class Hdf5File {
public:
  /// Throws Error naming the file if it is missing or not HDF5.
  explicit Hdf5File(const std::filesystem::path& path);
  /// The same of a copy of bytes at hand; messages call them `name`.
  Hdf5File(std::span<const std::byte> content, const std::string& name);
  ~Hdf5File();
  Hdf5File(Hdf5File&&) noexcept;
  Hdf5File& operator=(Hdf5File&&) noexcept;
  Hdf5File(const Hdf5File&) = delete;
  Hdf5File& operator=(const Hdf5File&) = delete;

  /// Is there a group or data set of this name ("a/b/c")?
  [[nodiscard]] bool contains(const std::string& name) const;
  /// Names of the members of a group, sorted; "/" is the root.
  [[nodiscard]] std::vector<std::string> members(const std::string& group) const;
  [[nodiscard]] bool has_attribute(const std::string& object, const std::string& attribute) const;
  /// An attribute of fixed- or variable-length strings, a scalar counting as one.
  /// Keras splits long lists into name0, name1, ...: these are joined.
  [[nodiscard]] std::vector<std::string> strings(const std::string& object,
                                                 const std::string& attribute) const;
  /// A numeric data set as float32 with its shape, bfloat16 as Keras writes it included (two opaque
  /// bytes, or two bytes and an attribute `dtype`); throws Error if it is missing or not numeric.
  [[nodiscard]] Tensor load_f32(const std::string& dataset) const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vidclass
