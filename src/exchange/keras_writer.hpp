// Models as files that Keras 3 loads.
#pragma once

#include <cstddef>
#include <filesystem>

#include "model/model.hpp"

namespace vidclass::exchange {

struct KerasExport {
  /// T of the network's input; 0: any number. Of heads that fill clips up (HeadSpec::steps), that
  /// number whatever is said here.
  std::size_t frames = 0;
};

/// A `.keras` file of all heads of a model, made of Keras's own layers and operations:
/// keras.models.load_model() reads it in safe mode. The network takes "features", float32 [B, T,
/// P (D + M)] (HeadSpec), and "mask", bool [B, T], true for the frames of a clip, which come first,
/// and gives probabilities [B, L]. Frames that are no clip's must be zero. Heads of which no layer
/// looks for where a clip ends have no input "mask". The labels are in metadata.json. The motion
/// stream is no part of it. Throws UsageError where heads fill clips up to different lengths, Error
/// where the file cannot be written.
void write_keras(const model::Model& model, const KerasExport& options,
                 const std::filesystem::path& path);

}  // namespace vidclass::exchange
