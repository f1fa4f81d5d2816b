#include "train/event_file.hpp"

#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <system_error>

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::train {
namespace {

constexpr std::array<std::uint32_t, 256> make_table() {
  constexpr std::uint32_t polynomial = 0x82F63B78;  // reflected
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
    std::uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit) {
      value = (value >> 1U) ^ ((value & 1U) != 0 ? polynomial : 0);
    }
    table[byte] = value;
  }
  return table;
}

/// TFRecord's masking, so that the sum of data that holds sums is no weak one.
std::uint32_t masked(std::uint32_t crc) noexcept {
  return ((crc >> 15U) | (crc << 17U)) + 0xA282EAD8U;
}

template <typename Number>
std::string little_endian(Number number) {
  std::string bytes(sizeof number, '\0');
  std::memcpy(bytes.data(), &number, sizeof number);
  return bytes;
}

// Protocol Buffers' wire format: a key (field number and type), then the value.
enum WireType : unsigned { varint = 0, fixed64 = 1, delimited = 2, fixed32 = 5 };

std::string as_varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7U) bytes += static_cast<char>((value & 0x7FU) | 0x80U);
  return bytes + static_cast<char>(value);
}
std::string key(unsigned field, WireType type) { return as_varint(field << 3U | type); }
std::string text_field(unsigned field, std::string_view text) {
  return key(field, delimited) + as_varint(text.size()) + std::string(text);
}

// Fields of Event, Summary, Summary.Value and SessionLog.
std::string event_at(std::int64_t step) {
  const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
  std::string event = key(1, fixed64) + little_endian(now.count());
  if (step != 0) event += key(2, varint) + as_varint(static_cast<std::uint64_t>(step));
  return event;
}
std::string scalar(std::string_view tag, float value) {
  const std::string one = text_field(1, tag) + key(2, fixed32) + little_endian(value);
  return text_field(1, one);
}

std::filesystem::path new_name(const std::filesystem::path& dir) {
  static std::atomic<unsigned> counter{0};
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::system_clock::now().time_since_epoch());
  // TensorBoard reads the files of a folder in the order of their names.
  return dir / format("events.out.tfevents.{:010}.{}.{}.{}", seconds.count(), host.data(),
                      ::getpid(), counter++);
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) noexcept {
  static constexpr auto table = make_table();
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char byte : bytes) {
    crc = table[(crc ^ static_cast<unsigned char>(byte)) & 0xFFU] ^ (crc >> 8U);
  }
  return ~crc;
}

EventFile::EventFile(const std::filesystem::path& dir) {
  std::error_code error;
  std::filesystem::create_directories(dir, error);
  if (error) throw Error(format("cannot make the folder {}: {}", dir.string(), error.message()));
  path_ = new_name(dir);
  file_.open(path_, std::ios::binary);
  write(event_at(0) + text_field(3, "brain.Event:2"));
  const std::string start = key(1, varint) + as_varint(1);
  write(event_at(1) + text_field(7, start));
}

void EventFile::add(std::string_view tag, std::int64_t step, double value) {
  write(event_at(step) + text_field(5, scalar(tag, static_cast<float>(value))));
}

void EventFile::write(std::string_view event) {
  const std::string length = little_endian(std::uint64_t{event.size()});
  file_ << length << little_endian(masked(crc32c(length))) << event
        << little_endian(masked(crc32c(event))) << std::flush;
  if (!file_) throw Error(format("cannot write {}: {}", path_.string(), std::strerror(errno)));
}

}  // namespace vidclass::train
