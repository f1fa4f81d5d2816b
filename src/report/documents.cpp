#include "report/documents.hpp"

namespace vidclass::report {
namespace {

Json to_json(const evaluate::Metrics& metrics) {
  return {{"top1", metrics.top1},
          {"top5", metrics.top5},
          {"mean_class_accuracy", metrics.mean_class_accuracy},
          {"loss", metrics.loss}};
}

Json pair(const evaluate::Interval& interval) { return Json::array({interval.low, interval.high}); }

Json to_json(const evaluate::ConfidenceIntervals& intervals) {
  return {
      {"level", intervals.level},     {"resamples", intervals.resamples},
      {"groups", intervals.groups},   {"top1", pair(intervals.top1)},
      {"top5", pair(intervals.top5)}, {"mean_class_accuracy", pair(intervals.mean_class_accuracy)},
      {"loss", pair(intervals.loss)}};
}

Json to_json(const evaluate::Calibration& calibration) {
  Json bins = Json::array();
  for (const auto& bin : calibration.bins) {
    bins.push_back({{"low", bin.low},
                    {"high", bin.high},
                    {"clips", bin.clips},
                    {"confidence", bin.confidence},
                    {"accuracy", bin.accuracy}});
  }
  return {
      {"ece", calibration.ece}, {"mean_confidence", calibration.mean_confidence}, {"bins", bins}};
}

Json to_json(const evaluate::McNemar& test) {
  return {{"both_right", test.both_right},
          {"only_first", test.only_first},
          {"only_second", test.only_second},
          {"both_wrong", test.both_wrong},
          {"p_value", test.p_value}};
}

Json to_json(const std::vector<evaluate::ClassMetrics>& classes,
             const std::vector<std::string>& labels) {
  Json list = Json::array();
  for (std::size_t i = 0; i < classes.size(); ++i) {
    list.push_back({{"label", labels.at(i)},
                    {"support", classes[i].support},
                    {"predicted", classes[i].predicted},
                    {"precision", classes[i].precision},
                    {"recall", classes[i].recall},
                    {"f1", classes[i].f1}});
  }
  return list;
}

Json to_json(const evaluate::Verdict& verdict, const std::vector<std::string>& labels) {
  const evaluate::Metrics& metrics = verdict.model.metrics;
  Json document = to_json(metrics);
  document["clips"] = metrics.clips;
  document["labels"] = labels;
  document["intervals"] = to_json(verdict.model.intervals);
  document["calibration"] = to_json(verdict.model.calibration);
  document["classes"] = to_json(metrics.classes, labels);
  document["confusion"] = metrics.confusion;
  document["baseline"] = verdict.baseline ? to_json(*verdict.baseline) : Json();
  document["chance"] = verdict.chance;
  document["majority"] = verdict.majority;
  Json tests = Json::array();
  for (const evaluate::Comparison& other : verdict.comparisons) {
    Json entry{{"name", other.name}};
    entry.update(to_json(other.metrics));
    entry["mcnemar"] = to_json(other.test);
    tests.push_back(entry);
  }
  document["tests"] = tests;
  return document;
}

Json paths_json(const std::vector<std::filesystem::path>& paths) {
  Json list = Json::array();
  for (const std::filesystem::path& path : paths) list.push_back(path.string());
  return list;
}

/// All pairs of contents with the same footage, in whatever splits, by their first clips.
Json near_duplicates_json(const dataset::ScanReport& report, const dataset::Manifest& manifest) {
  std::map<std::string_view, std::string> path_of;
  for (std::size_t i = 0; i < report.contents.size(); ++i) {
    path_of.try_emplace(report.contents[i], manifest.clips[i].path.string());
  }
  Json list = Json::array();
  for (const auto& pair : report.near_duplicates) {
    list.push_back({{"first", path_of.at(pair.first)},
                    {"second", path_of.at(pair.second)},
                    {"mirrored", pair.mirrored},
                    {"shift", pair.shift},
                    {"overlap", pair.overlap}});
  }
  return list;
}

}  // namespace

Json to_json(const evaluate::SeedScores& scores) {
  Json document{{"name", scores.name}};
  const auto add = [&](const char* key, double evaluate::Metrics::*member) {
    std::vector<double> values;
    for (const auto& metrics : scores.seeds) values.push_back(metrics.*member);
    const auto summary = evaluate::mean_and_deviation(values);
    document[key] = {{"values", values}, {"mean", summary.mean}, {"deviation", summary.deviation}};
  };
  add("top1", &evaluate::Metrics::top1);
  add("top5", &evaluate::Metrics::top5);
  add("mean_class_accuracy", &evaluate::Metrics::mean_class_accuracy);
  add("loss", &evaluate::Metrics::loss);
  return document;
}

Json to_json(const std::vector<UnusableClip>& unusable) {
  Json list = Json::array();
  for (const UnusableClip& clip : unusable) {
    list.push_back({{"path", clip.path.string()}, {"reason", clip.reason}});
  }
  return list;
}

Json to_json(const EvaluationRecord& record) {
  Json document = to_json(record.verdict, record.labels);
  if (record.leaks) document["leaks"] = *record.leaks;
  document["unusable"] = to_json(record.unusable);
  document["split"] = record.split;
  if (record.trained_on) document["trained_on"] = *record.trained_on;
  if (record.validated_on) document["validated_on"] = *record.validated_on;
  document["model"] = record.model.string();
  if (record.motion_weight) {
    Json weights = Json::array();
    for (const WeightScore& score : record.weights) {
      weights.push_back({{"weight", score.weight}, {"top1", score.top1}, {"loss", score.loss}});
    }
    document["streams"] = {{"motion_weight", *record.motion_weight},
                           {"motion_weight_elsewhere", record.motion_weight_elsewhere},
                           {"clips_elsewhere", record.elsewhere},
                           {"weights", weights}};
  }
  document["heads"] = Json::array();
  for (const evaluate::SeedScores& scores : record.heads) {
    document["heads"].push_back(to_json(scores));
  }
  return document;
}

Json to_json(const dataset::ScanReport& report, const dataset::Manifest& manifest) {
  Json classes = Json::array();
  for (const auto& entry : report.classes) {
    classes.push_back({{"label", entry.label},
                       {"train", entry.train},
                       {"val", entry.validation},
                       {"test", entry.test},
                       {"none", entry.none}});
  }
  return {{"layout", dataset::to_string(manifest.layout)},
          {"clips", report.clips},
          {"labels", manifest.labels},
          {"classes", classes},
          {"unusable", to_json(report.unusable)},
          {"damaged", to_json(report.damaged)},
          {"near_duplicates", near_duplicates_json(report, manifest)},
          {"featureless", report.featureless},
          {"dark", paths_json(report.dark)},
          {"flat", paths_json(report.flat)},
          {"leaks", to_json(report.leaks, manifest)},
          {"groups", {{"count", manifest.group_sizes().size()}, {"found", manifest.found_groups}}},
          {"warnings", report.warnings}};
}

Json to_json(const features::ExtractReport& report, const features::FeatureSettings& settings) {
  Json json{{"clips", report.clips},
            {"frames", report.frames},
            {"cached", report.cached},
            {"described", report.described},
            {"unusable", to_json(report.unusable)},
            {"seconds", report.seconds},
            {"frames_per_second", report.frames_per_second},
            {"precision", backbone::to_string(settings.backbone.precision)},
            {"backbone", settings.backbone.name},
            {"size", settings.backbone.size}};
  if (report.share_of_limit) json["share_of_limit"] = *report.share_of_limit;
  return json;
}

Json to_json(const std::vector<dataset::Leak>& leaks, const dataset::Manifest& manifest) {
  Json list = Json::array();
  for (const dataset::Leak& leak : leaks) {
    Json splits = Json::array();
    for (const dataset::Split split : dataset::splits_of(leak, manifest)) {
      splits.push_back(dataset::to_string(split));
    }
    Json clips = Json::array();
    for (const std::size_t i : leak.clips) {
      const dataset::Clip& clip = manifest.clips[i];
      clips.push_back({{"path", clip.path.string()},
                       {"split", dataset::to_string(clip.split)},
                       {"label", manifest.labels.at(clip.label)}});
    }
    Json entry{{"kind", dataset::to_string(leak.kind)}, {"splits", splits}, {"clips", clips}};
    if (leak.kind == dataset::LeakKind::group) entry["group"] = leak.group;
    if (leak.kind == dataset::LeakKind::near_duplicate) {
      entry["mirrored"] = leak.mirrored;
      entry["overlap"] = leak.overlap;
    }
    list.push_back(std::move(entry));
  }
  return list;
}

}  // namespace vidclass::report
