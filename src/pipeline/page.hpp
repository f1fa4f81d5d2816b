// The page of an evaluation, with what is known beside the scores.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "dataset/manifest.hpp"
#include "model/model.hpp"
#include "report/documents.hpp"
#include "vidclass/hooks.hpp"
#include "video/clip_source.hpp"
#include "video/limits.hpp"

namespace vidclass::pipeline {

/// A model's answers on labelled clips. All vectors have one element a clip that could be used.
struct Answers {
  std::vector<std::string> labels;  // [L]
  std::vector<video::ClipSource> clips;
  std::vector<std::size_t> truth;
  std::vector<std::string> groups;
  Tensor probabilities;  // float32 [clips, L]
  Tensor baseline;       // the same of the mean-pool head
};

/// One row a clip: path, true label, predicted label, probabilities. A CSV.
void write_predictions(const std::filesystem::path& file, const Answers& answers);

struct PlaceScores;  // pipeline/place_scores.hpp

struct EvaluationPage {
  std::filesystem::path file;
  const Answers& answers;
  const report::EvaluationRecord& evaluation;
  const dataset::Manifest& manifest;  // with its splits made
  const model::Model& model;
  std::vector<std::string> warnings;
  /// Between the splits, as far as is known without decoding.
  std::size_t leaks = 0;
  const PlaceScores* places = nullptr;  // null: not known
  int sequences = 1;                    // taken from each clip and averaged
  int threads = 1;
  std::string command{};  // that makes the page again; may be empty
  video::Limits limits{};
};

/// Throws Error, Cancelled.
void write_page(const EvaluationPage& page, const Hooks& hooks);

}  // namespace vidclass::pipeline
