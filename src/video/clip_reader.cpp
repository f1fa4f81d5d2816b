#include "video/clip_reader.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "vidclass/error.hpp"
#include "video/frame_clock.hpp"
#include "video/frame_folder.hpp"
#include "video/frame_plan.hpp"
#include "video/frame_reader.hpp"
#include "video/given_frames.hpp"
#include "video/orientation.hpp"
#include "video/packet_source.hpp"
#include "video/picture_reader.hpp"
#include "video/scaler.hpp"
#include "video/stall_guard.hpp"

namespace vidclass::video {
namespace {

/// A frame and when it is shown, in ticks; null at the end.
struct TimedFrame {
  const AVFrame* frame = nullptr;
  std::optional<std::int64_t> time;
};

/// Where frames come from.
class FrameStream {
public:
  virtual ~FrameStream() = default;
  [[nodiscard]] virtual const Timeline& timeline() const = 0;
  [[nodiscard]] virtual Orientation orientation() const = 0;
  /// Valid until the next call.
  virtual TimedFrame next() = 0;
  [[nodiscard]] virtual const std::string& complaint() const = 0;
};

class FileStream : public FrameStream {
public:
  FileStream(const ClipSource& source, const CancellationToken& cancel, const Limits& limits)
      : guard_(limits.max_stall, cancel),
        packets_(source, limits, guard_),
        reader_(packets_, guard_, limits.max_pixels),
        clock_(packets_.scan().timeline, packets_.scan().by_timestamp) {}

  [[nodiscard]] const Timeline& timeline() const override { return packets_.scan().timeline; }
  [[nodiscard]] Orientation orientation() const override {
    return orientation_of(packets_.demuxer().stream());
  }
  TimedFrame next() override {
    const AVFrame* frame = reader_.next();
    return {frame, frame ? clock_.time_of(*frame) : std::nullopt};
  }
  [[nodiscard]] const std::string& complaint() const override { return reader_.complaint(); }

private:
  StallGuard guard_;
  PacketSource packets_;
  FrameReader reader_;
  FrameClock clock_;
};

class FolderStream : public FrameStream {
public:
  FolderStream(const std::filesystem::path& folder, const Limits& limits)
      : pictures_(numbered_pictures(folder)), reader_(limits.max_pixels) {
    timeline_.tick = 1 / frame_folder_rate;
    for (std::size_t i = 0; i < pictures_.size(); ++i) {
      timeline_.times.push_back(static_cast<std::int64_t>(i));
    }
  }

  [[nodiscard]] const Timeline& timeline() const override { return timeline_; }
  [[nodiscard]] Orientation orientation() const override { return {}; }
  /// A picture that cannot be decoded is left out.
  TimedFrame next() override {
    while (next_ < pictures_.size()) {
      const std::size_t index = next_++;
      if (const AVFrame* frame = reader_.read(pictures_[index])) {
        return {frame, timeline_.times[index]};
      }
    }
    return {};
  }
  [[nodiscard]] const std::string& complaint() const override { return reader_.complaint(); }

private:
  std::vector<std::filesystem::path> pictures_;
  PictureReader reader_;
  Timeline timeline_;
  std::size_t next_ = 0;
};

class GivenStream : public FrameStream {
public:
  GivenStream(const ClipSource& source, const Limits& limits) : frames_(source, limits) {}

