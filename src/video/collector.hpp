// The frames that are wanted of a clip, and gathering them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "video/ffmpeg.hpp"
#include "video/frame_plan.hpp"
#include "video/grey_maker.hpp"
#include "video/held_frames.hpp"
#include "video/motion_map.hpp"
#include "video/preprocessor.hpp"
#include "video/sample.hpp"

namespace vidclass::video {

/// The frames that are wanted of a clip, by their times.
struct Wanted {
  std::vector<std::int64_t> kept;               // times of the frames to keep
  std::vector<std::vector<std::size_t>> views;  // as FramePlan has them
  std::vector<std::int64_t> neighbours;         // one a kept frame, or none: movement is not asked
  std::vector<std::int64_t> compared;           // both, strictly ascending
  GreyPlan greys;                               // for optical flow
  std::vector<std::int64_t> all;                // and these, strictly ascending
  std::string note;                             // as SampledClip has it
};

/// Throws ClipError if the file has frames and the span of it that `source` names has none.
[[nodiscard]] Wanted plan_clip(const Timeline& file, const ClipSource& source,
                               const ClipSettings& settings, Parts parts = {});

/// The wanted frames of a clip, as far as they came out of the decoder. One thread at a
/// time.
class Collector {
public:
  /// `wanted` must outlive it; `path` is named in errors.
  Collector(const Wanted& wanted, const ClipSettings& settings, const std::filesystem::path& path,
            Orientation of_stream);

  /// Takes the frame of this time if it is wanted and not there yet.
  void offer(const AVFrame& frame, std::int64_t time);
  [[nodiscard]] bool complete() const noexcept { return missing_ == 0; }
  /// `file` is the timeline that the wanted times are of.
  [[nodiscard]] SampledClip take(const Timeline& file) &&;

private:
  /// What is made of a frame: the picture for the network and the one for motion maps.
  void make_picture_of(const AVFrame& frame, std::size_t slot);
  void make_thumbnail_of(const AVFrame& frame, std::size_t place);
  /// All of that, of the part that moves.
  void make_from_held();
  /// Of each kept frame, as movement_of() gives it.
  [[nodiscard]] std::vector<std::vector<float>> movements() const;
  [[nodiscard]] std::span<const std::uint8_t> thumbnail_of(std::int64_t time) const;

  const Wanted& wanted_;
  const ClipSettings settings_;
  std::size_t grid_;  // of the thumbnails; 0: there are none
  Orientation of_stream_;
  Preprocessor preprocessor_;
  Thumbnailer thumbnailer_;
  std::size_t missing_;
  std::vector<bool> have_;  // one each of Wanted::all
  std::optional<GreyMaker> greys_;
  Tensor frames_;
  Square square_;
  Window window_;
  std::optional<HeldFrames> held_;                     // while the square is to be found
  std::vector<std::vector<std::uint8_t>> thumbnails_;  // one each of Wanted::compared, or none
};

}  // namespace vidclass::video
