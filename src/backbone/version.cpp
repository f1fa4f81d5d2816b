#include "backbone/version.hpp"

#include <openvino/core/version.hpp>

namespace vidclass::backbone {

std::string openvino_version() { return ov::get_openvino_version().buildNumber; }

}  // namespace vidclass::backbone
