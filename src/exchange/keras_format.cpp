// Keras's own files, which Keras alone runs.
#include <array>

#include "exchange/format.hpp"
#include "exchange/keras_writer.hpp"

namespace vidclass::exchange {
namespace {

constexpr std::array keras_precisions{ExportPrecision::f32};

}  // namespace

const Format keras_format{
    .name = "keras",
    .ending = ".keras",
    .about = "a file of Keras 3, from features",
    .precisions = keras_precisions,
    .from_frames = false,
    .masked = true,
    .files = [](const std::filesystem::path& output) { return std::vector{output}; },
    .write = [](const Source& source,
                const std::filesystem::path& output) { write_keras(source.model, {}, output); },
    .open = nullptr};

}  // namespace vidclass::exchange
