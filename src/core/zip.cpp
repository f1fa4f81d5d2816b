#include "core/zip.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <memory>
#include <system_error>

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace {

struct FreeZipReader {
  void operator()(archive* reader) const { archive_read_free(reader); }
};
struct FreeZipWriter {
  void operator()(archive* writer) const { archive_write_free(writer); }
};
struct FreeZipEntry {
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};

class ZipReading {
public:
  ZipReading(const std::filesystem::path& path, std::span<const ZipMember> known)
      : path_(path), known_(known), reader_(archive_read_new()) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) fail("is no file");
    if (!reader_) throw Error("out of memory");
    // The reader that goes by the directory at the archive's end, as Python does.
    archive_read_support_format_zip_seekable(reader_.get());
    constexpr std::size_t block = 1 << 18;
    if (archive_read_open_filename(reader_.get(), path.c_str(), block) != ARCHIVE_OK) {
      fail("is no zip archive, or is damaged");
    }
  }

  ZipContent run() {
    ZipContent content;
    archive_entry* entry = nullptr;
    for (;;) {
      const int status = archive_read_next_header(reader_.get(), &entry);
      if (status == ARCHIVE_EOF) return content;
      if (status != ARCHIVE_OK) fail("is no zip archive, or is damaged");
      const ZipMember& member = member_of(entry);
      const auto [place, is_new] = content.try_emplace(std::string(member.name));
      if (!is_new) fail(format("has the member {} twice", member.name));
      place->second = read(member);
    }
  }

private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(format("{} {}", path_.string(), what));
  }

  [[nodiscard]] const ZipMember& member_of(archive_entry* entry) const {
    const char* text = archive_entry_pathname(entry);
    const std::string_view name = text == nullptr ? "" : text;
    const auto found = std::find_if(known_.begin(), known_.end(),
                                    [&](const ZipMember& member) { return member.name == name; });
    if (found == known_.end()) {
      std::string names;
      for (const ZipMember& member : known_) {
        names += format("{}{}", names.empty() ? "" : ", ", member.name);
      }
      fail(format("has a member \"{}\": only {} are read", shown(name), names));
    }
    if (archive_entry_is_encrypted(entry) == 1) fail(format("has {} encrypted", name));
    if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) != nullptr ||
        archive_entry_symlink(entry) != nullptr) {
      fail(format("has a member {} that is no plain file", name));
    }
    return *found;
  }

  /// In one line of a length to read.
  static std::string shown(std::string_view name) {
    constexpr std::size_t longest = 100;
    std::string text(name.substr(0, longest));
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
    return text + (name.size() > longest ? "..." : "");
  }

  [[nodiscard]] std::vector<std::byte> read(const ZipMember& member) const {
    constexpr std::size_t step = 1 << 20;
    std::vector<std::byte> content;
    for (;;) {
      const std::size_t before = content.size();
      content.resize(before + step);
      const la_ssize_t got = archive_read_data(reader_.get(), content.data() + before, step);
      if (got < 0) fail(format("has a damaged member {}", member.name));
      content.resize(before + static_cast<std::size_t>(got));
      if (got == 0) return content;
      if (content.size() > member.most_bytes) {
        fail(format("has a member {} of more than {} bytes", member.name, member.most_bytes));
      }
    }
  }

  const std::filesystem::path& path_;
  std::span<const ZipMember> known_;
  std::unique_ptr<archive, FreeZipReader> reader_;
};

la_ssize_t append_to(archive*, void* target, const void* data, std::size_t size) {
  const auto* bytes = static_cast<const std::byte*>(data);
  auto& content = *static_cast<std::vector<std::byte>*>(target);
  content.insert(content.end(), bytes, bytes + size);
  return static_cast<la_ssize_t>(size);
}

}  // namespace

ZipContent read_zip(const std::filesystem::path& path, std::span<const ZipMember> known) {
  return ZipReading(path, known).run();
}

std::vector<std::byte> make_zip(const ZipContent& content) {
  std::vector<std::byte> zip;
  const std::unique_ptr<archive, FreeZipWriter> writer(archive_write_new());
  const auto check = [&](bool good) {
    if (good) return;
    const char* why = archive_error_string(writer.get());
    throw Error(format("cannot make a zip archive: {}", why == nullptr ? "out of memory" : why));
  };
  check(writer && archive_write_set_format_zip(writer.get()) == ARCHIVE_OK &&
        archive_write_zip_set_compression_store(writer.get()) == ARCHIVE_OK &&
        archive_write_set_bytes_in_last_block(writer.get(), 1) == ARCHIVE_OK &&
        archive_write_open(writer.get(), &zip, nullptr, append_to, nullptr) == ARCHIVE_OK);
  for (const auto& [name, bytes] : content) {
    const std::unique_ptr<archive_entry, FreeZipEntry> entry(archive_entry_new());
    check(entry != nullptr);
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(bytes.size()));
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0644);
    check(archive_write_header(writer.get(), entry.get()) == ARCHIVE_OK);
    const la_ssize_t written = archive_write_data(writer.get(), bytes.data(), bytes.size());
    check(written >= 0 && static_cast<std::size_t>(written) == bytes.size());
  }
  check(archive_write_close(writer.get()) == ARCHIVE_OK);
  return zip;
}

}  // namespace vidclass