  [[nodiscard]] const Timeline& timeline() const override { return frames_.timeline(); }
  [[nodiscard]] Orientation orientation() const override { return {}; }
  TimedFrame next() override {
    if (next_ == frames_.size()) return {};
    frame_ = frames_.frame(next_);
    return {frame_.get(), timeline().times[next_++]};
  }
  [[nodiscard]] const std::string& complaint() const override { return complaint_; }

private:
  GivenFrames frames_;
  Owned<AVFrame> frame_;
  std::size_t next_ = 0;
  std::string complaint_;
};

int enlarged(int pixels, double factor) {
  return factor <= 1 ? pixels : static_cast<int>(std::lround(pixels * factor));
}

std::unique_ptr<FrameStream> open(const ClipSource& source, const CancellationToken& cancel,
                                  const Limits& limits) {
  if (source.frames()) return std::make_unique<GivenStream>(source, limits);
  if (is_folder(source)) return std::make_unique<FolderStream>(source.path, limits);
  return std::make_unique<FileStream>(source, cancel, limits);
}

}  // namespace

struct ClipReader::Impl {
  Impl(const ClipSource& source, CancellationToken token, const Limits& limits)
      : path(source.path),
        cancel(std::move(token)),
        stream(open(source, cancel, limits)),
        span(span_of(stream->timeline(), source.start, source.end)),
        of_stream(stream->orientation()),
        scaler(AV_PIX_FMT_RGB24, SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT,
               ColourRule::by_frame) {
    if (span.times.empty()) throw ClipError(path, "it holds no frame, or none in its span");
    // The first frame tells the size.
    pending = find();
    if (!pending.frame) {
      throw ClipError(path,
                      "no frame could be decoded" +
                          (stream->complaint().empty() ? "" : " (" + stream->complaint() + ")"));
    }
    // Enlarged the way in which pixels are longer, so that none is lost.
    const double aspect = pixel_aspect(*pending.frame);
    upright_width = enlarged(pending.frame->width, aspect);
    upright_height = enlarged(pending.frame->height, 1 / aspect);
  }

  [[nodiscard]] double seconds(std::int64_t ticks) const {
    return static_cast<double>(ticks) * stream->timeline().tick;
  }
  [[nodiscard]] double time_of(std::int64_t time) const {
    return seconds(time - stream->timeline().times.front());
  }

  /// The next frame of the clip, its time one of the span's.
  TimedFrame find() {
    while (place < span.times.size()) {
      cancel.check();
      const TimedFrame found = stream->next();
      if (!found.frame) return {};
      if (!found.time || *found.time < span.times.front()) continue;
      // Frames that did not come out are passed over; the one before them stays on show. One
      // whose timestamp contradicts the order of output comes next.
      const auto from = span.times.begin() + static_cast<std::ptrdiff_t>(place);
      const auto at = std::lower_bound(from, span.times.end(), *found.time);
      if (at == span.times.end()) return {};
      place = static_cast<std::size_t>(at - span.times.begin()) + 1;
      return {found.frame, *at};
    }
    return {};
  }

  bool next(ShownFrame& frame) {
    const TimedFrame found = std::exchange(pending, {});
    const TimedFrame current = found.frame ? found : find();
    if (!current.frame) return false;
    const std::int64_t shown_until =
        place < span.times.size() ? span.times[place] : span.times.back() + span.last_duration;
    frame.time = time_of(*current.time);
    frame.duration = seconds(shown_until - *current.time);
    convert(*current.frame, frame.rgb);
    return true;
  }

  void convert(const AVFrame& decoded, std::vector<std::uint8_t>& rgb) {
    const AVFrame* picture = scaler.run(decoded, upright_width, upright_height);
    if (!picture) throw ClipError(path, "its pixel format cannot be converted");
    rgb.resize(static_cast<std::size_t>(upright_width) * static_cast<std::size_t>(upright_height) *
               3);
    copy_oriented(picture->data[0], picture->linesize[0], upright_width, upright_height, of_stream,
                  rgb.data());
  }

  std::filesystem::path path;
  CancellationToken cancel;
  std::unique_ptr<FrameStream> stream;
  Timeline span;
  Orientation of_stream;
  Scaler scaler;
  int upright_width = 0;
  int upright_height = 0;
  std::size_t place = 0;  // in span.times, of the next frame
  TimedFrame pending;     // found, but not handed out yet
};

ClipReader::ClipReader(const ClipSource& source, const CancellationToken& cancel,
                       const Limits& limits)
    : impl_(std::make_unique<Impl>(source, cancel, limits)) {}
ClipReader::~ClipReader() = default;

int ClipReader::width() const noexcept {
  return impl_->of_stream.transpose ? impl_->upright_height : impl_->upright_width;
}
int ClipReader::height() const noexcept {
  return impl_->of_stream.transpose ? impl_->upright_width : impl_->upright_height;
}
std::size_t ClipReader::frames() const noexcept { return impl_->span.times.size(); }
double ClipReader::start() const noexcept { return impl_->time_of(impl_->span.times.front()); }
double ClipReader::duration() const noexcept {
  const Timeline& span = impl_->span;
  return impl_->seconds(span.times.back() - span.times.front() + span.last_duration);
}

bool ClipReader::next(ShownFrame& frame) { return impl_->next(frame); }

}  // namespace vidclass::video
