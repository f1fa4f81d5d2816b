// Generated clips and a model of them. They lie beside the program and are made again
// when it was built again: each test may be a process of its own, and making them for
// each would take longer than the tests do.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "program.hpp"

namespace vidclass::cli::testing {

/// Eight classes of four clips each, one a group, in UCF101's layout. Only to be read.
[[nodiscard]] std::filesystem::path demo_clips();
/// One of them.
[[nodiscard]] std::filesystem::path demo_clip(const std::string& label, int group = 1);
/// A little trained on demo_clips().
[[nodiscard]] std::filesystem::path demo_model();

/// Copies the clips of `labels` into one sub-folder a class, without split lists.
void copy_classes(const std::filesystem::path& folder, const std::vector<std::string>& labels);

void write_text(const std::filesystem::path& path, const std::string& text);
/// The first half of a file.
void write_half(const std::filesystem::path& path, const std::filesystem::path& whole);

/// Do two safetensors files hold the same tensors, to the bit?
[[nodiscard]] bool same_tensors(const std::filesystem::path& a, const std::filesystem::path& b);

}  // namespace vidclass::cli::testing
