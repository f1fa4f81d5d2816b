// The module vidclass._core: the library's functions on plain values. What people call is written
// in Python about it.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include "bindings.hpp"
#include "call.hpp"
#include "errors.hpp"
#include "vidclass/version.hpp"

namespace nb = nanobind;

NB_MODULE(_core, module) {
  namespace python = vidclass::python;
  python::translate_errors();
  python::log_messages_of_no_call();
  module.def("version", [] { return std::string(vidclass::version()); });
  python::bind_clips(module);
  python::bind_features(module);
  python::bind_models(module);
  python::bind_training(module);
}
