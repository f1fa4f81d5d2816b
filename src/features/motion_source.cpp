#include "features/motion_source.hpp"

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::features {

motion::Description KeptMotion::description(std::size_t clip) const {
  return motion::description_from(*clips_.at(clip));
}

motion::Description StoredMotion::description(std::size_t clip) const {
  auto entry = cache_.find(keys_.at(clip));
  if (!entry) {
    throw Error(format("the entry {} has gone from the feature cache {} while it was in use",
                       keys_[clip], cache_.dir().string()));
  }
  return motion::description_from(*entry);
}

}  // namespace vidclass::features
