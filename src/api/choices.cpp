#include "vidclass/choices.hpp"

#include "backbone/network_file.hpp"
#include "backbone/precision.hpp"
#include "pipeline/feature_options.hpp"
#include "video/clip_settings.hpp"

namespace vidclass {

Sampling sampling_from(std::string_view name) { return video::sampling_from(name); }
Preprocess preprocess_from(std::string_view name) { return video::preprocess_from(name); }
Crop crop_from(std::string_view name) { return video::crop_from(name); }
Precision precision_from(std::string_view name) { return backbone::precision_from(name); }
PoolingChoice pooling_from(std::string_view name) { return pipeline::pooling_from(name); }
InputLayout input_layout_from(std::string_view name) { return backbone::input_layout_from(name); }

}  // namespace vidclass
