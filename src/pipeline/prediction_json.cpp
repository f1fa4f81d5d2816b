#include "pipeline/prediction_json.hpp"

#include "classify/ranked.hpp"

namespace vidclass::pipeline {
namespace {

Json ranked_json(const std::vector<float>& probabilities, const std::vector<std::string>& labels,
                 std::size_t top) {
  Json list = Json::array();
  for (const classify::RankedLabel& each : classify::ranked(probabilities, top)) {
    list.push_back({{"label", labels[each.label]}, {"probability", each.probability}});
  }
  return list;
}

}  // namespace

Json prediction_json(const classify::ClipResult& result, const std::string& error,
                     const std::vector<std::string>& labels, std::size_t top) {
  Json entry{{"path", result.path.string()},
             {"predictions", ranked_json(result.probabilities, labels, top)}};
  if (!result.motion.empty()) {
    entry["streams"] = {{"appearance", ranked_json(result.appearance, labels, top)},
                        {"motion", ranked_json(result.motion, labels, top)},
                        {"motion_weight", result.motion_weight},
                        {"novelty", result.novelty}};
  }
  if (!error.empty()) entry["error"] = error;
  return entry;
}

Json so_far_json(const classify::ClipResult& result, const std::vector<std::string>& labels,
                 std::size_t top) {
  if (result.so_far.empty()) return nullptr;
  const auto best = classify::ranked(result.probabilities, top);
  Json names = Json::array();
  for (const auto& each : best) names.push_back(labels[each.label]);
  const auto values = result.so_far.data<float>();
  Json rows = Json::array();
  for (std::size_t frame = 0; frame < result.times.size(); ++frame) {
    Json row = Json::array();
    for (const auto& each : best) row.push_back(values[frame * labels.size() + each.label]);
    rows.push_back(std::move(row));
  }
  return {{"times", result.times}, {"labels", std::move(names)}, {"probabilities", rows}};
}

}  // namespace vidclass::pipeline
