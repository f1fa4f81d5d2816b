#include "dataset/generate.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <system_error>
#include <vector>

#include "core/atomic_file.hpp"
#include "core/parallel.hpp"
#include "core/random.hpp"
#include "core/text.hpp"
#include "dataset/action.hpp"
#include "dataset/picture.hpp"
#include "dataset/scene.hpp"
#include "dataset/text_file.hpp"
#include "vidclass/error.hpp"
#include "video/clip_writer.hpp"

namespace fs = std::filesystem;

namespace vidclass::dataset {
namespace {

/// Counts up when the same options give other clips than before.
constexpr int generator_version = 1;
constexpr const char* marker_name = ".vidclass-generated";
constexpr const char* unfinished = "unfinished\n";

void require_range(const char* what, int value, int least, int most) {
  if (value >= least && value <= most) return;
  throw UsageError(std::string(what) + " = " + std::to_string(value) + " is out of range: use " +
                   std::to_string(least) + " to " + std::to_string(most));
}

void check(const GenerateOptions& options) {
  require_range("groups", options.groups, 2, 99);
  require_range("clips per group", options.clips_per_group, 1, 99);
  require_range("width", options.width, 32, 4096);
  require_range("height", options.height, 32, 4096);
  require_range("frames", options.frames, 4, 10000);
  require_range("frames per second", options.frames_per_second, 1, 240);
  if (!(options.moment > 0 && options.moment <= 1)) {
    throw UsageError("moment = " + std::to_string(options.moment) +
                     " is out of range: use more than 0, to 1");
  }
  if (options.width % 2 == 0 && options.height % 2 == 0) return;
  throw UsageError("width and height must be even, not " + std::to_string(options.width) + " x " +
                   std::to_string(options.height));
}

std::string marker_of(const GenerateOptions& options) {
  std::string text;
  const auto line = [&](const char* name, auto value) {
    text += std::string(name) + ' ' + std::to_string(value) + '\n';
  };
  line("version", generator_version);
  line("groups", options.groups);
  line("clips_per_group", options.clips_per_group);
  line("width", options.width);
  line("height", options.height);
  line("frames", options.frames);
  line("frames_per_second", options.frames_per_second);
  line("seed", options.seed);
  if (options.moment < 1) line("moment", options.moment);
  return text;
}

void require_ours_or_empty(const fs::path& dir) {
  std::error_code error;
  if (!fs::exists(dir, error)) return;
  if (!fs::is_directory(dir, error)) throw UsageError(dir.string() + " is not a folder");
  if (is_file(dir / marker_name)) return;
  const bool empty = fs::is_empty(dir, error);
  if (error) throw Error("cannot read the folder " + dir.string() + ": " + error.message());
  if (!empty) {
    throw UsageError(dir.string() +
                     " holds other files; name a folder that is empty or does not exist");
  }
}

struct PlannedClip {
  const ActionClass* shown = nullptr;
  int group = 0;  // counted from 1
  int clip = 0;   // counted from 1

