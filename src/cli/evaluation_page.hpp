// The page of an evaluation, with what the verbs know beside the scores.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "cli/verdict.hpp"
#include "vidclass/dataset/manifest.hpp"
#include "vidclass/model/model.hpp"

namespace vidclass::cli {

struct EvaluationPage {
  std::filesystem::path file;
  const Answers& answers;
  const Json& evaluation;             // the document of `evaluate --json`
  const dataset::Manifest& manifest;  // with its splits made
  const model::Model& model;
  std::vector<std::string> warnings;
  int threads = 1;
};
/// Throws Error, Cancelled.
void write_page(const EvaluationPage& page, const Context& context);

}  // namespace vidclass::cli
