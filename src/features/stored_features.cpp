#include "features/stored_features.hpp"

#include <utility>

#include "core/feature_array.hpp"
#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::features {

StoredFeatures::StoredFeatures(FeatureCache cache, std::vector<std::string> keys, Choose choose)
    : cache_(std::move(cache)), keys_(std::move(keys)), choose_(std::move(choose)) {}

std::shared_ptr<const Tensor> StoredFeatures::features(std::size_t clip) const {
  auto entry = cache_.find(keys_.at(clip));
  if (!entry) {
    throw Error(format("the entry {} has gone from the feature cache {} while it was in use",
                       keys_[clip], cache_.dir().string()));
  }
  return std::make_shared<const Tensor>(choose_(*std::move(entry)));
}

std::shared_ptr<const Tensor> ArrayFiles::features(std::size_t clip) const {
  return std::make_shared<const Tensor>(load_feature_array(files_.at(clip)));
}

}  // namespace vidclass::features
