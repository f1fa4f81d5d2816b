#include "core/safetensors.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <functional>
#include <optional>

#include "core/atomic_file.hpp"
#include "core/format.hpp"
#include "core/join_safetensors.hpp"
#include "core/json.hpp"
#include "core/mapped_file.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors files are little-endian");

// The format's own limit on its header, against files made to exhaust memory.
constexpr std::uint64_t max_header_bytes = 100'000'000;
// Under this name the header holds texts instead of a tensor.
constexpr const char* metadata_name = "__metadata__";

struct Entry {
  DType dtype;
  Shape shape;
  std::span<const std::byte> bytes;
};

std::optional<DType> dtype_from(std::string_view name) {
  for (const DType type :
       {DType::f64, DType::f32, DType::f16, DType::bf16, DType::i64, DType::i32, DType::u8}) {
    if (name_of(type) == name) return type;
  }
  return std::nullopt;
}

/// Throws Error with a reason; the caller adds the file's name.
Entry read_entry(const Json& json, std::span<const std::byte> content) {
  const auto type_name = json.at("dtype").get<std::string>();
  const auto type = dtype_from(type_name);
  if (!type) throw Error(format("has the unsupported element type {}", type_name));
  const Json& dims = json.at("shape");
  if (!dims.is_array()) throw Error("has a shape that is no list");
  Shape shape;
  for (const Json& dim : dims) {
    if (!dim.is_number_unsigned()) throw Error("has a dimension that is no whole number");
    shape.push_back(dim.get<std::size_t>());
  }
  const Json& offsets = json.at("data_offsets");
  if (offsets.size() != 2 || !offsets[0].is_number_unsigned() || !offsets[1].is_number_unsigned()) {
    throw Error("has data_offsets that are no pair of whole numbers");
  }
  const auto begin = offsets[0].get<std::uint64_t>();
  const auto end = offsets[1].get<std::uint64_t>();
  if (begin > end || end > content.size()) {
    throw Error(format("lies at bytes {} to {} of {}: the file is cut short or damaged", begin, end,
                       content.size()));
  }
  if (end - begin != element_count(shape) * size_of(*type)) {
    throw Error(format("of shape {} and type {} does not fill its {} bytes", format_shape(shape),
                       type_name, end - begin));
  }
  return {*type, std::move(shape), content.subspan(begin, end - begin)};
}

/// The header of a file, which grows tensor by tensor in the order of their elements.
class Header {
public:
  explicit Header(const Metadata& metadata) {
    if (!metadata.empty()) header_[metadata_name] = metadata;
  }

  void add(const std::string& name, DType dtype, const Shape& shape, std::size_t bytes) {
    if (name == metadata_name) throw Error(format("a tensor cannot be named {}", name));
    if (header_.contains(name)) throw Error(format("two tensors are named {}", name));
    header_[name] = {
        {"dtype", name_of(dtype)}, {"shape", shape}, {"data_offsets", {end_, end_ + bytes}}};
    end_ += bytes;
  }

  /// Throws Error naming `path` for text that is not UTF-8.
  [[nodiscard]] std::string text_for(const std::filesystem::path& path) const {
    try {
      std::string text = to_strict_text(header_);
      // Readers that map the file want the tensors aligned to 8 bytes.
      text.resize((text.size() + 7) / 8 * 8, ' ');
      if (text.size() > max_header_bytes) {
        throw Error(
            format("cannot write {}: the names of its tensors take more than the {} MB "
                   "that a safetensors file may have for them",
                   path.string(), max_header_bytes / 1'000'000));
      }
      return text;
    } catch (const JsonException&) {
      throw Error(format("cannot write {}: a name or text in it is not UTF-8", path.string()));
    }
  }

private:
  Json header_ = Json::object();
  std::uint64_t end_ = 0;
};

/// `write_elements`: those of all tensors in the order of the header.
void write_file(const std::filesystem::path& path, const Header& header,
                const std::function<void(std::ofstream&)>& write_elements) {
  const std::string text = header.text_for(path);
  const std::uint64_t size = text.size();
  write_file_atomically(path, [&](const std::filesystem::path& temporary) {
    std::ofstream file(temporary, std::ios::binary);
    file.write(reinterpret_cast<const char*>(&size), sizeof size);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    write_elements(file);
    file.close();
    if (!file) throw Error(format("cannot write {}: {}", path.string(), std::strerror(errno)));
  });
}

void write_bytes(std::ofstream& file, std::span<const std::byte> bytes) {
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

}  // namespace

struct SafetensorsFile::Impl {
  explicit Impl(const std::filesystem::path& source)
      : Impl(std::make_unique<MappedFile>(source), source) {}
  Impl(std::unique_ptr<MappedFile> mapped, const std::filesystem::path& source)
      : Impl(mapped->bytes(), source) {
    file = std::move(mapped);
  }
  Impl(std::span<const std::byte> content, const std::filesystem::path& name)
      : path(name), bytes(content) {
    try {
      parse();
    } catch (const JsonException&) {
      throw Error(format("{} is not a safetensors file: its header is not the JSON expected",
                         path.string()));
    }
  }

