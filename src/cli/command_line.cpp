#include "cli/command_line.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string_view>

namespace vidclass::cli {
namespace {

std::string shell_word(std::string_view word) {
  const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("-_./=,:+@%").find(c) != std::string_view::npos;
  });
  if (plain) return std::string(word);
  std::string text = "'";
  for (const char c : word) {
    if (c == '\'') {
      text += "'\\''";
    } else {
      text += c;
    }
  }
  return text + "'";
}

}  // namespace

std::string command_line(int argc, const char* const* argv) {
  std::string text = argc > 0 ? shell_word(std::filesystem::path(argv[0]).filename().string()) : "";
  for (int i = 1; i < argc; ++i) text.append(" ").append(shell_word(argv[i]));
  return text;
}

}  // namespace vidclass::cli
