#include "backbone/known_network.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <vector>

#include "core/format.hpp"
#include "core/hash.hpp"
#include "vidclass/error.hpp"

namespace vidclass::backbone {
namespace {

constexpr std::array networks{&xception, &lite0, &mini};

}  // namespace

std::vector<KnownBackbone> known_backbones() {
  std::vector<KnownBackbone> all;
  for (const KnownNetwork* network : networks) all.push_back(network->about);
  return all;
}

const KnownNetwork& find_network(std::string_view name) {
  std::string names;
  for (const KnownNetwork* network : networks) {
    if (network->about.name == name) return *network;
    names += network->about.name + ", ";
  }
  names.resize(names.size() - 2);
  throw UsageError(
      format("unknown backbone \"{}\": choose {} or a file (.onnx, .xml)", name, names));
}

KnownBackbone find_backbone(const std::string& name) { return find_network(name).about; }

std::string digest(const NamedTensors& weights) {
  Hasher hasher(HashKind::sha256);
  for (const auto& [name, tensor] : weights) {
    hasher.update(name);
    hasher.update(format_shape(tensor.shape()));
    hasher.update(tensor.bytes());
  }
  return hasher.finish();
}

}  // namespace vidclass::backbone
