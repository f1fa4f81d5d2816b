#include "core/hdf5.hpp"

#include <hdf5.h>

#include <algorithm>
#include <cstring>
#include <system_error>
#include <utility>

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace {

/// Closes an HDF5 identifier with the function that its kind needs.
class Handle {
public:
  Handle(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
  ~Handle() {
    if (id_ >= 0) close_(id_);
  }
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Handle& operator=(Handle&&) = delete;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  [[nodiscard]] hid_t id() const noexcept { return id_; }
  [[nodiscard]] bool valid() const noexcept { return id_ >= 0; }

private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

std::vector<std::string> read_strings(const Handle& attribute) {
  const Handle space(H5Aget_space(attribute.id()), H5Sclose);
  const Handle type(H5Aget_type(attribute.id()), H5Tclose);
  const hssize_t count = H5Sget_simple_extent_npoints(space.id());
  std::vector<std::string> values;
  if (count <= 0 || H5Tget_class(type.id()) != H5T_STRING) return values;

  if (H5Tis_variable_str(type.id()) > 0) {
    std::vector<char*> pointers(static_cast<std::size_t>(count), nullptr);
    if (H5Aread(attribute.id(), type.id(), pointers.data()) < 0) return values;
    for (const char* pointer : pointers) values.emplace_back(pointer == nullptr ? "" : pointer);
    H5Dvlen_reclaim(type.id(), space.id(), H5P_DEFAULT, pointers.data());
    return values;
  }
  const std::size_t width = H5Tget_size(type.id());
  std::vector<char> text(static_cast<std::size_t>(count) * width);
  if (H5Aread(attribute.id(), type.id(), text.data()) < 0) return values;
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    const char* begin = text.data() + i * width;
    values.emplace_back(begin, ::strnlen(begin, width));
  }
  return values;
}

}  // namespace

struct Hdf5File::Impl {
  std::filesystem::path path;
  Handle file;

  [[nodiscard]] Handle open_object(const std::string& name) const {
    Handle object(H5Oopen(file.id(), name.c_str(), H5P_DEFAULT), H5Oclose);
    if (!object.valid()) throw Error(format("{} holds no object {}", path.string(), name));
    return object;
  }
};

Hdf5File::Hdf5File(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    throw Error(format("cannot read {}: there is no such file", path.string()));
  }
  // HDF5 prints its error stack to stderr unless told not to; we throw instead.
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  // Files on read-only media cannot be locked, which the library otherwise insists on.
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_file_locking(access.id(), /*use_file_locking=*/false, /*ignore_when_disabled=*/true);
  Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.id()), H5Fclose);
  if (!file.valid()) throw Error(format("{} is not an HDF5 file, or is damaged", path.string()));
  impl_ = std::make_unique<Impl>(Impl{path, std::move(file)});
}
Hdf5File::~Hdf5File() = default;
Hdf5File::Hdf5File(Hdf5File&&) noexcept = default;
Hdf5File& Hdf5File::operator=(Hdf5File&&) noexcept = default;

bool Hdf5File::contains(const std::string& name) const {
  // H5Lexists fails on a path whose parents are missing, so each step is asked for.
  std::size_t end = 0;
  while (end != std::string::npos) {
    end = name.find('/', end == 0 ? (name.starts_with('/') ? 1 : 0) : end + 1);
    const std::string step = name.substr(0, end);
    if (!step.empty() && H5Lexists(impl_->file.id(), step.c_str(), H5P_DEFAULT) <= 0) return false;
  }
  return true;
}

std::vector<std::string> Hdf5File::members(const std::string& group) const {
  const Handle object = impl_->open_object(group);
  std::vector<std::string> names;
  const auto collect = [](hid_t, const char* name, const H5L_info_t*, void* into) -> herr_t {
    static_cast<std::vector<std::string>*>(into)->emplace_back(name);
    return 0;
  };
  hsize_t position = 0;
  if (H5Literate(object.id(), H5_INDEX_NAME, H5_ITER_INC, &position, collect, &names) < 0) {
    throw Error(format("{}: {} is not a group", impl_->path.string(), group));
  }
  return names;
}

bool Hdf5File::has_attribute(const std::string& object, const std::string& attribute) const {
  return H5Aexists(impl_->open_object(object).id(), attribute.c_str()) > 0;
}

std::vector<std::string> Hdf5File::strings(const std::string& object,
                                           const std::string& attribute) const {
  const Handle owner = impl_->open_object(object);
  const auto read = [&](const std::string& name) {
    const Handle handle(H5Aopen(owner.id(), name.c_str(), H5P_DEFAULT), H5Aclose);
    if (!handle.valid()) {
      throw Error(format("{}: {} has no attribute {}", impl_->path.string(), object, name));
    }
    return read_strings(handle);
  };
  if (H5Aexists(owner.id(), attribute.c_str()) > 0) return read(attribute);

  std::vector<std::string> values;
  for (int part = 0;; ++part) {
    const std::string name = attribute + std::to_string(part);
    if (part > 0 && H5Aexists(owner.id(), name.c_str()) <= 0) return values;
    const auto more = read(name);
    values.insert(values.end(), more.begin(), more.end());
  }
}

Tensor Hdf5File::load_f32(const std::string& dataset) const {
  const auto fail = [&](const std::string& why) {
    return Error(format("{}: {} {}", impl_->path.string(), dataset, why));
  };
  if (!contains(dataset)) throw fail("is missing");
  const Handle data(H5Dopen2(impl_->file.id(), dataset.c_str(), H5P_DEFAULT), H5Dclose);
  if (!data.valid()) throw fail("is not a data set");
  const Handle type(H5Dget_type(data.id()), H5Tclose);
  const H5T_class_t kind = H5Tget_class(type.id());
  if (kind != H5T_FLOAT && kind != H5T_INTEGER) throw fail("is not numeric");

  const Handle space(H5Dget_space(data.id()), H5Sclose);
  const int rank = H5Sget_simple_extent_ndims(space.id());
  std::vector<hsize_t> dims(static_cast<std::size_t>(std::max(rank, 0)));
  if (rank > 0) H5Sget_simple_extent_dims(space.id(), dims.data(), nullptr);
  const Shape shape(dims.begin(), dims.end());
  // A damaged header may claim any size. Deflate, the tightest filter in use,
  // shrinks by at most 1032 times, so the file's own size bounds the truth.
  std::error_code error;
  const auto file_size = std::filesystem::file_size(impl_->path, error);
  if (error || element_count(shape) / 1032 > file_size) {
    throw fail(format("of shape {} is larger than the file can hold", format_shape(shape)));
  }
  Tensor tensor(DType::f32, shape);
  if (H5Dread(data.id(), H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT,
              tensor.data<float>().data()) < 0) {
    throw fail("cannot be read: the file is damaged");
  }
  return tensor;
}

}  // namespace vidclass
