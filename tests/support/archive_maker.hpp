// Making archives, honest and evil, for tests of unpacking.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace vidclass::testing {

struct Member {
  std::string path;
  std::string content;
  std::string symlink = {};  // the target, for a link
};

/// In memory, in the format given: ARCHIVE_FORMAT_ZIP, ARCHIVE_FORMAT_TAR_USTAR, ...
inline std::string make_archive(const std::vector<Member>& members,
                                int format = ARCHIVE_FORMAT_ZIP) {
  std::vector<char> buffer(1 << 20);
  std::size_t used = 0;
  archive* writer = archive_write_new();
  archive_write_set_format(writer, format);
  archive_write_open_memory(writer, buffer.data(), buffer.size(), &used);
  for (const Member& member : members) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, member.path.c_str());
    archive_entry_set_perm(entry, 0644);
    if (!member.symlink.empty()) {
      archive_entry_set_filetype(entry, AE_IFLNK);
      archive_entry_set_symlink(entry, member.symlink.c_str());
    } else if (member.path.ends_with('/')) {
      archive_entry_set_filetype(entry, AE_IFDIR);
    } else {
      archive_entry_set_filetype(entry, AE_IFREG);
      archive_entry_set_size(entry, static_cast<la_int64_t>(member.content.size()));
    }
    archive_write_header(writer, entry);
    archive_write_data(writer, member.content.data(), member.content.size());
    archive_entry_free(entry);
  }
  archive_write_close(writer);
  archive_write_free(writer);
  return {buffer.data(), used};
}

inline std::uint32_t crc32(const std::string& bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int i = 0; i < 8; ++i) crc = crc >> 1 ^ (0xEDB88320U & (0U - (crc & 1U)));
  }
  return ~crc;
}

/// A RAR archive (of version 2.9 to 4) whose members are stored, not compressed; the layout
/// of its blocks is that of RAR's technote.txt.
inline std::string make_rar(const std::vector<Member>& members) {
  const auto number = [](std::uint64_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xFFU);
    return text;
  };
  const auto block = [&](int type, unsigned flags, const std::string& fields) {
    const std::string rest = number(static_cast<unsigned>(type), 1) + number(flags, 2) +
                             number(7 + fields.size(), 2) + fields;
    return number(crc32(rest) & 0xFFFFU, 2) + rest;
  };
  std::string text("Rar!\x1A\x07\x00", 7);
  text += block(0x73, 0, std::string(6, '\0'));
  for (const Member& member : members) {
    std::string fields = number(member.content.size(), 4) + number(member.content.size(), 4);
    fields += number(3, 1);                      // made on Unix
    fields += number(crc32(member.content), 4);  // of the file
    fields += number(0x4A210000U, 4);            // 2017-01-01
    fields += number(20, 1) + number(0x30, 1);   // version to unpack; stored
    fields += number(member.path.size(), 2) + number(0100644, 4) + member.path;
    text += block(0x74, 0x8000, fields) + member.content;
  }
  return text + block(0x7B, 0x4000, "");
}

}  // namespace vidclass::testing
