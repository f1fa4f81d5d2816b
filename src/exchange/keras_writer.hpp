// Models as files that Keras 3 loads.
#pragma once

#include <filesystem>

#include "model/model.hpp"

namespace ov {
class Model;
}

namespace vidclass::exchange {

/// A `.keras` file of all heads of a model, made of Keras's own layers and operations:
/// keras.models.load_model() reads it in safe mode. The network takes "features", float32 [B, T,
/// P (D + M)] (HeadSpec), and "mask", bool [B, T], true for the frames of a clip, which come first,
/// and gives probabilities [B, L]. T is free, but of heads that fill clips up (HeadSpec::steps).
/// Features of frames that are no clip's must be zero. Heads of which no layer looks for where a
/// clip ends have no input "mask". The labels are in metadata.json. The motion stream is no part of
/// it. `network`: the graph of the network for frames (backbone::network_graph()); with it the
/// inputs are those of add_frames_network(), with T the model's number of frames, and "mask";
/// frames that are no clip's may be anything. Throws UsageError where heads fill clips up to
/// different lengths, Error where the file cannot be written or an operation of the network cannot.
void write_keras(const model::Model& model, const ov::Model* network,
                 const std::filesystem::path& path);

}  // namespace vidclass::exchange
