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

/// `card` with those of other files that lie in the folder's MODEL_CARD.md already, as far as
/// vidclass wrote it: each is a chapter, told by its heading.
[[nodiscard]] std::string among_other_cards(const std::string& card,
                                            const std::filesystem::path& folder);

}  // namespace vidclass::exchange
