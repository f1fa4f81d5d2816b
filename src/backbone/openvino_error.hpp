// What OpenVINO's errors say, in one line.
#pragma once

#include <exception>
#include <string>

namespace vidclass::backbone {

/// OpenVINO's messages are several lines, of which the first ones name places in its source.
[[nodiscard]] std::string reason(const std::exception& error);

}  // namespace vidclass::backbone
