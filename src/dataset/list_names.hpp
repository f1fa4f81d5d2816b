// What the name of a split list tells.
#pragma once

#include <filesystem>
#include <optional>

#include "dataset/manifest.hpp"

namespace vidclass::dataset {

struct ListName {
  Split split = Split::none;
  std::optional<int> fold;
};

/// Of names like train.csv, kinetics400_val_list_videos.txt,
/// ucf101_train_split_2_rawframes.txt, testlist01.txt: words are told apart by
/// anything that is neither letter nor digit, and numbers from letters.
[[nodiscard]] ListName parse_list_name(const std::filesystem::path& file);

}  // namespace vidclass::dataset
