// A model as a network for other programs.
#pragma once

#include <filesystem>
#include <string>

#include "vidclass/exchange.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::exchange {

struct ExportRequest {
  std::filesystem::path model;
  std::string format;            // of formats()
  std::filesystem::path output;  // ends as the format does
  ExportOptions options{};
};

/// As vidclass::export_model().
[[nodiscard]] ExportReport export_model(const ExportRequest& request, const Hooks& hooks = {});

}  // namespace vidclass::exchange
