// Event files byte by byte, as TensorFlow's headers describe them.
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "core/atomic_file.hpp"
#include "support/temp_dir.hpp"
#include "train/event_file.hpp"
#include "vidclass/error.hpp"

namespace vidclass::train {
namespace {

using vidclass::testing::TempDir;

TEST(Crc32c, GivesThePublishedSums) {
  EXPECT_EQ(crc32c(""), 0U);
  EXPECT_EQ(crc32c("123456789"), 0xE3069283U);
  // RFC 3720, appendix B.4.
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAU);
  EXPECT_EQ(crc32c(std::string(32, '\xFF')), 0x62A8AB43U);
}

template <typename Number>
Number number_at(const std::string& bytes, std::size_t at) {
  Number number{};
  std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}

std::uint32_t unmasked(std::uint32_t crc) {
  const std::uint32_t rotated = crc - 0xA282EAD8U;
  return (rotated >> 17U) | (rotated << 15U);
}

/// The records of a file, their sums checked.
std::vector<std::string> records_of(const std::filesystem::path& path) {
  const std::string bytes = read_text_file(path);
  std::vector<std::string> records;
  for (std::size_t at = 0; at < bytes.size();) {
    const auto length = number_at<std::uint64_t>(bytes, at);
    EXPECT_EQ(unmasked(number_at<std::uint32_t>(bytes, at + 8)), crc32c(bytes.substr(at, 8)));
    records.push_back(bytes.substr(at + 12, length));
    EXPECT_EQ(unmasked(number_at<std::uint32_t>(bytes, at + 12 + length)), crc32c(records.back()));
    at += 16 + length;
  }
  return records;
}

/// Without the time, which every event begins with: key 9 and eight bytes.
std::string without_time(const std::string& event) {
  EXPECT_EQ(event.at(0), '\x09');
  return event.substr(9);
}

TEST(EventFile, BeginsWithItsVersionAndTheStartOfASession) {
  const TempDir dir;
  const EventFile file(dir.path());
  const auto records = records_of(file.path());
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(without_time(records[0]),
            "\x1A\x0D"
            "brain.Event:2");
  EXPECT_EQ(without_time(records[1]), std::string("\x10\x01\x3A\x02\x08\x01"));
}

TEST(EventFile, HoldsAPointAsASummaryOfOneValue) {
  const TempDir dir;
  EventFile file(dir.path());
  file.add("loss", 300, 0.5);
  const auto records = records_of(file.path());
  ASSERT_EQ(records.size(), 3U);
  // step 300 (varint), summary { value { tag "loss" simple_value 0.5 } }
  const std::string expected = std::string("\x10\xAC\x02") + "\x2A\x0D" + "\x0A\x0B" + "\x0A\x04" +
                               "loss" + "\x15" + std::string("\x00\x00\x00\x3F", 4);
  EXPECT_EQ(without_time(records[2]), expected);
}

TEST(EventFile, IsNamedAsTensorBoardExpectsAndUnlikeAnyOther) {
  const TempDir dir;
  const EventFile first(dir.path()), second(dir.path());
  EXPECT_EQ(first.path().filename().string().rfind("events.out.tfevents.", 0), 0U);
  EXPECT_NE(first.path(), second.path());
}

TEST(EventFile, SaysWhichFolderCannotBeMade) {
  const TempDir dir;
  write_file_atomically(dir / "file", std::string_view("x"));
  try {
    const EventFile file(dir / "file/below");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("file/below"), std::string::npos);
  }
}

}  // namespace
}  // namespace vidclass::train
