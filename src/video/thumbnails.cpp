#include "video/thumbnails.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "vidclass/error.hpp"
#include "video/decoded_share.hpp"
#include "video/frame_clock.hpp"
#include "video/frame_folder.hpp"
#include "video/frame_reader.hpp"
#include "video/given_frames.hpp"
#include "video/packet_source.hpp"
#include "video/picture_reader.hpp"
#include "video/stall_guard.hpp"
#include "video/thumbnail.hpp"

namespace vidclass::video {
namespace {

/// Times are compared to the microsecond, as ClipSource says.
constexpr double time_tolerance = 0.5e-6;

void check(const ThumbnailOptions& options) {
  if (!(options.most_per_second >= 1) || !(options.longest > 0)) {
    throw UsageError("thumbnails need at least one frame a second and a length above 0");
  }
}

std::string in_parentheses(const std::string& complaint) {
  return complaint.empty() ? "" : std::string(" (").append(complaint).append(")");
}

/// Gathers the thumbnails of frames that come in order of time.
class Gatherer {
public:
  Gatherer(const ClipSource& source, const ThumbnailOptions& options)
      : source_(source),
        least_gap_(0.9 / options.most_per_second),
        end_(std::min(source.end.value_or(std::numeric_limits<double>::infinity()),
                      source.start + options.longest)) {}

  /// False for a frame behind the clip's end, after which no other belongs to it.
  bool offer(const AVFrame& frame, double time, Orientation orientation) {
    if (time >= end_ - time_tolerance) return false;
    if (time < source_.start - time_tolerance) return true;
    ++result_.frames;
    if (!result_.times.empty() && time - result_.times.back() < least_gap_) return true;
    const Thumbnail* picture = averager_.run(frame, orientation);
    if (picture == nullptr) {
      throw ClipError(source_.path, "its pixel format cannot be converted to grey");
    }
    bytes_.insert(bytes_.end(), picture->begin(), picture->end());
    result_.times.push_back(time);
    return true;
  }

  /// `promised`: frames that should have come, of which `came` did.
  [[nodiscard]] Thumbnails take(std::size_t came, std::size_t promised, bool damaged,
                                const std::string& complaint) && {
    if (came == 0) {
      throw ClipError(source_.path, "no frame could be decoded" + in_parentheses(complaint));
    }
    if (result_.times.empty()) throw ClipError(source_.path, "no frame in its span");
    if (damaged) (void)judge_share(source_.path, {came, promised}, complaint);
    if (came < promised) {
      result_.damage = std::to_string(promised - came) + " of " + std::to_string(promised) +
                       " frames cannot be decoded" + in_parentheses(complaint);
    } else if (damaged) {
      result_.damage = "parts of it are damaged" + in_parentheses(complaint);
    }
    constexpr auto side = static_cast<std::size_t>(thumbnail_side);
    result_.pictures = Tensor::from<std::uint8_t>({result_.times.size(), side, side}, bytes_);
    return std::move(result_);
  }

private:
  const ClipSource& source_;
  double least_gap_;
  double end_;
  CellAverager averager_;
  std::vector<std::uint8_t> bytes_;
  Thumbnails result_;
};

Thumbnails of_file(const ClipSource& source, const ThumbnailOptions& options,
                   const CancellationToken& cancel, const Limits& limits) {
  StallGuard guard(limits.max_stall, cancel);
  PacketSource packets(source, limits, guard);
  const Timeline& timeline = packets.scan().timeline;
  FrameReader reader(packets, guard, limits.max_pixels);
  const Orientation of_stream = orientation_of(packets.demuxer().stream());
  FrameClock clock(timeline, packets.scan().by_timestamp);
  Gatherer gatherer(source, options);
  std::size_t came = 0;
  std::size_t promised = timeline.times.size();
  while (const AVFrame* frame = reader.next()) {
    cancel.check();
    ++came;
    const std::optional<std::int64_t> tick = clock.time_of(*frame);
    if (!tick) continue;
    const double time = static_cast<double>(*tick - timeline.times.front()) * timeline.tick;
    if (!gatherer.offer(*frame, time, orientation_of(*frame, of_stream))) {
      promised = 0;  // the rest is no part of the clip
      break;
    }
  }
  return std::move(gatherer).take(came, promised, reader.damaged(), reader.complaint());
}

Thumbnails of_folder(const ClipSource& source, const ThumbnailOptions& options,
                     const CancellationToken& cancel, const Limits& limits) {
  const std::vector<std::filesystem::path> pictures = numbered_pictures(source.path);
  if (pictures.empty()) {
    throw ClipError(source.path, "a folder without numbered pictures, not a video file");
  }
  PictureReader reader(limits.max_pixels);
  Gatherer gatherer(source, options);
  std::size_t came = 0;
  std::size_t tried = 0;
  std::string complaint;
  for (const std::filesystem::path& picture : pictures) {
    cancel.check();
    const double time = static_cast<double>(tried++) / frame_folder_rate;
    const AVFrame* frame = reader.read(picture);
    if (frame == nullptr) {
      complaint = picture.filename().string() + ": " + reader.complaint();
      continue;
    }
    ++came;
    if (!gatherer.offer(*frame, time, Orientation{})) break;
  }
  return std::move(gatherer).take(came, tried, false, complaint);
}

Thumbnails of_frames(const ClipSource& source, const ThumbnailOptions& options,
                     const CancellationToken& cancel, const Limits& limits) {
  const GivenFrames frames(source, limits);
  Gatherer gatherer(source, options);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    cancel.check();
    if (!gatherer.offer(*frames.frame(i), frames.time(i), Orientation{})) break;
  }
  return std::move(gatherer).take(frames.size(), frames.size(), false, "");
}

}  // namespace

Thumbnails thumbnails_of(const ClipSource& source, const ThumbnailOptions& options,
                         const CancellationToken& cancel, const Limits& limits) {
  check(options);
  cancel.check();
  if (source.frames()) return of_frames(source, options, cancel, limits);
  return is_folder(source) ? of_folder(source, options, cancel, limits)
                           : of_file(source, options, cancel, limits);
}

}  // namespace vidclass::video
