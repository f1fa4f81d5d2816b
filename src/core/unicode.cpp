#include "core/unicode.hpp"

#include <iconv.h>
#include <utf8proc.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <memory>

#include "core/format.hpp"
#include "core/text.hpp"

namespace vidclass {
namespace {

/// One conversion. One thread at a time.
class Conversion {
public:
  Conversion(const std::string& to, const std::string& from)
      : from_(from), handle_(::iconv_open(to.c_str(), from.c_str())) {
    if (handle_ != invalid()) return;
    throw UsageError(format("{} is no known encoding; \"iconv -l\" lists those that are",
                            in_quotes(from == "UTF-8" ? to : from)));
  }
  ~Conversion() { ::iconv_close(handle_); }
  Conversion(const Conversion&) = delete;
  Conversion& operator=(const Conversion&) = delete;

  std::string run(std::string_view text) {
    std::string result;
    std::array<char, 4096> buffer{};
    // iconv() takes what it reads by a pointer that is not const, and does not write there.
    char* in = const_cast<char*>(text.data());
    std::size_t left = text.size();
    while (left > 0) {
      char* out = buffer.data();
      std::size_t room = buffer.size();
      const bool failed = ::iconv(handle_, &in, &left, &out, &room) == static_cast<std::size_t>(-1);
      const bool full = failed && errno == E2BIG;
      result.append(buffer.data(), buffer.size() - room);
      if (failed && !full) throw Error(format("it is not text in {}", from_));
    }
    return result;
  }

private:
  // As iconv_open() has it.
  static iconv_t invalid() noexcept { return (iconv_t)-1; }  // NOLINT

  std::string from_;
  iconv_t handle_;
};

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t read = utf8proc_iterate(at, left, &point);
    if (read <= 0) return false;
    at += read;
    left -= read;
  }
  return true;
}

std::string to_utf8(std::string_view text, const std::string& encoding) {
  return Conversion("UTF-8", encoding).run(text);
}

std::string from_utf8(std::string_view text, const std::string& encoding) {
  return Conversion(encoding, "UTF-8").run(text);
}

std::string decoded(std::string_view text, const std::string& encoding) {
  // The mark tells the order of the bytes, and is left out.
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) return to_utf8(text, "UTF-16");
  text = without_bom(text);
  return encoding.empty() || is_utf8(text) ? std::string(text) : to_utf8(text, encoding);
}

std::string folded(std::string_view name) {
  utf8proc_uint8_t* result = nullptr;
  const utf8proc_ssize_t size = utf8proc_map(
      reinterpret_cast<const utf8proc_uint8_t*>(name.data()),
      static_cast<utf8proc_ssize_t>(name.size()), &result,
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD));
  const std::unique_ptr<utf8proc_uint8_t, void (*)(void*)> owner(result, std::free);
  if (size < 0) return std::string(name);
  return {reinterpret_cast<const char*>(result), static_cast<std::size_t>(size)};
}

}  // namespace vidclass
