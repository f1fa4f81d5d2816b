// The page of an evaluation, with what the verbs know beside the scores.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "cli/verdict.hpp"
#include "dataset/manifest.hpp"
#include "model/model.hpp"

namespace vidclass::cli {

struct EvaluationPage {
  std::filesystem::path file;
  const Answers& answers;
  const Json& evaluation;             // the document of `evaluate --json`
  const dataset::Manifest& manifest;  // with its splits made
  const model::Model& model;
  std::vector<std::string> warnings;
  /// Between the splits, as far as is known without decoding.
  std::size_t leaks = 0;
  int sequences = 1;  // taken from each clip and averaged
  int threads = 1;
};

/// Throws Error, Cancelled.
void write_page(const EvaluationPage& page, const Context& context);

}  // namespace vidclass::cli
