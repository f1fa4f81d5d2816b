#include "report/scenes.hpp"

#include <cstring>
#include <utility>
#include <vector>

#include "core/parallel.hpp"
#include "report/base64.hpp"
#include "vidclass/error.hpp"
#include "video/image.hpp"
#include "video/sample.hpp"

namespace vidclass::report {
namespace {

/// The frame in the middle of the clip; empty if it cannot be read.
std::string picture_of(const video::ClipSource& clip, const ReportOptions& options,
                       const CancellationToken& cancel) {
  try {
    const auto sampled =
        video::sample_clip(clip, {.frames = 1, .size = options.side}, cancel, options.limits);
    Tensor picture(DType::u8, {sampled.frames.dim(1), sampled.frames.dim(2), 3});
    std::memcpy(picture.data<std::uint8_t>().data(), sampled.frames.data<std::uint8_t>().data(),
                picture.bytes().size());
    return "data:image/jpeg;base64," + base64(video::encode_image(picture, video::ImageKind::jpeg));
  } catch (const ClipError&) {
    return {};
  }
}

}  // namespace

Json scene_rows(const Report& report, const ReportOptions& options,
                const ProgressFunction& progress, const CancellationToken& cancel) {
  std::vector<std::pair<std::size_t, std::size_t>> places;  // of scenes, and of clips in them
  for (std::size_t scene = 0; scene < report.scenes.size(); ++scene) {
    for (std::size_t clip = 0; clip < report.scenes[scene].shown.size(); ++clip) {
      places.emplace_back(scene, clip);
    }
  }
  std::vector<std::string> pictures(places.size());
  for_each_index(
      places.size(), options.threads,
      [&](std::size_t i) {
        const auto& [scene, clip] = places[i];
        pictures[i] = picture_of(report.scenes[scene].shown[clip].source, options, cancel);
      },
      "pictures", progress, cancel);
  Json rows = Json::array();
  for (const ReportedScene& scene : report.scenes) {
    rows.push_back({{"name", scene.name},
                    {"clips", scene.clips},
                    {"splits", scene.splits},
                    {"pictures", Json::array()}});
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto& [scene, clip] = places[i];
    const ReportedScene::Shown& shown = report.scenes[scene].shown[clip];
    Json picture{{"path", shown.source.path.string()}, {"label", shown.label}};
    if (!pictures[i].empty()) picture["image"] = pictures[i];
    rows[scene]["pictures"].push_back(std::move(picture));
  }
  return rows;
}

}  // namespace vidclass::report
