#include "dataset/list_names.hpp"

#include <cctype>
#include <charconv>
#include <string>
#include <vector>

#include "core/text.hpp"

namespace vidclass::dataset {
namespace {

std::vector<std::string> words_of(const std::string& stem) {
  std::vector<std::string> words(1);
  bool digits = false;
  for (const char c : lower(stem)) {
    const bool is_digit = c >= '0' && c <= '9';
    const bool is_letter = c >= 'a' && c <= 'z';
    if ((!is_digit && !is_letter) || is_digit != digits) words.emplace_back();
    digits = is_digit;
    if (is_digit || is_letter) words.back() += c;
  }
  std::erase(words, "");
  return words;
}

Split split_of_word(std::string word) {
  if (word.ends_with("list")) word.resize(word.size() - 4);
  return split_by_name(word).value_or(Split::none);
}

}  // namespace

ListName parse_list_name(const std::filesystem::path& file) {
  ListName name;
  const auto words = words_of(file.stem().string());
  for (std::size_t i = 0; i < words.size(); ++i) {
    const Split split = split_of_word(words[i]);
    if (split != Split::none && name.split == Split::none) name.split = split;
    const bool before_fold = words[i] == "split" || words[i] == "fold" || words[i] == "trainlist" ||
                             words[i] == "testlist" || words[i] == "vallist";
    if (!before_fold || i + 1 == words.size() || !is_digits(words[i + 1])) continue;
    int fold = 0;
    const std::string& digits = words[i + 1];
    if (std::from_chars(digits.data(), digits.data() + digits.size(), fold).ec == std::errc())
      name.fold = fold;
  }
  return name;
}

}  // namespace vidclass::dataset
