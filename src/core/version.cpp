#include "vidclass/version.hpp"

namespace vidclass {

std::string_view version() noexcept { return VIDCLASS_VERSION; }

}  // namespace vidclass
