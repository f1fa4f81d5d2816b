// The version of the library.
#pragma once

#include <string_view>

#include "vidclass/export.hpp"

namespace vidclass {

/// "0.1.0", of the library that runs, which need not be that of the headers.
[[nodiscard]] VIDCLASS_EXPORT std::string_view version() noexcept;

}  // namespace vidclass
