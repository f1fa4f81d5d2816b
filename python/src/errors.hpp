// The library's exceptions and texts, as Python has them.
#pragma once

#include <string_view>

#include <nanobind/nanobind.h>

namespace vidclass::python {

/// Text in which bytes that are not UTF-8 are written out.
[[nodiscard]] nanobind::str readable(std::string_view text);

/// From here on they become those of vidclass.errors.
void translate_errors();

}  // namespace vidclass::python
