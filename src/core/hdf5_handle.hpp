// Owning HDF5's identifiers.
#pragma once

#include <hdf5.h>

#include <utility>

namespace vidclass {

/// What HDF5 is told to open for a file in memory: it refuses names of files that are there, and
/// none can be there.
inline constexpr const char* hdf5_memory = "/dev/null/memory";

/// Closes an HDF5 identifier with the function that its kind needs.
class Hdf5Handle {
public:
  Hdf5Handle(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
  ~Hdf5Handle() {
    if (id_ >= 0) close_(id_);
  }
  Hdf5Handle(Hdf5Handle&& other) noexcept
      : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Hdf5Handle& operator=(Hdf5Handle&&) = delete;
  Hdf5Handle(const Hdf5Handle&) = delete;
  Hdf5Handle& operator=(const Hdf5Handle&) = delete;

  [[nodiscard]] hid_t id() const noexcept { return id_; }
  [[nodiscard]] bool valid() const noexcept { return id_ >= 0; }

private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

}  // namespace vidclass
