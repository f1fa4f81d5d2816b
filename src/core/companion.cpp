#include "core/companion.hpp"

#include <dlfcn.h>

#include <cstdlib>
#include <system_error>

namespace vidclass {

namespace fs = std::filesystem;

fs::path companion_library(const char* file_name, const char* variable) {
  if (const char* named = std::getenv(variable); named != nullptr && *named != 0) {
    return fs::absolute(named);
  }
  Dl_info own{};
  std::error_code error;
  fs::path folder;
  if (dladdr(reinterpret_cast<const void*>(&companion_library), &own) != 0) {
    folder = fs::canonical(own.dli_fname, error).parent_path();
  }
  if (error || folder.empty()) folder = fs::read_symlink("/proc/self/exe", error).parent_path();
  // libvidclass in lib/; the program in a build tree; the program in bin/.
  for (const auto& path : {folder / file_name, folder / "lib" / file_name}) {
    if (fs::exists(path, error)) return path;
  }
  return folder.parent_path() / VIDCLASS_LIBDIR / file_name;
}

}  // namespace vidclass
