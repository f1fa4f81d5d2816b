#include "features/motion_source.hpp"

namespace vidclass::features {

motion::Description KeptMotion::description(std::size_t clip) const {
  return motion::description_from(*clips_.at(clip));
}

motion::Description StoredMotion::description(std::size_t clip) const {
  return motion::description_from(cache_.find_again(keys_.at(clip)));
}

}  // namespace vidclass::features
