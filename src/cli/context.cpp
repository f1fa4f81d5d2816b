#include "cli/context.hpp"

#include <cstdio>

#include "core/text.hpp"
#include "vidclass/error.hpp"

namespace vidclass::cli {
namespace {

void write_stdout(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    throw Error("cannot write to standard output");
  }
}

}  // namespace

void Context::print(std::string_view text) const {
  std::string lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines += printable(text.substr(0, end));
    if (end == std::string_view::npos) break;
    lines += '\n';
    text.remove_prefix(end + 1);
  }
  print_data(lines);
}

void Context::print_data(std::string_view text) const {
  if (json) return;
  end_progress();
  write_stdout(text);
}

void Context::print_json(const Json& document) const {
  if (!json) return;
  end_progress();
  // Paths need not be UTF-8; what is not is replaced rather than fatal.
  write_stdout(to_text(document, 2) + "\n");
}

int status_for(const std::vector<UnusableClip>& unusable) {
  return unusable.empty() ? exit_done : exit_done_with_unusable_clips;
}

}  // namespace vidclass::cli
