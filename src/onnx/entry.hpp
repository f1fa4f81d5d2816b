// What a program looks up in libvidclass_onnx.
#pragma once

#include "onnx/writer.hpp"

namespace vidclass::onnx {

struct Entry {
  decltype(&write) write_file = nullptr;
};

using EntryFunction = void (*)(Entry*);
/// The version is part of the name: raise it with every change of what passes through here.
inline constexpr const char* entry_function_name = "vidclass_onnx_entry_v1";

}  // namespace vidclass::onnx
