#include "backbone/xception_weights.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "core/format.hpp"
#include "core/hdf5.hpp"
#include "core/zip.hpp"
#include "vidclass/error.hpp"

namespace vidclass::backbone {
namespace {

struct ExpectedLayer {
  std::string name;
  // Weight names with their shapes, in Keras's order.
  std::vector<std::pair<std::string, Shape>> weights;
};

ExpectedLayer normalisation(const std::string& name, std::size_t channels) {
  return {name + "_bn",
          {{"gamma", {channels}},
           {"beta", {channels}},
           {"moving_mean", {channels}},
           {"moving_variance", {channels}}}};
}

/// All layers with weights: François Chollet, "Xception: Deep Learning with
/// Depthwise Separable Convolutions", figure 5, as built in
/// keras/src/applications/xception.py.
std::vector<ExpectedLayer> expected_layers() {
  std::vector<ExpectedLayer> layers;
  const auto conv = [&](const std::string& name, std::size_t kernel, std::size_t in,
                        std::size_t out) {
    layers.push_back({name, {{"kernel", {kernel, kernel, in, out}}}});
    layers.push_back(normalisation(name, out));
  };
  const auto separable = [&](const std::string& name, std::size_t in, std::size_t out) {
    layers.push_back(
        {name, {{"depthwise_kernel", {3, 3, in, 1}}, {"pointwise_kernel", {1, 1, in, out}}}});
    layers.push_back(normalisation(name, out));
  };
  conv("block1_conv1", 3, 3, 32);
  conv("block1_conv2", 3, 32, 64);
  std::size_t channels = 64;
  for (const auto& [block, out] :
       std::array<std::pair<int, std::size_t>, 3>{{{2, 128}, {3, 256}, {4, 728}}}) {
    conv(format("block{}_res", block), 1, channels, out);
    separable(format("block{}_sepconv1", block), channels, out);
    separable(format("block{}_sepconv2", block), out, out);
    channels = out;
  }
  for (int block = 5; block <= 12; ++block) {
    for (int part = 1; part <= 3; ++part) {
      separable(format("block{}_sepconv{}", block, part), 728, 728);
    }
  }
  conv("block13_res", 1, 728, 1024);
  separable("block13_sepconv1", 728, 728);
  separable("block13_sepconv2", 728, 1024);
  separable("block14_sepconv1", 1024, 1536);
  separable("block14_sepconv2", 1536, 2048);
  return layers;
}

/// A layer of the file: its weights' names in the file's order.
struct FileLayer {
  std::string name;
  std::vector<std::string> weights;
};

std::vector<FileLayer> file_layers(const Hdf5File& file, const std::string& root) {
  std::vector<FileLayer> layers;
  for (const std::string& name : file.strings(root, "layer_names")) {
    const std::string group = root == "/" ? name : root + "/" + name;
    FileLayer layer{name, file.strings(group, "weight_names")};
    if (layer.weights.empty()) continue;
    for (std::string& weight : layer.weights) weight = group + "/" + weight;
    layers.push_back(std::move(layer));
  }
  return layers;
}

std::vector<Tensor> load_all(const Hdf5File& file, const FileLayer& layer) {
  std::vector<Tensor> tensors;
  for (const std::string& weight : layer.weights) tensors.push_back(file.load_f32(weight));
  return tensors;
}

bool fits(const ExpectedLayer& expected, const std::vector<Tensor>& tensors) {
  return std::equal(
      expected.weights.begin(), expected.weights.end(), tensors.begin(), tensors.end(),
      [](const auto& weight, const Tensor& tensor) { return weight.second == tensor.shape(); });
}

/// As Keras 3 (and 2 from 2.12 on) keeps weights: in groups named by the layers' classes, counted
/// in the order of the network's layers. Layers at one distance from the output come in the order
/// of the network, so that the convolutions beside the blocks come after what is in the blocks.
NamedTensors read_by_class(const Hdf5File& file, const std::string& name) {
  std::vector<ExpectedLayer> expected = expected_layers();
  constexpr std::string_view beside = "_res_bn";
  for (std::size_t i = 0; i + 4 < expected.size(); ++i) {
    const std::string& name_here = expected[i].name;
    if (!name_here.ends_with(beside)) continue;
    const std::string block = name_here.substr(0, name_here.size() - beside.size());
    // sepconv1, its norm, sepconv2 and its norm come before it.
    if (expected[i + 4].name != block + "_sepconv2_bn") continue;
    const auto here = expected.begin() + static_cast<std::ptrdiff_t>(i);
    std::rotate(here, here + 1, here + 5);
  }
  NamedTensors weights;
  std::map<std::string, int> numbers;
  for (const ExpectedLayer& layer : expected) {
    const std::string kind = layer.weights.size() == 4   ? "batch_normalization"
                             : layer.weights.size() == 2 ? "separable_conv2d"
                                                         : "conv2d";
    const int number = numbers[kind]++;
    const std::string group =
        format("layers/{}{}/vars", kind, number > 0 ? format("_{}", number) : "");
    std::vector<Tensor> tensors;
    for (std::size_t i = 0; i < layer.weights.size(); ++i) {
      const std::string dataset = format("{}/{}", group, i);
      if (!file.contains(dataset)) {
        throw Error(format("{} is not Xception's weights: {} is missing", name, dataset));
      }
      tensors.push_back(file.load_f32(dataset));
    }
    if (!fits(layer, tensors)) {
      throw Error(
          format("{} is not Xception's weights: the layer {} has other shapes", name, layer.name));
    }
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      weights.emplace(layer.name + "/" + layer.weights[i].first, std::move(tensors[i]));
    }
  }
  return weights;
}

/// The HDF5 file itself, or the one in a `.keras` archive.
Hdf5File open_weights(const std::filesystem::path& path) {
  std::array<char, 2> start{};
  std::ifstream(path, std::ios::binary).read(start.data(), start.size());
  if (start != std::array{'P', 'K'}) return Hdf5File(path);
  constexpr std::uint64_t most_bytes = std::uint64_t{1} << 30;
  constexpr const char* weights = "model.weights.h5";
  constexpr std::array members{ZipMember{"metadata.json", most_bytes},
                               ZipMember{"config.json", most_bytes},
                               ZipMember{weights, most_bytes}};
  const ZipContent content = read_zip(path, members);
  const auto found = content.find(weights);
  if (found == content.end()) throw Error(format("{} has no {}", path.string(), weights));
  return Hdf5File(found->second, path.string());
}

}  // namespace