  [[nodiscard]] std::string listed_path() const {
    const std::string name(shown->name);
    return name + "/v_" + name + "_g" + two_digits(group) + "_c" + two_digits(clip) + ".avi";
  }
};

std::vector<PlannedClip> plan(const GenerateOptions& options) {
  std::vector<PlannedClip> clips;
  for (const ActionClass& shown : action_classes) {
    for (int group = 1; group <= options.groups; ++group) {
      for (int clip = 1; clip <= options.clips_per_group; ++clip)
        clips.push_back({&shown, group, clip});
    }
  }
  return clips;
}

/// Numbers that keep the generators for different purposes apart.
enum Purpose : std::uint64_t { for_scene = 1, for_action = 2, for_noise = 3 };

std::uint64_t number(int value) { return static_cast<std::uint64_t>(value); }

// Nothing here may depend on which class of a pair is shown, except for the order
// of the frames: only then can nothing but the order tell the two apart. The scene
// does not depend on the class at all.
void write_clip(const fs::path& path, const PlannedClip& planned, const GenerateOptions& options) {
  constexpr float noise = 0.02F;
  const auto action = static_cast<std::uint64_t>(planned.shown->action);
  const std::uint64_t group = number(planned.group), clip = number(planned.clip);

  Scene scene = make_scene(Random{options.seed, for_scene, group}, options.width, options.height);
  Random random{options.seed, for_action, action, group, clip};
  const float shorter_side = static_cast<float>(std::min(options.width, options.height));
  scene.bystander.x += shorter_side * random.between(-0.05F, 0.05F);
  scene.bystander.y += shorter_side * random.between(-0.05F, 0.05F);
  const int frames = std::max(1, static_cast<int>(std::lround(static_cast<float>(options.frames) *
                                                              random.between(0.75F, 1.25F))));
  // Drawn only where it is needed, so that whole clips stay what they were.
  int acting = frames;
  int first = 0;
  if (options.moment < 1) {
    acting = std::clamp(static_cast<int>(std::lround(frames * options.moment)), 2, frames);
    first = static_cast<int>(random.below(number(frames - acting + 1)));
  }
  const auto moments = plan_action(planned.shown->action, acting, random);
  std::string when_and_where = "time,x,y,radius\n";

  video::ClipWriter writer(path, options.width, options.height, options.frames_per_second);
  for (int i = 0; i < frames; ++i) {
    const int shown = planned.shown->backwards ? frames - 1 - i : i;
    const bool acts = shown >= first && shown < first + acting;
    const Moment moment = acts ? moments[static_cast<std::size_t>(shown - first)] : Moment{};
    // The margin of the scene bounds how far the camera can move.
    const float most = scene_margin - 2;
    const float shake_x = std::clamp(moment.shake_x * shorter_side, -most, most);
    const float shake_y = std::clamp(moment.shake_y * shorter_side, -most, most);
    Picture picture = cut_out(scene.background, scene_margin + shake_x, scene_margin + shake_y,
                              options.width, options.height);
    Shape bystander = scene.bystander;
    bystander.x -= shake_x;
    bystander.y -= shake_y;
    paint(picture, bystander);
    Shape object = scene.object;
    object.x = static_cast<float>(options.width) / 2 + moment.x * shorter_side - shake_x;
    object.y = static_cast<float>(options.height) / 2 + moment.y * shorter_side - shake_y;
    object.radius = moment.radius * shorter_side;
    object.angle = moment.angle;
    if (acts) {
      paint(picture, object);
      when_and_where += std::to_string(static_cast<double>(i) / options.frames_per_second) + ',' +
                        std::to_string(object.x) + ',' + std::to_string(object.y) + ',' +
                        std::to_string(object.radius) + '\n';
    }
    Random noise_of_frame{options.seed, for_noise, action, group, clip, number(shown)};
    writer.write(to_bytes(picture, moment.light, noise, noise_of_frame));
  }
  writer.finish();
  if (options.moment < 1) write_file_atomically(path.string() + ".csv", when_and_where);
}

/// The lists of fold 1.
void write_lists(const fs::path& folder, const std::vector<PlannedClip>& clips,
                 const GenerateOptions& options) {
  const int test_groups = std::max(1, options.groups / 3);
  std::string classes, train, test;
  std::size_t count = 0;
  for (const ActionClass& shown : action_classes) {
    classes += std::to_string(++count) + ' ' + std::string(shown.name) + '\n';
  }
  for (const PlannedClip& clip : clips) {
    const auto label = clip.shown - action_classes.data() + 1;
    if (clip.group <= test_groups) {
      test += clip.listed_path() + '\n';
    } else {
      train += clip.listed_path() + ' ' + std::to_string(label) + '\n';
    }
  }
  write_file_atomically(folder / "classInd.txt", classes);
  write_file_atomically(folder / "trainlist01.txt", train);
  write_file_atomically(folder / "testlist01.txt", test);
}

/// A former output with other options may have left more clips than there will be.
void remove_former_clips(const fs::path& dir) {
  for (const ActionClass& shown : action_classes) {
    const std::string start = "v_" + std::string(shown.name) + "_g";
    std::vector<fs::path> former;
    std::error_code error;
    for (fs::directory_iterator it(dir / shown.name, error), end; !error && it != end;
         it.increment(error)) {
      const std::string name = it->path().filename().string();
      if (name.starts_with(start) && (name.ends_with(".avi") || name.ends_with(".csv")))
        former.push_back(it->path());
    }
    for (const fs::path& path : former) {
      if (!fs::remove(path, error))
        throw Error("cannot remove " + path.string() + ": " + error.message());
    }
  }
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw Error("cannot make the folder " + folder.string() + ": " + error.message());
}

}  // namespace

GenerateReport generate(const fs::path& dir, const GenerateOptions& options,
                        const ProgressFunction& progress, const CancellationToken& cancel) {
  check(options);
  require_ours_or_empty(dir);
  const fs::path marker = dir / marker_name;
  const fs::path lists = dir / "splits";
  const std::string finished = marker_of(options);
  const std::vector<PlannedClip> clips = plan(options);
  const GenerateReport report{action_classes.size(), clips.size()};

  std::vector<PlannedClip> missing = clips;
  if (is_file(marker) && read_text_file(marker) == finished) {
    std::erase_if(missing,
                  [&](const PlannedClip& clip) { return is_file(dir / clip.listed_path()); });
    const bool lists_there = is_file(lists / "classInd.txt") &&
                             is_file(lists / "trainlist01.txt") &&
                             is_file(lists / "testlist01.txt");
    if (missing.empty() && lists_there) return report;
  } else {
    make_folder(dir);
    // Until all is written, the folder is ours but its clips cannot be relied on.
    write_file_atomically(marker, unfinished);
    remove_former_clips(dir);
  }

  for (const ActionClass& shown : action_classes) make_folder(dir / shown.name);
  for_each_index(
      missing.size(), options.threads,
      [&](std::size_t i) { write_clip(dir / missing[i].listed_path(), missing[i], options); },
      "generate", progress, cancel);
  write_lists(lists, clips, options);
  write_file_atomically(marker, finished);
  return report;
}

}  // namespace vidclass::dataset
