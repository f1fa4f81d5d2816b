// Small data sets, and ears for what a call tells.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/evaluate.hpp"
#include "pipeline/train.hpp"
#include "support/environment.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::pipeline::testing {

namespace fs = std::filesystem;
using vidclass::testing::any_has;
using vidclass::testing::has;
using vidclass::testing::message_of;
using vidclass::testing::put;
using vidclass::testing::TempDir;
using vidclass::testing::Variable;

/// The user's cache folder of this process: a temporary one. Whoever makes a request calls it.
const fs::path& user_cache();

/// What a call tells through its hooks. Must outlive the call.
class Heard {
public:
  [[nodiscard]] Hooks hooks();
  [[nodiscard]] bool warned_of(std::string_view part) const { return any_has(warnings, part); }
  [[nodiscard]] bool named_stage(const std::string& stage) const;

  std::vector<std::string> stages;  // each once
  std::vector<std::string> warnings;
  std::vector<std::string> infos;
  CancellationToken cancel;
};

/// Hooks of work that was cancelled before it began.
[[nodiscard]] Hooks cancelled();

/// Arrays [frames, 6] as clips, which are the quickest to read, in a CSV.
class ArraySet {
public:
  static constexpr std::size_t width = 6;

  /// Sets of different `content` have no content in common (up to 100 clips).
  explicit ArraySet(fs::path folder, std::uint64_t content = 0)
      : folder_(std::move(folder)), content_(content) {}

  /// A new clip, of a content of its own; `label` 0, 1, ... shows in its values.
  fs::path add(std::size_t label, const std::string& group = "", const std::string& split = "");
  /// Another clip of the content of `file`.
  fs::path add_copy(const fs::path& file, std::size_t label, const std::string& split = "");
  /// One that cannot be read.
  fs::path add_broken(std::size_t label, const std::string& split = "");
  /// The data set: a CSV of what was added.
  [[nodiscard]] fs::path csv() const;

  /// `groups` groups of one clip of each of two labels, without splits.
  [[nodiscard]] static fs::path of_groups(const fs::path& folder, int groups);
  /// Of each of two labels 4 clips to train, 2 to validate and 2 to test with.
  [[nodiscard]] static fs::path with_splits(const fs::path& folder);

private:
  void list(const fs::path& file, std::size_t label, const std::string& group,
            const std::string& split);

  fs::path folder_;
  std::uint64_t content_;
  std::string rows_;
  int count_ = 0;
};

/// "low", "high", "odd", ...: the labels of ArraySet by number.
[[nodiscard]] std::string label_name(std::size_t label);

/// Made-up videos of a few frames, made once a process: eight classes, six groups, one clip each.
/// Only to be read.
[[nodiscard]] const fs::path& videos();
/// One of them. Labels are MoveRight, MoveLeft, Approach, Recede, Brighten, Darken, Rise, Fall.
[[nodiscard]] fs::path video_of(const std::string& label, int group = 1);
/// A CSV of Brighten and Rise: four groups to train, one to validate and one to test with.
[[nodiscard]] fs::path put_video_csv(const fs::path& file);

/// Of mini, 4 frames a clip, the features in `cache`.
[[nodiscard]] features::ExtractOptions mini_features(const fs::path& cache);

/// A head `mean` of 3 epochs.
[[nodiscard]] TrainRequest mean_request(const fs::path& data, const fs::path& output);
[[nodiscard]] EvaluateRequest evaluation_of(const fs::path& model, const fs::path& data);

[[nodiscard]] std::string text_of(const fs::path& file);
[[nodiscard]] std::size_t lines_of(const fs::path& file);

}  // namespace vidclass::pipeline::testing
