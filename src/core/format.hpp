// The one place that names the formatting library.
#pragma once

#include <fmt/format.h>

namespace vidclass {

using fmt::format;

}  // namespace vidclass
