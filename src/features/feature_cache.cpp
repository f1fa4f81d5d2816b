#include <system_error>
#include <utility>

#include "core/format.hpp"
#include "core/log.hpp"
#include "features/cache.hpp"
#include "features/half.hpp"
#include "vidclass/error.hpp"

namespace vidclass::features {

FeatureCache::FeatureCache(std::filesystem::path dir) : dir_(std::move(dir)) {}

std::filesystem::path FeatureCache::path_of(const std::string& key) const {
  // A folder for each first byte, because some file systems are slow with a
  // hundred thousand files in one.
  return dir_ / key.substr(0, 2) / (key + ".safetensors");
}

std::optional<NamedTensors> FeatureCache::find(const std::string& key) const {
  const auto path = path_of(key);
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return std::nullopt;
  try {
    NamedTensors arrays = widened(SafetensorsFile(path).load_all());
    // "vidclass cache prune" lets go first what was not used for longest.
    std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now(), error);
    return arrays;
  } catch (const Error& damage) {
    log_warning(format("{}; these features are computed again", damage.what()));
    return std::nullopt;
  }
}

NamedTensors FeatureCache::find_again(const std::string& key) const {
  if (auto entry = find(key)) return *std::move(entry);
  throw Error(format("the entry {} has gone from the feature cache {} while it was in use", key,
                     dir_.string()));
}

void FeatureCache::store(const std::string& key, const NamedTensors& arrays) const {
  write_safetensors(path_of(key), arrays);
}

}  // namespace vidclass::features
