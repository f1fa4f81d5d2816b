#include "exchange/keras_file.hpp"

#include <array>
#include <cctype>
#include <charconv>
#include <fstream>
#include <system_error>

#include "core/format.hpp"
#include "core/input.hpp"
#include "core/zip.hpp"
#include "vidclass/error.hpp"

namespace vidclass::exchange {
namespace {

// Networks of a hundred layers are described by less than 1 MB.
constexpr std::uint64_t most_config_bytes = std::uint64_t{16} << 20;
constexpr std::uint64_t most_weight_bytes = std::uint64_t{2} << 30;
constexpr int most_config_depth = 64;

constexpr std::array keras_members{ZipMember{"metadata.json", most_config_bytes},
                                   ZipMember{"config.json", most_config_bytes},
                                   ZipMember{"model.weights.h5", most_weight_bytes}};

std::string first_bytes(const std::filesystem::path& path) {
  std::array<char, 8> bytes{};
  std::ifstream stream(path, std::ios::binary);
  stream.read(bytes.data(), bytes.size());
  return {bytes.data(), static_cast<std::size_t>(stream.gcount())};
}

std::string_view text_of(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string numbered_name(const std::string& class_name, std::size_t place) {
  return place == 0 ? class_name : format("{}_{}", class_name, place);
}

/// "2.15.0" to 2.
int major_version(const std::string& version) {
  int major = 0;
  std::from_chars(version.data(), version.data() + version.size(), major);
  return major;
}

int version_from(std::string_view metadata, const std::string& file) {
  try {
    return major_version(parse_json(metadata, most_config_depth).value("keras_version", ""));
  } catch (const std::exception&) {
    throw Error(format("{}: metadata.json is not as Keras writes it", file));
  }
}

Json config_from(std::string_view text, const std::string& file) {
  try {
    Json config = parse_json(text, most_config_depth);
    if (config.is_null()) throw Error("is empty");
    return config;
  } catch (const JsonException&) {
    throw Error(format("{}: the description of the network is not JSON", file));
  } catch (const Error& error) {
    throw Error(format("{}: the description of the network {}", file, error.what()));
  }
}

}  // namespace

std::pair<std::string, std::size_t> split_group(const std::string& name) {
  const auto line = name.rfind('_');
  if (line == std::string::npos || line + 1 == name.size()) return {name, 0};
  std::size_t number = 0;
  const char* end = name.data() + name.size();
  const auto [rest, error] = std::from_chars(name.data() + line + 1, end, number);
  if (error != std::errc() || rest != end) return {name, 0};
  return {name.substr(0, line), number};
}

std::string snake_case(std::string_view class_name) {
  const auto is_lower = [](char c) { return std::islower(static_cast<unsigned char>(c)) != 0; };
  const auto is_upper = [](char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; };
  std::string result;
  for (std::size_t i = 0; i < class_name.size(); ++i) {
    const char c = class_name[i];
    const bool starts_word =
        is_upper(c) && i > 0 &&
        (is_lower(class_name[i - 1]) || (i + 1 < class_name.size() && is_lower(class_name[i + 1])));
    if (starts_word) result += '_';
    result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return result;
}

KerasFile::KerasFile(const std::filesystem::path& path) : name_(path.string()) {
  require_input(path, "a network that Keras saved: .keras, .h5 or .weights.h5");
  const std::string start = first_bytes(path);
  if (start.starts_with("PK")) {
    const ZipContent content = read_zip(path, keras_members);
    for (const ZipMember& member : keras_members) {
      if (content.contains(std::string(member.name))) continue;
      throw Error(format("{} is no network of Keras: it has no {}", name_, member.name));
    }
    keras_version_ = version_from(text_of(content.at("metadata.json")), name_);
    config_ = config_from(text_of(content.at("config.json")), name_);
    file_ = std::make_unique<Hdf5File>(content.at("model.weights.h5"), name_);
  } else if (start.starts_with("\x89HDF")) {
    file_ = std::make_unique<Hdf5File>(path);
    if (file_->has_attribute("/", "keras_version")) {
      const auto versions = file_->strings("/", "keras_version");
      if (!versions.empty()) keras_version_ = major_version(versions.front());
    }
    if (file_->has_attribute("/", "model_config")) {
      const auto texts = file_->strings("/", "model_config");
      config_ = config_from(texts.empty() ? "" : texts.front(), name_);
    }
  } else {
    throw Error(format("{} is no network of Keras: it is neither .keras nor HDF5", name_));
  }
  find_layers();
}

void KerasFile::find_layers() {
  for (const char* root : {"/model_weights", "/"}) {
    if (!file_->contains(root)) continue;
    if (!file_->has_attribute(root, "layer_names") && !file_->has_attribute(root, "layer_names0")) {
      continue;
    }
    by_name_ = true;
    root_ = root;
    return;
  }
  for (const char* root : {"/layers", "/_layer_checkpoint_dependencies"}) {
    if (!file_->contains(root)) continue;
    root_ = root;
    number_groups();
    return;
  }
  throw Error(format("{} holds no layers of Keras", name_));
}

void KerasFile::number_groups() {
  std::map<std::string, std::map<std::size_t, std::string>> by_class;
  for (const std::string& group : file_->members(root_)) {
    const auto [class_name, number] = split_group(group);
    by_class[class_name].emplace(number, group);
  }
  for (const auto& [class_name, numbered] : by_class) {
    std::size_t place = 0;
    for (const auto& [number, group] : numbered) {
      groups_.emplace(numbered_name(class_name, place++), group);
    }
  }
}

std::vector<std::string> KerasFile::names() const {
  if (by_name_) return file_->strings(root_, "layer_names");
  std::vector<std::string> names;
  for (const auto& [name, group] : groups_) names.push_back(name);
  return names;
}

std::vector<Tensor> KerasFile::numbered(const std::string& group) const {
  std::vector<Tensor> tensors;
  if (!file_->contains(group)) return tensors;
  // No layer has more weights than that.
  constexpr int most = 64;
  for (int i = 0; i < most; ++i) {
    const std::string dataset = format("{}/{}", group, i);
    if (!file_->contains(dataset)) break;
    tensors.push_back(file_->load_f32(dataset));
  }
  return tensors;
}

std::vector<Tensor> KerasFile::weights(const KerasLayerKey& layer) const {
  std::vector<Tensor> tensors;
  if (by_name_) {
    const std::string group = (root_ == "/" ? "" : root_) + "/" + layer.name;
    if (!file_->contains(group)) return tensors;
    for (const std::string& weight : file_->strings(group, "weight_names")) {
      tensors.push_back(file_->load_f32(group + "/" + weight));
    }
    return tensors;
  }
  const auto found = groups_.find(numbered_name(snake_case(layer.class_name), layer.number));
  if (found == groups_.end()) return tensors;
  const std::string group = root_ + "/" + found->second;
  // A layer has its own weights in vars, or those of its parts below them.
  for (const char* part : {"", "/cell", "/layer", "/forward_layer", "/forward_layer/cell",
                           "/backward_layer", "/backward_layer/cell"}) {
    for (Tensor& tensor : numbered(group + part + "/vars")) tensors.push_back(std::move(tensor));
  }
  return tensors;
}

}  // namespace vidclass::exchange