NamedTensors read_xception_weights(const std::filesystem::path& path) {
  const Hdf5File file = open_weights(path);
  if (file.contains("layers")) return read_by_class(file, path.string());
  const std::string root = file.contains("model_weights") ? "/model_weights" : "/";
  if (!file.has_attribute(root, "layer_names") && !file.has_attribute(root, "layer_names0")) {
    throw Error(
        format("{} holds no Keras weights: it has no attribute layer_names", path.string()));
  }
  const std::vector<FileLayer> layers = file_layers(file, root);

  NamedTensors weights;
  const auto take = [&](const ExpectedLayer& expected, std::vector<Tensor> tensors) {
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      weights.emplace(expected.name + "/" + expected.weights[i].first, std::move(tensors[i]));
    }
  };

  std::set<std::string> used;
  std::vector<ExpectedLayer> unnamed;
  for (const ExpectedLayer& expected : expected_layers()) {
    if (expected.name.find("_res") != std::string::npos) {
      unnamed.push_back(expected);
      continue;
    }
    const auto found = std::find_if(layers.begin(), layers.end(), [&](const FileLayer& layer) {
      return layer.name == expected.name;
    });
    if (found == layers.end()) {
      throw Error(format("{} is not Xception's weights: the layer {} is missing", path.string(),
                         expected.name));
    }
    auto tensors = load_all(file, *found);
    if (!fits(expected, tensors)) {
      throw Error(format("{} is not Xception's weights: the layer {} has other shapes",
                         path.string(), expected.name));
    }
    used.insert(found->name);
    take(expected, std::move(tensors));
  }
  // The convolutions beside the residual blocks have names that vary from file to
  // file (conv2d_1, convolution2d_1, ...), but no two of them have the same shape.
  for (const ExpectedLayer& expected : unnamed) {
    bool found = false;
    for (const FileLayer& layer : layers) {
      if (found || used.contains(layer.name) || layer.weights.size() != expected.weights.size()) {
        continue;
      }
      auto tensors = load_all(file, layer);
      if (!fits(expected, tensors)) continue;
      used.insert(layer.name);
      take(expected, std::move(tensors));
      found = true;
    }
    if (!found) {
      throw Error(format("{} is not Xception's weights: no layer has the shape of {}",
                         path.string(), expected.name));
    }
  }
  return weights;
}

}  // namespace vidclass::backbone
