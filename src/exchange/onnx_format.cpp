// ONNX, through libvidclass_onnx, which is loaded when it is needed.
#include <dlfcn.h>

#include <array>

#include "core/companion.hpp"
#include "core/format.hpp"
#include "exchange/format.hpp"
#include "onnx/entry.hpp"
#include "vidclass/error.hpp"
#include "vidclass/version.hpp"

namespace vidclass::exchange {
namespace {

/// Never closed: protobuf's globals do not survive it.
onnx::Entry load_onnx() {
  const auto path = companion_library("libvidclass_onnx.so", "VIDCLASS_ONNX_LIBRARY");
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    throw Error(vidclass::format(
        "ONNX needs {}, which cannot be loaded ({}); \"make\" builds it, or name it in "
        "VIDCLASS_ONNX_LIBRARY",
        path.string(), dlerror()));
  }
  const auto entry =
      reinterpret_cast<onnx::EntryFunction>(dlsym(library, onnx::entry_function_name));
  if (entry == nullptr) {
    throw Error(vidclass::format("{} belongs to another version of vidclass", path.string()));
  }
  onnx::Entry result;
  entry(&result);
  return result;
}

void write_onnx(const Source& source, const std::filesystem::path& output) {
  static const onnx::Entry library = load_onnx();
  library.write_file(*source.graph,
                     {.half = source.precision == ExportPrecision::f16,
                      .producer_version = std::string(version()),
                      .description = summary(source.model, source.frames),
                      .metadata = source.description},
                     output);
}

constexpr std::array onnx_precisions{ExportPrecision::f32, ExportPrecision::f16};

}  // namespace

const Format onnx_format{
    .name = "onnx",
    .ending = ".onnx",
    .about = "ONNX, for ONNX Runtime and others",
    .runs_in = "in OpenVINO",
    .precisions = onnx_precisions,
    .files = [](const std::filesystem::path& output) { return std::vector{output}; },
    .write = write_onnx,
    .open = open_in_openvino};

}  // namespace vidclass::exchange
