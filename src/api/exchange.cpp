#include "vidclass/exchange.hpp"

#include "exchange/export.hpp"

namespace vidclass {

ExportReport export_model(const std::filesystem::path& model, const std::string& format,
                          const std::filesystem::path& output, const ExportOptions& options,
                          const Hooks& hooks) {
  return exchange::export_model(
      {.model = model, .format = format, .output = output, .options = options}, hooks);
}

}  // namespace vidclass
