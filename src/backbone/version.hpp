// Which OpenVINO does the work.
#pragma once

#include <string>

namespace vidclass::backbone {

/// As the library at hand states it.
[[nodiscard]] std::string openvino_version();

}  // namespace vidclass::backbone