  void parse() {
    std::uint64_t header_size = 0;
    if (bytes.size() < sizeof header_size) {
      throw Error(format("{} is not a safetensors file: it has only {} bytes", path.string(),
                         bytes.size()));
    }
    std::memcpy(&header_size, bytes.data(), sizeof header_size);
    if (header_size > max_header_bytes) {
      throw Error(format("{} is not a safetensors file", path.string()));
    }
    if (header_size > bytes.size() - sizeof header_size) {
      throw Error(format("{} is cut short: it ends within its header", path.string()));
    }
    const auto* text = reinterpret_cast<const char*>(bytes.data()) + sizeof header_size;
    const Json header = parse_json({text, header_size});
    const auto content = bytes.subspan(sizeof header_size + header_size);
    if (!header.is_object()) throw Error(format("{} is not a safetensors file", path.string()));

    for (const auto& [name, json] : header.items()) {
      if (name == metadata_name) {
        metadata = json.get<Metadata>();
        continue;
      }
      try {
        entries.emplace(name, read_entry(json, content));
      } catch (const Error& error) {
        throw Error(format("{}: tensor {} {}", path.string(), name, error.what()));
      }
    }
    check_layout(content.size());
  }

  /// The format wants the tensors to fill the content without gap or overlap.
  void check_layout(std::size_t content_size) const {
    std::vector<std::span<const std::byte>> spans;
    for (const auto& [name, entry] : entries) spans.push_back(entry.bytes);
    std::sort(spans.begin(), spans.end(), [](auto a, auto b) {
      return a.data() != b.data() ? a.data() < b.data() : a.size() < b.size();
    });
    std::size_t filled = 0;
    const std::byte* end = nullptr;
    for (const auto span : spans) {
      if (end != nullptr && span.data() != end) {
        throw Error(format("{} is damaged: its tensors overlap or leave gaps", path.string()));
      }
      end = span.data() + span.size();
      filled += span.size();
    }
    if (filled != content_size) {
      throw Error(format("{} is damaged: its tensors fill {} of {} bytes", path.string(), filled,
                         content_size));
    }
  }

  const Entry& at(const std::string& name) const {
    const auto found = entries.find(name);
    if (found == entries.end()) {
      throw Error(format("{} holds no tensor named {}", path.string(), name));
    }
    return found->second;
  }

  std::filesystem::path path;
  std::span<const std::byte> bytes;
  std::unique_ptr<MappedFile> file;  // that has them; null: they live elsewhere
  Metadata metadata;
  std::map<std::string, Entry> entries;
};

SafetensorsFile::SafetensorsFile(const std::filesystem::path& path)
    : impl_(std::make_unique<Impl>(path)) {}
SafetensorsFile::SafetensorsFile(std::span<const std::byte> bytes, const std::string& name)
    : impl_(std::make_unique<Impl>(bytes, name)) {}
SafetensorsFile::~SafetensorsFile() = default;
SafetensorsFile::SafetensorsFile(SafetensorsFile&&) noexcept = default;
SafetensorsFile& SafetensorsFile::operator=(SafetensorsFile&&) noexcept = default;

const Metadata& SafetensorsFile::metadata() const noexcept { return impl_->metadata; }

std::vector<std::string> SafetensorsFile::names() const {
  std::vector<std::string> names;
  for (const auto& [name, entry] : impl_->entries) names.push_back(name);
  return names;
}

bool SafetensorsFile::contains(const std::string& name) const {
  return impl_->entries.contains(name);
}
DType SafetensorsFile::dtype(const std::string& name) const { return impl_->at(name).dtype; }
const Shape& SafetensorsFile::shape(const std::string& name) const { return impl_->at(name).shape; }
std::span<const std::byte> SafetensorsFile::bytes(const std::string& name) const {
  return impl_->at(name).bytes;
}

Tensor SafetensorsFile::load(const std::string& name) const {
  const Entry& entry = impl_->at(name);
  Tensor tensor(entry.dtype, entry.shape);
  std::copy(entry.bytes.begin(), entry.bytes.end(), tensor.bytes().begin());
  return tensor;
}

NamedTensors SafetensorsFile::load_all() const {
  NamedTensors tensors;
  for (const auto& [name, entry] : impl_->entries) tensors.emplace(name, load(name));
  return tensors;
}

void write_safetensors(const std::filesystem::path& path, const NamedTensors& tensors,
                       const Metadata& metadata) {
  Header header(metadata);
  for (const auto& [name, tensor] : tensors) {
    header.add(name, tensor.dtype(), tensor.shape(), tensor.bytes().size());
  }
  write_file(path, header, [&](std::ofstream& file) {
    for (const auto& [name, tensor] : tensors) write_bytes(file, tensor.bytes());
  });
}

void join_safetensors(const std::filesystem::path& path, std::span<const PrefixedFile> files,
                      const Metadata& metadata) {
  Header header(metadata);
  const auto for_each_tensor = [&](const auto& use) {
    for (const auto& [prefix, part] : files) {
      const SafetensorsFile opened(part);
      for (const std::string& name : opened.names()) use(prefix, name, opened);
    }
  };
  for_each_tensor(
      [&](const std::string& prefix, const std::string& name, const SafetensorsFile& part) {
        header.add(prefix + name, part.dtype(name), part.shape(name), part.bytes(name).size());
      });
  write_file(path, header, [&](std::ofstream& file) {
    for_each_tensor([&](const std::string&, const std::string& name, const SafetensorsFile& part) {
      write_bytes(file, part.bytes(name));
    });
  });
}

}  // namespace vidclass
