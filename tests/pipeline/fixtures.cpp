#include "fixtures.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "core/format.hpp"
#include "core/npy_writer.hpp"
#include "dataset/generate.hpp"
#include "pipeline/feature_options.hpp"
#include "support/head_fixtures.hpp"

namespace vidclass::pipeline::testing {

const fs::path& user_cache() {
  static const TempDir folder;
  static const Variable variable("XDG_CACHE_HOME", folder.path().string());
  return folder.path();
}

Hooks Heard::hooks() {
  return {.progress =
              [this](const ProgressState& state) {
                if (!named_stage(state.stage)) stages.push_back(state.stage);
              },
          .message =
              [this](MessageLevel level, const std::string& text) {
                (level == MessageLevel::warning ? warnings : infos).push_back(text);
              },
          .cancel = cancel};
}

bool Heard::named_stage(const std::string& stage) const {
  return std::find(stages.begin(), stages.end(), stage) != stages.end();
}

Hooks cancelled() {
  Hooks hooks;
  hooks.cancel.request();
  return hooks;
}

std::string label_name(std::size_t label) {
  constexpr const char* names[] = {"high", "low", "odd"};
  return names[label];
}

fs::path ArraySet::add(std::size_t label, const std::string& group, const std::string& split) {
  const auto seed = content_ * 100 + static_cast<std::uint64_t>(++count_);
  Tensor array = vidclass::testing::made_up_tensor({3 + seed % 3, width}, seed);
  for (std::size_t t = 0; t < array.dim(0); ++t) array.data<float>()[t * width + label] += 3;
  const fs::path file = folder_ / format("{}.npy", count_);
  fs::create_directories(folder_);
  write_npy(file, array);
  list(file, label, group, split);
  return file;
}

fs::path ArraySet::add_copy(const fs::path& file, std::size_t label, const std::string& split) {
  const fs::path copy = folder_ / format("{}.npy", ++count_);
  fs::copy_file(file, copy);
  list(copy, label, "", split);
  return copy;
}

fs::path ArraySet::add_broken(std::size_t label, const std::string& split) {
  const fs::path file = put(folder_ / format("{}.npy", ++count_), "no array");
  list(file, label, "", split);
  return file;
}

void ArraySet::list(const fs::path& file, std::size_t label, const std::string& group,
                    const std::string& split) {
  rows_ +=
      format("{},{},{},{}\n", file.filename().string(), testing::label_name(label), group, split);
}

fs::path ArraySet::csv() const {
  return put(folder_ / "data.csv", "path,label,group,split\n" + rows_);
}

fs::path ArraySet::of_groups(const fs::path& folder, int groups) {
  ArraySet set(folder);
  for (int group = 0; group < groups; ++group) {
    for (const std::size_t label : {0U, 1U}) set.add(label, format("g{}", group));
  }
  return set.csv();
}

fs::path ArraySet::with_splits(const fs::path& folder) {
  ArraySet set(folder);
  for (const char* split : {"train", "train", "train", "train", "val", "val", "test", "test"}) {
    for (const std::size_t label : {0U, 1U}) set.add(label, "", split);
  }
  return set.csv();
}

const fs::path& videos() {
  static const TempDir folder;
  static const fs::path made = [] {
    const fs::path data = folder / "videos";
    dataset::generate(data,
                      {.groups = 6, .clips_per_group = 1, .width = 64, .height = 48, .frames = 10});
    return data;
  }();
  return made;
}

fs::path video_of(const std::string& label, int group) {
  return videos() / label / format("v_{}_g{:02}_c01.avi", label, group);
}

fs::path put_video_csv(const fs::path& file) {
  constexpr const char* splits[] = {"train", "train", "train", "train", "val", "test"};
  std::string rows = "path,label,split\n";
  for (int group = 1; group <= 6; ++group) {
    for (const char* label : {"Brighten", "Rise"}) {
      rows += format("{},{},{}\n", video_of(label, group).string(), label, splits[group - 1]);
    }
  }
  return put(file, rows);
}

features::ExtractOptions mini_features(const fs::path& cache) {
  (void)user_cache();
  return extract_options({.backbone = "mini", .frames = 4}, {.cache = cache});
}

TrainRequest mean_request(const fs::path& data, const fs::path& output) {
  TrainRequest request{.data = {.data = data},
                       .features = mini_features(output.parent_path() / "cache"),
                       .output = output};
  request.head.options.spec.kind = head::HeadKind::mean;
  request.head.options.epochs = 3;
  return request;
}

EvaluateRequest evaluation_of(const fs::path& model, const fs::path& data) {
  (void)user_cache();
  EvaluateRequest request{.model = model, .data = {.data = data}};
  request.classifier.cache_dir = model.parent_path() / "cache";
  return request;
}

std::string text_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::size_t lines_of(const fs::path& file) {
  const std::string text = text_of(file);
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace vidclass::pipeline::testing
