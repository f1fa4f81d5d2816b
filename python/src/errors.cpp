#include "errors.hpp"

#include <exception>

#include <nanobind/stl/filesystem.h>

#include "vidclass/error.hpp"

namespace vidclass::python {
namespace {

namespace nb = nanobind;

template <typename... Arguments>
void raise(const char* name, const Arguments&... arguments) {
  const nb::object type = nb::module_::import_("vidclass.errors").attr(name);
  PyErr_SetObject(type.ptr(), type(arguments...).ptr());
}

void translate(const std::exception_ptr& exception, void* /*payload*/) {
  try {
    std::rethrow_exception(exception);
  } catch (const ClipError& error) {
    raise("ClipError", error.path(), readable(error.reason()));
  } catch (const UsageError& error) {
    raise("UsageError", readable(error.what()));
  } catch (const Cancelled& error) {
    raise("Cancelled", readable(error.what()));
  } catch (const Error& error) {
    raise("Error", readable(error.what()));
  }
}

}  // namespace

nb::str readable(std::string_view text) {
  return nb::steal<nb::str>(
      PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "backslashreplace"));
}

void translate_errors() { nb::register_exception_translator(translate); }

}  // namespace vidclass::python
