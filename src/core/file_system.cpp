#include "core/file_system.hpp"

#include <sys/vfs.h>

#include <algorithm>
#include <iterator>
#include <system_error>

namespace vidclass {
namespace {

struct NetworkFileSystem {
  std::uint32_t type;
  std::string_view name;
};

// From linux/magic.h, statfs(2) and GNU coreutils' stat.c. FUSE is what sshfs, s3fs and GlusterFS
// are to the kernel, and virtiofs.
constexpr NetworkFileSystem network_file_systems[] = {
    {0x6969, "NFS"},       {0x0BD00BD0, "Lustre"}, {0x47504653, "GPFS"},     {0xFF534D42, "CIFS"},
    {0xFE534D42, "SMB"},   {0x517B, "SMB"},        {0x65735546, "FUSE"},     {0x00C36400, "Ceph"},
    {0x5346414F, "AFS"},   {0x19830326, "BeeGFS"}, {0x20030528, "OrangeFS"}, {0x01021997, "9p"},
    {0x7461636F, "OCFS2"}, {0x01161970, "GFS2"},   {0xAAD7AAEA, "PanFS"},
};

}  // namespace

std::string_view network_file_system_of(std::uint32_t type) noexcept {
  const auto* const found =
      std::find_if(std::begin(network_file_systems), std::end(network_file_systems),
                   [&](const NetworkFileSystem& each) { return each.type == type; });
  return found == std::end(network_file_systems) ? std::string_view() : found->name;
}

std::string_view network_file_system(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::path there = std::filesystem::absolute(folder, error);
  while (!error && !std::filesystem::exists(there, error) && there.has_relative_path()) {
    error.clear();
    there = there.parent_path();
  }
  struct statfs status {};
  if (::statfs(there.c_str(), &status) != 0) return {};
  return network_file_system_of(static_cast<std::uint32_t>(status.f_type));
}

}  // namespace vidclass
