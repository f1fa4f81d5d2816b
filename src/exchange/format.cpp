#include "exchange/format.hpp"

#include <array>

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::exchange {
namespace {

const std::array<Format, 4>& all_formats() {
  static const std::array all{onnx_format, openvino_format, torch_format, keras_format};
  return all;
}

constexpr std::array all_precisions{ExportPrecision::f32, ExportPrecision::f16,
                                    ExportPrecision::int8};

}  // namespace

std::span<const Format> formats() { return all_formats(); }

const Format& format_named(std::string_view name) {
  std::string names;
  for (const Format& each : all_formats()) {
    if (each.name == name) return each;
    names += vidclass::format("{}{}", names.empty() ? "" : ", ", each.name);
  }
  throw UsageError(vidclass::format("unknown format \"{}\": choose one of {}", name, names));
}

std::string_view to_string(ExportPrecision precision) noexcept {
  switch (precision) {
    case ExportPrecision::f32:
      return "f32";
    case ExportPrecision::f16:
      return "f16";
    case ExportPrecision::int8:
      return "int8";
  }
  return "?";
}

ExportPrecision export_precision_from(std::string_view name) {
  for (const ExportPrecision precision : all_precisions) {
    if (to_string(precision) == name) return precision;
  }
  throw UsageError(vidclass::format("unknown precision \"{}\": choose f32, f16 or int8", name));
}

}  // namespace vidclass::exchange
