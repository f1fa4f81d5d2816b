#include "video/collector.hpp"

#include <algorithm>
#include <optional>
#include <sstream>
#include <utility>

#include "vidclass/error.hpp"
#include "video/fade.hpp"
#include "video/packet_scan.hpp"

namespace vidclass::video {
namespace {

/// "5 s to 7.5 s"
std::string describe(const ClipSource& source) {
  std::ostringstream text;
  text << source.start << " s to ";
  if (source.end) {
    text << *source.end << " s";
  } else {
    text << "the end";
  }
  return text.str();
}

/// Where so few frames are taken of a clip with many that one of them must be held for most of it.
std::string note_on_held(const Timeline& timeline, std::size_t kept, const ClipSettings& settings) {
  const std::vector<std::int64_t>& times = timeline.times;
  const std::size_t wanted = std::min(most_frames(settings), times.size());
  const bool by_time =
      settings.sampling == Sampling::uniform || settings.sampling == Sampling::segment;
  if (!by_time || kept == 0 || 2 * kept > wanted) return {};
  std::int64_t longest = timeline.last_duration;
  for (std::size_t i = 1; i < times.size(); ++i)
    longest = std::max(longest, times[i] - times[i - 1]);
  std::ostringstream text;
  text << "a picture is held for " << static_cast<double>(longest) * timeline.tick << " s of its "
       << duration_of(timeline) << " s, so that its " << times.size() << " frames give only "
       << kept;
  return text.str();
}

/// The place of `time` in ascending `times`; nothing if it is not there.
std::optional<std::size_t> place_of(std::int64_t time, const std::vector<std::int64_t>& times) {
  const auto found = std::lower_bound(times.begin(), times.end(), time);
  if (found == times.end() || *found != time) return std::nullopt;
  return static_cast<std::size_t>(found - times.begin());
}

/// Cells of the maps of movement along a side; 0: none are needed.
std::size_t thumbnail_grid(const ClipSettings& settings) {
  constexpr int enough_to_fade = 19;
  if (settings.motion_grid > 0) return static_cast<std::size_t>(settings.motion_grid);
  return settings.faded ? enough_to_fade : 0;
}

/// Float32 [T, grid, grid].
Tensor motion_maps(std::vector<std::vector<float>> movement, std::size_t grid) {
  Tensor maps(DType::f32, {movement.size(), grid, grid});
  const std::size_t cells = grid * grid;
  for (std::size_t i = 0; i < movement.size(); ++i) {
    motion_map(std::move(movement[i]), maps.data<float>().subspan(i * cells, cells));
  }
  return maps;
}

void add_times(std::vector<std::int64_t>& to, const std::vector<std::int64_t>& times) {
  to.insert(to.end(), times.begin(), times.end());
  std::sort(to.begin(), to.end());
  to.erase(std::unique(to.begin(), to.end()), to.end());
}

/// What of it is for a network.
Wanted plan_for_network(const Timeline& span, const ClipSettings& settings) {
  const Timeline sampled = at_rate(span, settings.fps);
  FramePlan plan = plan_frames(sampled, settings);
  Wanted wanted;
  wanted.kept = std::move(plan.times);
  wanted.views = std::move(plan.views);
  wanted.note = note_on_held(sampled, wanted.kept.size(), settings);
  if (settings.motion_grid > 0 || settings.crop == Crop::motion || settings.faded) {
    wanted.neighbours = neighbours_of(span, wanted.kept);
  }
  wanted.compared = wanted.kept;
  add_times(wanted.compared, wanted.neighbours);
  return wanted;
}

}  // namespace

Wanted plan_clip(const Timeline& file, const ClipSource& source, const ClipSettings& settings,
                 Parts parts) {
  const Timeline span = span_of(file, source.start, source.end);
  if (span.times.empty() && !file.times.empty()) {
    throw ClipError(source.path, "no frame in its span from " + describe(source));
  }
  Wanted wanted;
  if (parts.frames) wanted = plan_for_network(span, settings);
  wanted.all = wanted.compared;
  if (parts.greys) {
    wanted.greys = plan_grey_runs(span);
    add_times(wanted.all, wanted.greys.times);
  }
  return wanted;
}

Collector::Collector(const Wanted& wanted, const ClipSettings& settings,
                     const std::filesystem::path& path, Orientation of_stream)
    : wanted_(wanted),
      settings_(settings),
      grid_(thumbnail_grid(settings)),
      of_stream_(of_stream),
      preprocessor_(path, settings.preprocess, settings.size, of_stream),
      thumbnailer_(path, grid_, of_stream),
      missing_(wanted.all.size()),
      have_(wanted.all.size(), false),
      frames_(Tensor::uninitialized(DType::u8,
                                    {wanted.kept.size(), static_cast<std::size_t>(settings.size),
                                     static_cast<std::size_t>(settings.size), 3})),
      thumbnails_(grid_ > 0 ? wanted.compared.size() : 0) {
  if (settings.crop == Crop::motion && !wanted.kept.empty()) {
    held_.emplace(path, wanted.compared.size(), settings.size);
  }
  if (!wanted.greys.times.empty()) greys_.emplace(path, wanted.greys.times.size(), of_stream);
}

void Collector::offer(const AVFrame& frame, std::int64_t time) {
  const std::optional<std::size_t> among_all = place_of(time, wanted_.all);
  if (!among_all || have_[*among_all]) return;
  have_[*among_all] = true;
  --missing_;
  if (const auto grey = place_of(time, wanted_.greys.times)) greys_->put(*grey, frame);
  const std::optional<std::size_t> place = place_of(time, wanted_.compared);
  if (!place) return;
  const std::optional<std::size_t> slot = place_of(time, wanted_.kept);
  if (held_) {
    if (slot) held_->hold_picture(*place, frame);
    held_->hold_grey(*place, frame);
    return;
  }
  if (slot) make_picture_of(frame, *slot);
  if (!thumbnails_.empty()) make_thumbnail_of(frame, *place);
}

void Collector::make_picture_of(const AVFrame& frame, std::size_t slot) {
  const std::size_t bytes = frames_.size() / wanted_.kept.size();
  preprocessor_.run(frame, square_, frames_.data<std::uint8_t>().subspan(slot * bytes, bytes));
  if (slot == 0) window_ = shown_window(frame, square_, orientation_of(frame, of_stream_));
}

void Collector::make_thumbnail_of(const AVFrame& frame, std::size_t place) {
  thumbnails_[place] = thumbnailer_.run(frame, square_);
}

void Collector::make_from_held() {
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t i = 0; i < wanted_.kept.size(); ++i) {
    pairs.emplace_back(place_of(wanted_.kept[i], wanted_.compared).value(),
                       place_of(wanted_.neighbours[i], wanted_.compared).value());
  }
  square_ = held_->find_square(pairs);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    make_picture_of(held_->picture(pairs[i].first), i);
  }
  for (std::size_t place = 0; place < thumbnails_.size(); ++place) {
    make_thumbnail_of(held_->grey(place), place);
  }
  held_.reset();
}

