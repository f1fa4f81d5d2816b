// A network that Keras saved as a model file.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/model.hpp"
#include "vidclass/exchange.hpp"

namespace vidclass::exchange {

struct ImportRequest {
  std::filesystem::path file;
  std::vector<std::string> labels;
  /// The labels came from this file, which is not written onto; empty: from none.
  std::filesystem::path labels_file{};
  std::filesystem::path output;
  ImportKerasOptions options{};
};

/// What import_keras() does and throws (include/vidclass/exchange.hpp); returns the model written.
[[nodiscard]] model::Model import_keras(const ImportRequest& request, const Hooks& hooks);

/// The head of a file alone. `frames`: of a clip, 0 for what the network says, else 20; becomes
/// that number. `activation`: see ImportKerasOptions. Throws Error naming the file.
[[nodiscard]] head::Head read_keras_head(const std::filesystem::path& file, int& frames,
                                         const std::string& activation = "relu");

/// In a few words each, in the order of the network.
[[nodiscard]] std::vector<std::string> describe_layers(const head::HeadSpec& spec);

/// One label a line. Throws UsageError where there is no such file.
[[nodiscard]] std::vector<std::string> read_labels(const std::filesystem::path& file);

}  // namespace vidclass::exchange
