// One evaluation as a page that people look at.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "core/progress.hpp"
#include "dataset/scan.hpp"
#include "model/training_record.hpp"
#include "report/documents.hpp"
#include "vidclass/hooks.hpp"
#include "video/clip_settings.hpp"
#include "video/clip_source.hpp"
#include "video/limits.hpp"

namespace vidclass::report {

/// What stands in a table of two columns.
using Facts = std::vector<std::pair<std::string, std::string>>;

/// A clip that was evaluated.
struct ReportedClip {
  video::ClipSource source;
  std::size_t truth = 0;             // index into the labels
  std::vector<float> probabilities;  // [L]
};

/// Clips that are kept together.
struct ReportedScene {
  struct Shown {
    video::ClipSource source;
    std::string label;
  };
  std::string name;
  std::size_t clips = 0;
  std::string splits;        // that they are in
  std::vector<Shown> shown;  // some of them
};

/// A score in places of one kind.
struct Place {
  std::string name;
  double top1 = 0;
  double low = 0, high = 0;  // its interval
  std::string from;          // on what it was measured
};

struct Report {
  std::string title;
  std::string subtitle;
  EvaluationRecord evaluation;
  /// Those from which the gallery of mistakes is chosen.
  std::vector<ReportedClip> clips;
  /// What the model file says of its training; empty: the page has no curves.
  std::optional<model::TrainingRecord> training;
  Facts data;                                // of the data set
  std::vector<dataset::ClassCount> classes;  // empty: the page tells nothing of the data set
  std::vector<ReportedScene> scenes;         // as rows of pictures
  std::vector<Place> places;
  std::vector<std::string> warnings;  // what could spoil the score, one sentence each
  Facts settings;
  Facts versions;
  std::string command;  // that makes the page again
};

struct ReportOptions {
  std::size_t mistakes = 24;  // pictured, at most
  int frames = 8;             // of each
  int side = 112;             // of a frame, in pixels
  int threads = 1;            // clips decoded at once; speed only
  /// What is shown of a frame.
  video::Crop crop = video::Crop::centre;
  video::Limits limits{};
};

/// One HTML file that loads nothing: scripts, styles and pictures are inside, and its
/// Content-Security-Policy forbids everything else. Names of labels, paths and messages
/// are shown as text whatever they contain. A clip that cannot be read (any more) has no
/// picture. The file appears whole or not at all. Throws Error, Cancelled.
void write_report(const std::filesystem::path& path, const Report& report,
                  const ReportOptions& options = {}, const ProgressFunction& progress = {},
                  const CancellationToken& cancel = {});

}  // namespace vidclass::report