SampledClip Collector::take(const Timeline& file) && {
  if (held_) make_from_held();
  SampledClip clip;
  clip.window = window_;
  clip.frames = std::move(frames_);
  clip.views = wanted_.views;
  clip.note = wanted_.note;
  const auto seconds_of = [&](const std::vector<std::int64_t>& times) {
    std::vector<double> seconds;
    for (const std::int64_t time : times) {
      seconds.push_back(static_cast<double>(time - file.times.front()) * file.tick);
    }
    return seconds;
  };
  clip.times = seconds_of(wanted_.kept);
  if (greys_) {
    clip.greys = {.pictures = std::move(*greys_).take(),
                  .times = seconds_of(wanted_.greys.times),
                  .runs = wanted_.greys.runs};
  }
  if (thumbnails_.empty()) return clip;
  std::vector<std::vector<float>> movement = movements();
  if (settings_.faded) fade_what_rests(clip.frames, movement, clip.times, grid_);
  if (settings_.motion_grid > 0) clip.motion = motion_maps(std::move(movement), grid_);
  return clip;
}

std::vector<std::vector<float>> Collector::movements() const {
  std::vector<std::vector<float>> movement;
  for (std::size_t i = 0; i < wanted_.kept.size(); ++i) {
    movement.push_back(
        movement_of(thumbnail_of(wanted_.kept[i]), thumbnail_of(wanted_.neighbours[i]), grid_));
  }
  return movement;
}

std::span<const std::uint8_t> Collector::thumbnail_of(std::int64_t time) const {
  return thumbnails_[place_of(time, wanted_.compared).value()];
}

}  // namespace vidclass::video
