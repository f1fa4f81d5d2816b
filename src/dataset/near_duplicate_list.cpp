#include "dataset/near_duplicate_list.hpp"

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

#include "core/atomic_file.hpp"
#include "core/format.hpp"
#include "core/text.hpp"
#include "vidclass/error.hpp"

namespace vidclass::dataset {
namespace {

std::optional<double> number_in(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<NearDuplicate> parse(std::string_view line) {
  std::vector<std::string_view> fields;
  for (std::size_t begin = 0; begin <= line.size();) {
    const std::size_t end = std::min(line.find('\t', begin), line.size());
    fields.push_back(line.substr(begin, end - begin));
    begin = end + 1;
  }
  if (fields.size() != 5 || fields[0].empty() || fields[1].empty()) return std::nullopt;
  const auto shift = number_in(fields[3]);
  const auto overlap = number_in(fields[4]);
  if (!shift || !overlap || (fields[2] != "0" && fields[2] != "1")) return std::nullopt;
  return NearDuplicate{std::string(fields[0]), std::string(fields[1]), fields[2] == "1", *shift,
                       *overlap};
}

std::vector<NearDuplicate> read(const std::filesystem::path& path) {
  std::vector<NearDuplicate> pairs;
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return pairs;
  try {
    const std::string text = read_text_file(path);
    for (const Line& line : lines_of(text)) {
      if (auto pair = parse(line.text)) pairs.push_back(*std::move(pair));
    }
  } catch (const Error&) {
    return {};
  }
  return pairs;
}

}  // namespace

NearDuplicateList::NearDuplicateList(const std::filesystem::path& cache_dir)
    : path_(cache_dir / "near_duplicates.tsv"), pairs_(read(path_)) {}

void NearDuplicateList::replace(const std::set<std::string>& contents,
                                const std::vector<NearDuplicate>& found) {
  pairs_ = read(path_);
  const std::vector<NearDuplicate> before = pairs_;
  std::erase_if(pairs_, [&](const NearDuplicate& pair) {
    return contents.contains(pair.first) && contents.contains(pair.second);
  });
  pairs_.insert(pairs_.end(), found.begin(), found.end());
  if (pairs_ == before) return;
  std::string text;
  for (const NearDuplicate& pair : pairs_) {
    text += format("{}\t{}\t{}\t{:.3f}\t{:.3f}\n", pair.first, pair.second, pair.mirrored ? 1 : 0,
                   pair.shift, pair.overlap);
  }
  write_file_atomically(path_, text);
}

}  // namespace vidclass::dataset
