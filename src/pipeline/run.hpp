// The whole job in one go: scan, extract, train, evaluate, a page.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "dataset/scan.hpp"
#include "pipeline/page.hpp"
#include "pipeline/place_scores.hpp"
#include "pipeline/train.hpp"

namespace vidclass::pipeline {

struct RunRequest {
  DataRequest data;
  dataset::SplitOptions split{};
  features::ExtractOptions features;
  HeadRequest head{};
  bool refuse_leaks = false;
  bool near_duplicates = true;  // look for them
  /// Train three folds for what the test clips do not tell of places (score_by_place()).
  bool place_folds = true;
  /// Also train the Keras example's network, to stand beside the head.
  bool compare = true;
  /// The folder to write into: the file names below.
  std::filesystem::path output;
  /// Replace files that are there already and that vidclass did not write.
  bool overwrite = false;
  std::uint64_t seed = 1;
  int seeds = 1;  // trainings, for mean and deviation
  /// What the page says made it; may be empty.
  std::string command{};
};

/// What run() writes into RunRequest::output.
namespace run_files {
inline constexpr const char* model = "model.safetensors";
inline constexpr const char* page = "report.html";
inline constexpr const char* predictions = "predictions.csv";
inline constexpr const char* manifest = "manifest.csv";
/// Left to the caller: it is a JSON document.
inline constexpr const char* document = "evaluation.json";
inline constexpr const char* all[] = {model, page, predictions, manifest, document};
}  // namespace run_files

/// One kind of head over all seeds.
struct HeadScores {
  evaluate::SeedScores test;
  std::vector<double> val_top1;
};

struct RunOutcome {
  dataset::Layout layout = dataset::Layout::folders;
  dataset::ScanReport scan;
  std::vector<dataset::Leak> leaks;
  dataset::Manifest manifest;  // with its splits made
  features::ExtractReport extraction;
  features::FeatureSettings settings;
  model::Model model;
  std::uint64_t seed = 1;  // of the model that was kept
  report::EvaluationRecord evaluation;
  PlaceScores places;
  std::map<head::HeadKind, HeadScores> heads;  // of the chosen one with its motion stream
  /// Its streams by themselves; without elements where there is appearance alone.
  HeadScores appearance, motion;
};

/// What is told on the way, each as soon as it is known.
struct RunEvents {
  std::function<void()> on_opened{};  // the data; its scan begins
  std::function<void(const dataset::Manifest&, const dataset::ScanReport&)> on_scanned{};
  /// Known leaks were told before.
  std::function<void()> on_extracting{};
  std::function<void(const DataFeatures&)> on_features{};
  std::function<void(const model::EnsembleRecord&)> on_ensemble{};
  /// Of each training of the chosen head.
  std::function<void(const model::StreamsRecord&, const train::StreamWeights&)> on_streams{};
  std::function<void(const report::EvaluationRecord&, std::uint64_t seed)> on_evaluated{};
};

/// Throws as train() does.
[[nodiscard]] RunOutcome run(const RunRequest& request, const Hooks& hooks = {},
                             const RunEvents& events = {});

}  // namespace vidclass::pipeline
