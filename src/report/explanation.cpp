#include "report/explanation.hpp"

#include <algorithm>
#include <span>

#include "classify/ranked.hpp"
#include "core/atomic_file.hpp"
#include "core/own_files.hpp"
#include "report/annotate.hpp"
#include "report/contact_sheet.hpp"
#include "video/image.hpp"

namespace vidclass::report {

namespace fs = std::filesystem;

namespace {

/// Drawn as labels of the clip.
constexpr std::size_t labels_drawn = 5;

/// What speaks for the label, the most of it as 1.
std::vector<float> shares(std::span<const double> values) {
  const double most = std::max(1e-12, *std::max_element(values.begin(), values.end()));
  std::vector<float> result;
  for (const double value : values) {
    result.push_back(static_cast<float>(std::max(0.0, value / most)));
  }
  return result;
}

Tensor shares(const Tensor& maps) {
  Tensor result = maps;
  auto values = result.data<float>();
  const float most = std::max(1e-12F, *std::max_element(values.begin(), values.end()));
  for (float& value : values) value = std::max(0.F, value / most);
  return result;
}

/// {time, adds, places} of each moment; `maps`: float32 [T, g, g].
Json moments_json(const std::vector<double>& times, const std::vector<double>& adds,
                  const Tensor& maps) {
  Json moments = Json::array();
  const std::size_t side = maps.dim(1);
  for (std::size_t t = 0; t < times.size(); ++t) {
    Json rows = Json::array();
    for (std::size_t y = 0; y < side; ++y) {
      const auto row = maps.data<float>().subspan((t * side + y) * side, side);
      rows.push_back(std::vector<float>(row.begin(), row.end()));
    }
    moments.push_back({{"time", times[t]}, {"adds", adds[t]}, {"places", std::move(rows)}});
  }
  return moments;
}

}  // namespace

Json to_json(const ExplainedClip& explained) {
  const classify::Explanation& explanation = explained.explanation;
  const std::size_t label = explanation.label;
  Json document{
      {"path", explained.clip.path.string()},
      {"label", explained.labels[label]},
      {"probability", explanation.probabilities[label]},
      {"log_odds", explanation.log_odds},
      {"log_odds_of_mean", explanation.log_odds_of_mean},
      {"window",
       {{"left", explanation.window.left},
        {"top", explanation.window.top},
        {"width", explanation.window.width},
        {"height", explanation.window.height}}},
      {"frames", moments_json(explanation.times, explanation.frames, explanation.places)}};
  if (const auto& motion = explanation.motion) {
    document["appearance"] = {{"probability", explanation.appearance[label]}};
    document["motion"] = {
        {"probability", motion->probabilities[label]},
        {"weight", motion->weight},
        {"score", motion->score},
        {"moments", moments_json(explanation.times, motion->moments, motion->places)}};
  }
  return document;
}

std::array<fs::path, 4> explanation_files(const fs::path& folder) {
  return {folder / "frames.png", folder / "annotated.mp4", folder / "motion.mp4",
          folder / "explanation.json"};
}

void write_explanation(const fs::path& folder, const ExplainedClip& explained, Json& document,
                       const CancellationToken& cancel, const video::Limits& limits) {
  const classify::Explanation& explanation = explained.explanation;
  const auto files = explanation_files(folder);
  const auto& [pictures_file, annotated_file, motion_file, document_file] = files;
  list_own_files(files);
  Annotation annotation{.predictions = {},
                        .times = explanation.times,
                        .curve = shares(explanation.frames),
                        .heat = shares(explanation.places),
                        .window = explanation.window};
  for (const auto& [label, probability] :
       classify::ranked(explanation.probabilities, labels_drawn)) {
    annotation.predictions.emplace_back(explained.labels[label], probability);
  }
  write_file_atomically(pictures_file,
                        video::encode_image(contact_sheet(explanation.pictures, explanation.times,
                                                          annotation.curve, annotation.heat),
                                            video::ImageKind::png));
  document["pictures"] = pictures_file.string();
  const AnnotatedVideo video = annotate(explained.clip, annotated_file, annotation, cancel, limits);
  document["annotated"] = {{"path", annotated_file.string()},
                           {"codec", video.codec},
                           {"frames", video.frames},
                           {"duration", video.duration}};
  if (const auto& motion = explanation.motion) {
    annotation.curve = shares(motion->moments);
    annotation.heat = shares(motion->places);
    annotation.window = {};
    (void)annotate(explained.clip, motion_file, annotation, cancel, limits);
    document["motion"]["annotated"] = motion_file.string();
  }
  write_file_atomically(document_file, to_text(document, 2) + "\n");
}

}  // namespace vidclass::report
