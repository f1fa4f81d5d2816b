#include "onnx/entry.hpp"

#include "vidclass/export.hpp"

extern "C" VIDCLASS_EXPORT void vidclass_onnx_entry_v1(vidclass::onnx::Entry* entry) {
  *entry = {&vidclass::onnx::write};
}
