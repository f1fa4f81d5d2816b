#include "sandbox/messages.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "core/format.hpp"
#include "core/json.hpp"
#include "vidclass/error.hpp"
#include "video/input.hpp"

namespace vidclass::sandbox {
namespace {

constexpr int deepest = 4;
constexpr std::uint64_t longest_text = std::uint64_t{64} << 20;
constexpr std::size_t longest_reason = 2000;
constexpr std::size_t largest_grey_side = 4096;  // more than grey_maker.cpp ever gives

[[noreturn]] void refuse(std::string_view what) {
  throw Error(format("the decoder's answer is wrong: {}", what));
}

void require(bool holds, std::string_view what) {
  if (!holds) refuse(what);
}

void write_all(int descriptor, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) throw Error(format("frames cannot be passed on: {}", std::strerror(errno)));
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

/// The bytes of a file, one after the other.
class Reader {
public:
  explicit Reader(int descriptor) : descriptor_(descriptor) {
    struct stat status {};
    if (::fstat(descriptor, &status) == 0) size_ = static_cast<std::uint64_t>(status.st_size);
  }

  void read(std::span<std::byte> target) {
    require(target.size() <= size_ - at_, "it breaks off");
    while (!target.empty()) {
      const auto got = ::pread(descriptor_, target.data(), target.size(), static_cast<off_t>(at_));
      if (got < 0 && errno == EINTR) continue;
      require(got > 0, "it breaks off");
      at_ += static_cast<std::uint64_t>(got);
      target = target.subspan(static_cast<std::size_t>(got));
    }
  }
  [[nodiscard]] std::string text() {
    std::uint64_t length = 0;
    read(std::as_writable_bytes(std::span(&length, 1)));
    require(length <= longest_text && length <= size_ - at_, "its text is too long");
    std::string text(length, '\0');
    read(std::as_writable_bytes(std::span(text)));
    return text;
  }
  [[nodiscard]] Tensor tensor(DType type, Shape shape) {
    const std::size_t count = element_count(shape);
    require(count <= (size_ - at_) / size_of(type), "it breaks off");
    Tensor tensor = Tensor::uninitialized(type, std::move(shape));
    read(tensor.bytes());
    return tensor;
  }
  void require_end() const { require(at_ == size_, "it goes on behind its end"); }

private:
  int descriptor_;
  std::uint64_t size_ = 0;
  std::uint64_t at_ = 0;
};

Json describe(const video::SampledClip& clip) {
  Json runs = Json::array();
  for (const video::GreyRun& run : clip.greys.runs) runs.push_back({run.first, run.count});
  return {{"times", clip.times},
          {"views", clip.views},
          {"window", {clip.window.left, clip.window.top, clip.window.width, clip.window.height}},
          {"note", clip.note},
          {"frames", clip.frames.shape()},
          {"motion", clip.motion.shape()},
          {"grey_pictures", clip.greys.pictures.shape()},
          {"grey_times", clip.greys.times},
          {"grey_runs", runs}};
}

bool ascends(const std::vector<double>& times) {
  return std::all_of(times.begin(), times.end(), [](double time) { return std::isfinite(time); }) &&
         std::is_sorted(times.begin(), times.end());
}

void read_frames(const Json& told, const video::ClipSettings& settings, Reader& reader,
                 video::SampledClip& clip) {
  clip.times = told.at("times").get<std::vector<double>>();
  const std::size_t count = clip.times.size();
  require(count >= 1 && count <= video::most_frames(settings) && ascends(clip.times),
          "its times are none");
  clip.views = told.at("views").get<std::vector<std::vector<std::size_t>>>();
  require(!clip.views.empty() && clip.views.size() <= static_cast<std::size_t>(settings.clips),
          "its sequences are none");
  for (const auto& view : clip.views) {
    require(!view.empty() && view.size() == clip.views.front().size() &&
                std::all_of(view.begin(), view.end(), [&](std::size_t i) { return i < count; }),
            "its sequences are none");
  }
  const auto window = told.at("window").get<std::vector<double>>();
  require(window.size() == 4, "its window is none");
  clip.window = {window[0], window[1], window[2], window[3]};
  const auto size = static_cast<std::size_t>(settings.size);
  require(told.at("frames").get<Shape>() == Shape{count, size, size, 3}, "its frames are none");
  clip.frames = reader.tensor(DType::u8, {count, size, size, 3});
  if (settings.motion_grid == 0) return;
  const auto grid = static_cast<std::size_t>(settings.motion_grid);
  require(told.at("motion").get<Shape>() == Shape{count, grid, grid}, "its maps are none");
  clip.motion = reader.tensor(DType::f32, {count, grid, grid});
}

void read_greys(const Json& told, Reader& reader, video::GreyRuns& greys) {
  greys.times = told.at("grey_times").get<std::vector<double>>();
  const Shape shape = told.at("grey_pictures").get<Shape>();
  const auto is_side = [](std::size_t side) {
    return side >= 8 && side <= largest_grey_side && side % 8 == 0;
  };
  require(shape.size() == 3 && shape[0] == greys.times.size() && is_side(shape[1]) &&
              is_side(shape[2]) && ascends(greys.times),
          "its grey pictures are none");
  for (const Json& run : told.at("grey_runs")) {
    const auto [first, count] = run.get<std::pair<std::size_t, std::size_t>>();
    require(first <= shape[0] && count >= 1 && count <= shape[0] - first, "its runs are none");
    greys.runs.push_back({first, count});
  }
  greys.pictures = reader.tensor(DType::u8, shape);
}

Sampled read_checked(Reader& reader, const Job& job) {
  const Json told = parse_json(reader.text(), deepest);
  if (told.contains("reason")) {
    Failure failure{told.at("reason").get<std::string>(), told.value("wrong_use", false)};
    failure.reason.resize(std::min(failure.reason.size(), longest_reason));
    return failure;
  }
  video::SampledClip clip;
  clip.note = told.at("note").get<std::string>();
  clip.note.resize(std::min(clip.note.size(), longest_reason));
  if (job.parts.frames) read_frames(told, job.settings, reader, clip);
  if (job.parts.greys) read_greys(told, reader, clip.greys);
  reader.require_end();
  return clip;
}

template <typename Read>
auto parsed(Read read) {
  try {
    return read();
  } catch (const JsonException&) {
    refuse("it is no such document");
  }
}

}  // namespace

std::string to_text(const Job& job) {
  const video::ClipSettings& settings = job.settings;
  Json end = nullptr;
  if (job.clip.end) end = *job.clip.end;
  return to_strict_text(Json{{"name", video::name_for_ffmpeg(job.clip)},
                             {"offset", job.clip.open_file() ? job.clip.open_file()->offset : 0},
                             {"length", job.clip.open_file() ? job.clip.open_file()->length : 0},
                             {"start", job.clip.start},
                             {"end", end},
                             {"sampling", video::to_string(settings.sampling)},
                             {"frames", settings.frames},
                             {"preprocess", video::to_string(settings.preprocess)},
                             {"size", settings.size},
                             {"motion_grid", settings.motion_grid},
                             {"stride", settings.stride},
                             {"candidates", settings.candidates},
                             {"fps", settings.fps},
                             {"clips", settings.clips},
                             {"crop", video::to_string(settings.crop)},
                             {"faded", settings.faded},
                             {"max_pixels", job.limits.max_pixels},
                             {"max_duration", job.limits.max_duration},
                             {"max_stall", job.limits.max_stall},
                             {"allow_codecs", job.limits.allow_codecs},
                             {"want_frames", job.parts.frames},
                             {"want_greys", job.parts.greys},
                             {"memory", job.bounds.memory},
                             {"most_bytes", job.bounds.frames},
                             {"seconds", job.bounds.seconds}});
}

Job job_from(const std::string& text, int file) {
  return parsed([&] {
    const Json told = parse_json(text, deepest);
    const auto get = [&](const char* name, auto& value) { told.at(name).get_to(value); };
    const auto name_at = [&](const char* name) { return told.at(name).get<std::string>(); };
    Job job;
    std::optional<double> end;
    if (!told.at("end").is_null()) end = told.at("end").get<double>();
    job.clip = video::ClipSource::from_descriptor(
        file, name_at("name"), told.at("start").get<double>(), end,
        {told.at("offset").get<std::int64_t>(), told.at("length").get<std::int64_t>()});
    video::ClipSettings& settings = job.settings;
    settings.sampling = video::sampling_from(name_at("sampling"));
    get("frames", settings.frames);
    settings.preprocess = video::preprocess_from(name_at("preprocess"));
    get("size", settings.size);
    get("motion_grid", settings.motion_grid);
    get("stride", settings.stride);
    get("candidates", settings.candidates);
    get("fps", settings.fps);
    get("clips", settings.clips);
    settings.crop = video::crop_from(name_at("crop"));
    get("faded", settings.faded);
    get("max_pixels", job.limits.max_pixels);
    get("max_duration", job.limits.max_duration);
    get("max_stall", job.limits.max_stall);
    get("allow_codecs", job.limits.allow_codecs);
    get("want_frames", job.parts.frames);
    get("want_greys", job.parts.greys);
    get("memory", job.bounds.memory);
    get("most_bytes", job.bounds.frames);
    get("seconds", job.bounds.seconds);
    return job;
  });
}

std::string to_text(const Ending& ending) {
  return to_strict_text(Json{{"exit_status", ending.exit_status},
                             {"signal", ending.signal},
                             {"timed_out", ending.timed_out}});
}

Ending ending_from(const std::string& text) {
  return parsed([&] {
    const Json told = parse_json(text, deepest);
    return Ending{told.at("exit_status").get<int>(), told.at("signal").get<int>(),
                  told.at("timed_out").get<bool>()};
  });
}

std::string to_text(const Layers& layers) {
  return to_strict_text(Json{{"no_new_privileges", layers.no_new_privileges},
                             {"landlock", layers.landlock},
                             {"seccomp", layers.seccomp}});
}

Layers layers_from(const std::string& text) {
  return parsed([&] {
    const Json told = parse_json(text, deepest);
    return Layers{told.at("no_new_privileges").get<bool>(), told.at("landlock").get<int>(),
                  told.at("seccomp").get<bool>()};
  });
}

void write_sampled(int descriptor, const Sampled& sampled) {
  const auto write_text = [&](const Json& document) {
    const std::string text = vidclass::to_text(document);
    const std::uint64_t length = text.size();
    write_all(descriptor, std::as_bytes(std::span(&length, 1)));
    write_all(descriptor, std::as_bytes(std::span(text)));
  };
  if (const auto* failure = std::get_if<Failure>(&sampled)) {
    write_text({{"reason", failure->reason}, {"wrong_use", failure->wrong_use}});
    return;
  }
  const auto& clip = std::get<video::SampledClip>(sampled);
  write_text(describe(clip));
  for (const Tensor* tensor : {&clip.frames, &clip.motion, &clip.greys.pictures}) {
    write_all(descriptor, tensor->bytes());
  }
}

Sampled read_sampled(int descriptor, const Job& job) {
  return parsed([&] {
    Reader reader(descriptor);
    return read_checked(reader, job);
  });
}

}  // namespace vidclass::sandbox
