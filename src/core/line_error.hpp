// Complaints about a line of a file.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass {

/// Throws Error "<file>:<line>: <what>", a form that editors and terminals know.
[[noreturn]] inline void fail_at_line(const std::filesystem::path& file, std::size_t line,
                                      const std::string& what) {
  throw Error(format("{}:{}: {}", file.string(), line, what));
}

}  // namespace vidclass
