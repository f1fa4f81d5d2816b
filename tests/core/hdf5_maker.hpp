// Small HDF5 files.
#pragma once

#include <hdf5.h>

#include <filesystem>
#include <string>
#include <vector>

namespace vidclass::testing {

/// An HDF5 file under construction.
class Hdf5Maker {
public:
  explicit Hdf5Maker(const std::filesystem::path& path)
      : file_(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT)) {}
  ~Hdf5Maker() { H5Fclose(file_); }
  Hdf5Maker(const Hdf5Maker&) = delete;
  Hdf5Maker& operator=(const Hdf5Maker&) = delete;

  void group(const std::string& name) const {
    H5Gclose(H5Gcreate2(file_, name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  }

  /// Without `dims`: a scalar.
  template <typename T>
  void dataset(const std::string& name, hid_t type, const std::vector<hsize_t>& dims,
               const std::vector<T>& values) const {
    const hid_t space = make_space(dims);
    const hid_t set =
        H5Dcreate2(file_, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
    H5Dclose(set);
    H5Sclose(space);
  }

  /// A list of texts of `width` bytes, padded with zeros.
  void fixed_strings(const std::string& object, const std::string& name,
                     const std::vector<std::string>& values, std::size_t width) const {
    std::string content;
    for (std::string value : values) {
      value.resize(width, '\0');
      content += value;
    }
    attribute(object, name, width, {values.size()}, content.data());
  }
  void variable_strings(const std::string& object, const std::string& name,
                        const std::vector<std::string>& values) const {
    std::vector<const char*> pointers;
    for (const std::string& value : values) pointers.push_back(value.c_str());
    attribute(object, name, H5T_VARIABLE, {values.size()}, pointers.data());
  }
  void scalar_string(const std::string& object, const std::string& name,
                     const std::string& value) const {
    attribute(object, name, value.size(), {}, value.data());
  }

private:
  static hid_t make_space(const std::vector<hsize_t>& dims) {
    return dims.empty() ? H5Screate(H5S_SCALAR)
                        : H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr);
  }
  void attribute(const std::string& object, const std::string& name, std::size_t size,
                 const std::vector<hsize_t>& dims, const void* content) const {
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, size);
    const hid_t space = make_space(dims);
    const hid_t owner = H5Oopen(file_, object.c_str(), H5P_DEFAULT);
    const hid_t made = H5Acreate2(owner, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT);
    H5Awrite(made, type, content);
    H5Aclose(made);
    H5Oclose(owner);
    H5Sclose(space);
    H5Tclose(type);
  }

  hid_t file_;
};

}  // namespace vidclass::testing
