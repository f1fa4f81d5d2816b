#include "vidclass/core/input.hpp"

#include <system_error>

#include "core/format.hpp"
#include "vidclass/core/error.hpp"

namespace vidclass {
namespace fs = std::filesystem;

void require_input(const fs::path& path, std::string_view expected) {
  std::error_code error;
  // Where it cannot be told (a folder that may not be entered), reading will.
  if (fs::status(path, error).type() != fs::file_type::not_found) return;
  throw UsageError(format("{}: no such file or folder; expected {}", path.string(), expected));
}

}  // namespace vidclass
