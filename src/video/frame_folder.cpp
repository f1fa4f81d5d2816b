#include "video/sample_frame_folder.hpp"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>

#include "vidclass/error.hpp"
#include "video/collector.hpp"
#include "video/picture_reader.hpp"
#include "video/probe.hpp"

namespace vidclass::video {
namespace fs = std::filesystem;

namespace {

struct NumberedPicture {
  std::string kind;    // what stands before the number
  std::string number;  // without leading zeros
  fs::path path;
};

bool has_picture_extension(const fs::path& path) {
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return ending == ".jpg" || ending == ".jpeg" || ending == ".png";
}

/// Nothing unless it is a visible picture whose name ends in a number.
std::optional<NumberedPicture> numbered(const fs::path& path) {
  if (!has_picture_extension(path)) return std::nullopt;
  const std::string stem = path.stem().string();
  const std::size_t last = stem.find_last_not_of("0123456789");
  const std::size_t digits = last == std::string::npos ? 0 : last + 1;
  if (digits == stem.size() || stem.starts_with('.')) return std::nullopt;
  const std::size_t first = std::min(stem.find_first_not_of('0', digits), stem.size() - 1);
  return NumberedPicture{stem.substr(0, digits), stem.substr(first), path};
}

/// The pictures of a clip, without those that turned out to be damaged.
class FolderSampler {
public:
  FolderSampler(const ClipSource& source, const ClipSettings& settings,
                const CancellationToken& cancel, const Limits& limits, Parts parts)
      : source_(source),
        settings_(settings),
        parts_(parts),
        cancel_(cancel),
        pictures_(numbered_pictures(source.path)),
        reader_(limits.max_pixels) {
    // The rate says when each picture is shown; all of them are to be had.
    timeline_.tick = 1 / (settings.fps > 0 ? settings.fps : frame_folder_rate);
    settings_.fps = 0;
    timeline_.times.resize(pictures_.size());
    std::iota(timeline_.times.begin(), timeline_.times.end(), std::int64_t{0});
    require_duration(source.path, static_cast<double>(pictures_.size()) * timeline_.tick,
                     limits.max_duration);
  }

  SampledClip run() {
    if (pictures_.empty()) {
      throw ClipError(source_.path, "a folder without numbered pictures, not a video file");
    }
    while (!timeline_.times.empty()) {
      if (auto clip = try_once()) return *std::move(clip);
    }
    throw ClipError(source_.path, "no picture could be decoded (" + complaint_ + ")");
  }

private:
  /// Nothing when a picture turned out to be damaged, which is then out of the timeline.
  std::optional<SampledClip> try_once() {
    const Wanted wanted = plan_clip(timeline_, source_, settings_, parts_);
    Collector collector(wanted, settings_, source_.path, Orientation{});
    std::vector<std::int64_t> damaged;
    for (const std::int64_t time : wanted.all) {
      cancel_.check();
      const fs::path& picture = pictures_[static_cast<std::size_t>(time)];
      if (const AVFrame* frame = reader_.read(picture)) {
        if (damaged.empty()) collector.offer(*frame, time);
      } else {
        complaint_ = picture.filename().string() + ": " + reader_.complaint();
        damaged.push_back(time);
      }
    }
    if (damaged.empty()) return std::move(collector).take(timeline_);
    std::erase_if(timeline_.times, [&](std::int64_t time) {
      return std::binary_search(damaged.begin(), damaged.end(), time);
    });
    return std::nullopt;
  }

  const ClipSource& source_;
  ClipSettings settings_;
  const Parts parts_;
  const CancellationToken& cancel_;
  std::vector<fs::path> pictures_;
  PictureReader reader_;
  Timeline timeline_;
  std::string complaint_;
};

}  // namespace

bool is_folder(const ClipSource& source) {
  std::error_code error;
  return !source.in_memory() && fs::is_directory(source.path, error);
}

bool is_frame_folder(const fs::path& path) {
  std::error_code error;
  bool found = false;
  for (fs::directory_iterator entry(path, error), end; !error && entry != end;
       entry.increment(error)) {
    if (has_video_extension(entry->path())) return false;
    found = found || numbered(entry->path());
  }
  return found && !error;
}

std::vector<fs::path> numbered_pictures(const fs::path& folder) {
  std::vector<NumberedPicture> found;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (auto picture = numbered(entry->path())) found.push_back(*std::move(picture));
  }
  if (error) throw ClipError(folder, "cannot be read (" + error.message() + ")");
  // Numbers without leading zeros are in order by their length, then by their digits.
  const auto order = [](const NumberedPicture& picture) {
    return std::tuple<const std::string&, std::size_t, const std::string&>(
        picture.kind, picture.number.size(), picture.number);
  };
  std::sort(found.begin(), found.end(),
            [&](const auto& a, const auto& b) { return order(a) < order(b); });
  std::vector<fs::path> pictures;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (i > 0 && found[i].kind != found[0].kind) {
      throw ClipError(folder, "pictures of several kinds (" + found[0].path.filename().string() +
                                  " and " + found[i].path.filename().string() +
                                  "): a clip is a folder of one");
    }
    if (i > 0 && found[i].number == found[i - 1].number) {
      throw ClipError(folder, found[i - 1].path.filename().string() + " and " +
                                  found[i].path.filename().string() + " have the same number");
    }
    pictures.push_back(found[i].path);
  }
  return pictures;
}

SampledClip sample_frame_folder(const ClipSource& source, const ClipSettings& settings,
                                const CancellationToken& cancel, const Limits& limits,
                                Parts parts) {
  return FolderSampler(source, settings, cancel, limits, parts).run();
}

}  // namespace vidclass::video
