#include "vidclass/exchange.hpp"

#include "exchange/export.hpp"
#include "exchange/import_keras.hpp"

namespace vidclass {

ExportReport export_model(const std::filesystem::path& model, const std::string& format,
                          const std::filesystem::path& output, const ExportOptions& options,
                          const Hooks& hooks) {
  return exchange::export_model(
      {.model = model, .format = format, .output = output, .options = options}, hooks);
}

ImportedModel import_keras(const std::filesystem::path& file,
                           const std::vector<std::string>& labels,
                           const std::filesystem::path& model, const ImportKerasOptions& options,
                           const Hooks& hooks) {
  const model::Model imported = exchange::import_keras(
      {.file = file, .labels = labels, .output = model, .options = options}, hooks);
  const head::HeadSpec& spec = imported.heads.front().spec;
  return {.layers = exchange::describe_layers(spec),
          .features = spec.features,
          .frames = imported.clip.frames};
}

}  // namespace vidclass
