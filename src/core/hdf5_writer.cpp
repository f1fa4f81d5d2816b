#include "core/hdf5_writer.hpp"

#include "core/hdf5_handle.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace {

void require_hdf5(bool good) {
  if (!good) throw Error("HDF5 cannot make a file in memory");
}

}  // namespace

std::vector<std::byte> make_hdf5(const NamedTensors& datasets) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  const Hdf5Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  constexpr std::size_t increment = 1 << 20;
  H5Pset_fapl_core(access.id(), increment, /*backing_store=*/false);
  const Hdf5Handle file(H5Fcreate(hdf5_memory, H5F_ACC_TRUNC, H5P_DEFAULT, access.id()), H5Fclose);
  const Hdf5Handle make_groups(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  require_hdf5(file.valid() && H5Pset_create_intermediate_group(make_groups.id(), 1) >= 0);
  for (const auto& [name, tensor] : datasets) {
    const std::vector<hsize_t> dims(tensor.shape().begin(), tensor.shape().end());
    const Hdf5Handle space(H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr),
                           H5Sclose);
    const Hdf5Handle set(H5Dcreate2(file.id(), name.c_str(), H5T_IEEE_F32LE, space.id(),
                                    make_groups.id(), H5P_DEFAULT, H5P_DEFAULT),
                         H5Dclose);
    require_hdf5(set.valid() && H5Dwrite(set.id(), H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT,
                                         tensor.data<float>().data()) >= 0);
  }
  require_hdf5(H5Fflush(file.id(), H5F_SCOPE_GLOBAL) >= 0);
  const ssize_t size = H5Fget_file_image(file.id(), nullptr, 0);
  require_hdf5(size > 0);
  std::vector<std::byte> content(static_cast<std::size_t>(size));
  require_hdf5(H5Fget_file_image(file.id(), content.data(), content.size()) == size);
  return content;
}

}  // namespace vidclass
