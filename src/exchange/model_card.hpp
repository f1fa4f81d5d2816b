// What a reader should know of an exported network.
#pragma once

#include <filesystem>
#include <string>

#include "exchange/format.hpp"
#include "vidclass/exchange.hpp"

namespace vidclass::exchange {

inline constexpr const char* card_name = "MODEL_CARD.md";

/// Markdown: what `output` takes and gives, data, scores with intervals, settings, licence of the
/// weights, what it was not tested for. It holds what the model file tells and nothing else.
[[nodiscard]] std::string model_card(const Source& source, const Format& format,
                                     const std::filesystem::path& output,
                                     const ExportReport& report);

}  // namespace vidclass::exchange
