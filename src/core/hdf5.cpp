#include "core/hdf5.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <system_error>
#include <utility>

#include "core/format.hpp"
#include "core/hdf5_handle.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace {

using Handle = Hdf5Handle;

// Much more than the names of any network's layers and the description of the network.
constexpr std::size_t most_attribute_bytes = std::size_t{1} << 26;

/// Throws Error without the file's name.
std::vector<std::string> read_strings(const Handle& attribute) {
  const Handle space(H5Aget_space(attribute.id()), H5Sclose);
  const Handle type(H5Aget_type(attribute.id()), H5Tclose);
  const hssize_t count = H5Sget_simple_extent_npoints(space.id());
  std::vector<std::string> values;
  if (count <= 0 || H5Tget_class(type.id()) != H5T_STRING) return values;
  if (static_cast<std::size_t>(count) >
      most_attribute_bytes / std::max<std::size_t>(H5Tget_size(type.id()), 1)) {
    throw Error("is too large");
  }

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
  std::string path;
  std::uintmax_t size = 0;
  Handle file;

  /// Is there an object, reached by names in this file alone?
  [[nodiscard]] bool contains(const std::string& name) const {
    // Asking for a path whose parents are missing fails, so each step is asked for.
    std::size_t end = 0;
    while (end != std::string::npos) {
      end = name.find('/', end == 0 ? (name.starts_with('/') ? 1 : 0) : end + 1);
      const std::string step = name.substr(0, end);
      if (step.empty() || step == "/") continue;
      if (H5Lexists(file.id(), step.c_str(), H5P_DEFAULT) <= 0) return false;
      H5L_info_t link;
      if (H5Lget_info(file.id(), step.c_str(), &link, H5P_DEFAULT) < 0) return false;
      if (link.type == H5L_TYPE_HARD) continue;
      const char* kind = link.type == H5L_TYPE_SOFT       ? "a soft"
                         : link.type == H5L_TYPE_EXTERNAL ? "an external"
                                                          : "a strange";
      throw Error(format("{}: {} is {} link, which is not followed", path, step, kind));
    }
    return true;
  }
  [[nodiscard]] Handle open_object(const std::string& name) const {
    const bool there = contains(name);
    Handle object(there ? H5Oopen(file.id(), name.c_str(), H5P_DEFAULT) : -1, H5Oclose);
    if (!object.valid()) throw Error(format("{} holds no object {}", path, name));
    return object;
  }

  /// `file`: what HDF5 opens; `path`: what messages call it.
  static std::unique_ptr<Impl> open(const char* file, const std::string& path, std::uintmax_t size,
                                    const Handle& access) {
    // HDF5 prints its error stack to stderr unless told not to; we throw instead.
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    // Filters that a file names are not looked for in HDF5_PLUGIN_PATH.
    H5PLset_loading_state(0);
    Handle opened(H5Fopen(file, H5F_ACC_RDONLY, access.id()), H5Fclose);
    if (!opened.valid()) throw Error(format("{} is not an HDF5 file, or is damaged", path));
    return std::make_unique<Impl>(Impl{path, size, std::move(opened)});
  }
};

namespace {

/// Keras 3 marks it; what Keras 2 writes is two bytes of which nothing is said.
bool is_bfloat16(hid_t data, hid_t type) {
  if (H5Tget_size(type) != sizeof(std::uint16_t)) return false;
  if (H5Tget_class(type) == H5T_OPAQUE) return true;
  if (H5Aexists(data, "dtype") <= 0) return false;
  const Handle mark(H5Aopen(data, "dtype", H5P_DEFAULT), H5Aclose);
  return mark.valid() && read_strings(mark) == std::vector<std::string>{"bfloat16"};
}

/// Float32's upper half each; false where they cannot be read.
bool read_bfloat16(hid_t data, hid_t type, std::span<float> target) {
  std::vector<std::uint16_t> bits(target.size());
  // As they lie in the file: the type is opaque, or a number that stands for the bits.
  if (H5Dread(data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bits.data()) < 0) return false;
  std::transform(bits.begin(), bits.end(), target.begin(), [](std::uint16_t half) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(half) << 16U);
  });
  return true;
}

}  // namespace

