#include "features/stored_features.hpp"

#include <utility>

#include "core/feature_array.hpp"

namespace vidclass::features {

StoredFeatures::StoredFeatures(FeatureCache cache, std::vector<std::string> keys, Choose choose)
    : cache_(std::move(cache)), keys_(std::move(keys)), choose_(std::move(choose)) {}

std::shared_ptr<const Tensor> StoredFeatures::features(std::size_t clip) const {
  return std::make_shared<const Tensor>(choose_(cache_.find_again(keys_.at(clip))));
}

std::shared_ptr<const Tensor> ArrayFiles::features(std::size_t clip) const {
  return std::make_shared<const Tensor>(load_feature_array(files_.at(clip)));
}

}  // namespace vidclass::features
