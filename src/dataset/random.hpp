// The made-up clips and splits draw from the generator that all rooms share.
#pragma once

#include "vidclass/core/random.hpp"

namespace vidclass::dataset {

using vidclass::Random;

}  // namespace vidclass::dataset