Hdf5File::Hdf5File(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    throw Error(format("cannot read {}: there is no such file", path.string()));
  }
  const auto size = std::filesystem::file_size(path, error);
  // Files on read-only media cannot be locked, which the library otherwise insists on.
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_file_locking(access.id(), /*use_file_locking=*/false, /*ignore_when_disabled=*/true);
  impl_ = Impl::open(path.c_str(), path.string(), error ? 0 : size, access);
}
Hdf5File::Hdf5File(std::span<const std::byte> content, const std::string& name) {
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  constexpr std::size_t increment = 1 << 16;
  H5Pset_fapl_core(access.id(), increment, /*backing_store=*/false);
  // The library copies them, and asks for a pointer that it might write through.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
  auto* bytes = const_cast<std::byte*>(content.data());
  if (content.empty() || H5Pset_file_image(access.id(), bytes, content.size()) < 0) {
    throw Error(format("{} is not an HDF5 file, or is damaged", name));
  }
  impl_ = Impl::open(hdf5_memory, name, content.size(), access);
}
Hdf5File::~Hdf5File() = default;
Hdf5File::Hdf5File(Hdf5File&&) noexcept = default;
Hdf5File& Hdf5File::operator=(Hdf5File&&) noexcept = default;

bool Hdf5File::contains(const std::string& name) const { return impl_->contains(name); }

std::vector<std::string> Hdf5File::members(const std::string& group) const {
  const Handle object = impl_->open_object(group);
  std::vector<std::string> names;
  const auto collect = [](hid_t, const char* name, const H5L_info_t*, void* into) -> herr_t {
    static_cast<std::vector<std::string>*>(into)->emplace_back(name);
    return 0;
  };
  hsize_t position = 0;
  if (H5Literate(object.id(), H5_INDEX_NAME, H5_ITER_INC, &position, collect, &names) < 0) {
    throw Error(format("{}: {} is not a group", impl_->path, group));
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
      throw Error(format("{}: {} has no attribute {}", impl_->path, object, name));
    }
    try {
      return read_strings(handle);
    } catch (const Error& error) {
      throw Error(format("{}: the attribute {} {}", impl_->path, name, error.what()));
    }
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
    return Error(format("{}: {} {}", impl_->path, dataset, why));
  };
  if (!contains(dataset)) throw fail("is missing");
  const Handle data(H5Dopen2(impl_->file.id(), dataset.c_str(), H5P_DEFAULT), H5Dclose);
  if (!data.valid()) throw fail("is not a data set");
  const Handle type(H5Dget_type(data.id()), H5Tclose);
  const H5T_class_t kind = H5Tget_class(type.id());
  const bool bfloat16 = is_bfloat16(data.id(), type.id());
  if (kind != H5T_FLOAT && kind != H5T_INTEGER && !bfloat16) throw fail("is not numeric");
  const Handle creation(H5Dget_create_plist(data.id()), H5Pclose);
  if (H5Pget_layout(creation.id()) == H5D_VIRTUAL || H5Pget_external_count(creation.id()) != 0) {
    throw fail("lies in other files, which are not read");
  }
  // A damaged header may claim any size. Deflate, the tightest filter in use,
  // shrinks by at most 1032 times, so the file's own size bounds the truth.
  const auto require_room = [&](const Shape& claimed, const char* what) {
    if (element_count(claimed) / 1032 <= impl_->size) return;
    throw fail(
        format("{}of shape {} is larger than the file can hold", what, format_shape(claimed)));
  };
  if (H5Pget_layout(creation.id()) == H5D_CHUNKED) {
    hsize_t chunk[H5S_MAX_RANK] = {};
    const int axes = H5Pget_chunk(creation.id(), H5S_MAX_RANK, chunk);
    require_room(Shape(chunk, chunk + std::clamp(axes, 0, H5S_MAX_RANK)), "in chunks ");
  }

  const Handle space(H5Dget_space(data.id()), H5Sclose);
  const int rank = H5Sget_simple_extent_ndims(space.id());
  std::vector<hsize_t> dims(static_cast<std::size_t>(std::max(rank, 0)));
  if (rank > 0) H5Sget_simple_extent_dims(space.id(), dims.data(), nullptr);
  const Shape shape(dims.begin(), dims.end());
  require_room(shape, "");
  // What was never written takes no room in a file, and is no weight.
  if (element_count(shape) > 0 && H5Dget_storage_size(data.id()) == 0)
    throw fail("was not written");
  Tensor tensor(DType::f32, shape);
  const auto values = tensor.data<float>();
  const bool good = bfloat16 ? read_bfloat16(data.id(), type.id(), values)
                             : H5Dread(data.id(), H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT,
                                       values.data()) >= 0;
  if (!good) throw fail("cannot be read: the file is damaged, or packed in an unusual way");
  return tensor;
}

}  // namespace vidclass
