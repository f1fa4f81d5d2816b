// Making text files, and looking for words in what comes out.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace vidclass::testing {

/// Writes a text file, and the folders that it lies in.
inline std::filesystem::path put(const std::filesystem::path& path, std::string_view text = "") {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

/// The message of the E that `call` throws; "(nothing thrown)" without one.
template <typename E, typename F>
std::string message_of(F&& call) {
  try {
    call();
  } catch (const E& error) {
    return error.what();
  }
  return "(nothing thrown)";
}

inline bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// Does any of `texts` hold `part`?
inline bool any_has(const std::vector<std::string>& texts, std::string_view part) {
  for (const auto& text : texts) {
    if (has(text, part)) return true;
  }
  return false;
}

}  // namespace vidclass::testing
